import ModelEngine

/// DARE on the dense updates, their weighted sum, and its best approximation of a rank.
///
/// Every entry of Δᵢ stays with probability `density` and is divided by it; then Σ wᵢ Δᵢ. One mask on the update, as in
/// the paper, where `DARELinear` has one on each factor. The dropping adds noise to all singular directions, most of
/// which the truncation takes away again.
///
/// Source: Yu et al. (2023), section 3, in the form of PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="dare_linear_svd")`; see `DeltaSpace`.
public struct DARELinearSVD: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-linear-svd", title: "DARE-linear-SVD", family: .dataFreeMerge,
        reference: DARE.reference,
        parameters: [.weights, .updateDensity, .svdRank, .svdClamp])

    /// `weights`, `density`, `rank` and `clamp`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let density: Double
    private let truncation: Truncation

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        density = try self.parameters.number("density")
        truncation = try Truncation(self.parameters)
    }

    /// The merge; the masks follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, truncation] adapters, seed in
            try Self.merge(
                adapters, weights: weights, density: density, seed: seed, rank: truncation.rank,
                clamp: truncation.clamp)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: probability of keeping an entry, above 0 and at most 1.
    ///   - seed: decides the masks; the same seed gives the same adapter.
    ///   - rank: of the result; 0 is the largest of the adapters' ranks.
    ///   - clamp: quantile of the factors' entries at which they are cut off; 0 cuts nothing.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double,
        seed: UInt64, rank: Int = 0, clamp: Double = 0
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        let truncation = Truncation(rank: rank, clamp: clamp)
        return try DeltaSpace.merge(adapters, weights: weights, truncation: truncation) { (deltas) throws(MergeError) in
            deltas.drop(density: density, seed: seed)
            return deltas.weightedSum()
        }
    }
}
