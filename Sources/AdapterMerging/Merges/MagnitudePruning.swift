import ModelEngine

/// Magnitude pruning: in each factor only the largest entries stay, then the linear merge.
///
/// On A and on B apart (see `FactorSpace`): keep the ⌊density · count⌋ entries of largest magnitude of every Tᵢ, then
/// Σ vᵢ Tᵢ. Of equal entries the earlier ones stay.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="magnitude_prune")`, `merge_utils.magnitude_prune`; it
/// is the first step of TIES (Yadav et al. 2023, section 4.2) without the election of signs. PEFT has no default for
/// the density and for the weights; ours are 0.5 and 1/n each. PEFT's choice among equal entries is torch's.
public struct MagnitudePruning: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "magnitude-prune", title: "Magnitude pruning", family: .dataFreeMerge,
        reference: "PEFT 0.21, add_weighted_adapter with combination_type magnitude_prune",
        parameters: [.weights, .density])

    /// `weights` and `density`.
    public let parameters: MethodParameters
    private let options: PruningOptions

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        options = try PruningOptions(self.parameters)
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [options] adapters, _ in
            try Self.merge(adapters, weights: options.weights, density: options.density)
        }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: share of entries kept, above 0 and at most 1.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `rankMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        return try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            WeightedSum.of(
                factors.tensors.map { MagnitudeSelection.largest($0, density: density) }, factors.weights)
        }
    }
}
