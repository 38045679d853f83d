import ModelEngine

/// Frozen adapters side by side, each with a coefficient of its own in every layer: what methods that learn weights
/// start from.
enum WeightedTerms {
    /// One term for each adapter that has the layer, in the order of the list, with the weight as its coefficient.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - limits: where coefficients are cut off in use; `nil` lets them go anywhere.
    static func start(
        _ adapters: [LoRAAdapter], weights: [Double]?, limits: ClosedRange<Float>? = nil
    ) throws(MergeError) -> TrainableAdapter {
        let inputs = try MergeInputs(adapters, weights: weights, keepsBiases: true)
        var result = TrainableAdapter()
        for site in inputs.sites {
            result.terms[site] = inputs.members(of: site).map {
                AdapterTerm(factors: $0.factors, coefficient: Float($0.weight), coefficientLimits: limits)
            }
        }
        return result
    }
}
