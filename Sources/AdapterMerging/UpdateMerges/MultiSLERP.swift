import ModelEngine

/// Multi-SLERP: the weighted mean direction of several updates at their weighted mean length.
///
/// With uᵢ = Δᵢ/|Δᵢ| as flat vectors of a layer and weights wᵢ that add up to 1, Δ = (Σ wᵢ |Δᵢ|) · m/|m|, m = Σ wᵢ uᵢ.
/// Of two updates with equal weights the direction is that of SLERP at t = ½.
///
/// mergekit goes on from m/|m|: it projects the uᵢ onto the plane that touches the sphere there, takes their weighted
/// mean and returns to the sphere along it. But the weighted mean of those projections is m less its own part along m,
/// which is nothing; what mergekit adds is rounding (its results agree with this formula to 1e-6). The projection is
/// not the logarithm of the sphere, with which the step would lead on towards the mean of `KarcherMean`.
///
/// Lengths and inner products come from the factors (see `UpdateGeometry`), so the result is exact: a concatenation of
/// rank Σ rᵢ. A layer that one adapter alone has keeps that adapter's update; with more, the weights of those that have
/// it are divided by their sum.
///
/// Source: mergekit 0.1.5, `multislerp` with the base as the origin and its default `normalize_weights`, which names a
/// post of its author (goddard.blog, "multislerp") for the idea; no paper has it. mergekit has no default for the
/// weights; ours is 1/n each.
public struct MultiSLERP: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "multi-slerp", title: "Multi-SLERP", family: .dataFreeMerge, reference: "mergekit 0.1.5, multislerp",
        parameters: [.weights, .normalize("whether the weights are divided by their sum", default: true)])

    /// What mergekit adds to the lengths, and the shortest mean that has a direction.
    private static let smallestLength = 1e-8

    /// `weights` and `normalize`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let normalizes: Bool

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        normalizes = try self.parameters.flag("normalize")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, normalizes] adapters, _ in
            try Self.merge(adapters, weights: weights, normalizes: normalizes)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - normalizes: whether the weights at a layer are divided by their sum.
    /// - Throws: `MergeError` with `badParameter` where weights add up to 0 or more than two directions cancel out, or
    ///   with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, normalizes: Bool = true
    ) throws(MergeError) -> LoRAAdapter {
        try MergeInputs(adapters, weights: weights).combination { (members, site) throws(MergeError) in
            guard members.count > 1 else { return [1] }
            var weights = members.map(\.weight)
            if normalizes {
                let sum = weights.reduce(0, +)
                // Weights that cancel out leave rounding, which would be blown up.
                guard abs(sum) > smallestLength else {
                    throw MergeError(
                        .badParameter, "the weights of the adapters that have \(site) add up to 0; change one",
                        key: "weights")
                }
                weights = weights.map { $0 / sum }
            }
            guard let result = coefficients(UpdateGeometry(members.map(\.factors)), weights: weights) else {
                throw MergeError(
                    .badParameter, "the weighted directions of the updates cancel out at \(site); change a weight",
                    key: "weights")
            }
            return result
        }
    }

    /// Nil if the mean of more than two directions is 0; of two, the weights themselves then.
    private static func coefficients(_ geometry: UpdateGeometry, weights: [Double]) -> [Double]? {
        let lengths = geometry.lengths
        let mean = zip(weights, lengths).map { $0 / ($1 + smallestLength) }
        let meanLength = geometry.length(mean)
        guard meanLength >= smallestLength else { return weights.count == 2 ? weights : nil }
        let length = zip(weights, lengths).reduce(0) { $0 + $1.0 * $1.1 }
        // Coefficients of 0 would hide an overflow; the sum with these is refused.
        guard meanLength.isFinite else { return weights.map { _ in .infinity } }
        return mean.map { $0 / meanLength * length }
    }
}
