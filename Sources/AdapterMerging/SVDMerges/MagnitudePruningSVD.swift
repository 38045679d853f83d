import ModelEngine

/// Magnitude pruning of the dense updates, their weighted sum, and its best approximation of a rank.
///
/// Of each Δᵢ the ⌊density · count⌋ entries of largest magnitude stay, of equal ones the earlier; then Σ wᵢ Δᵢ.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="magnitude_prune_svd")`; see `DeltaSpace`.
public struct MagnitudePruningSVD: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "magnitude-prune-svd", title: "Magnitude pruning-SVD", family: .dataFreeMerge,
        reference: "PEFT 0.21, add_weighted_adapter with combination_type magnitude_prune_svd",
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

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, truncation] adapters, _ in
            try Self.merge(
                adapters, weights: weights, density: density, rank: truncation.rank,
                clamp: truncation.clamp)
        }
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: share of entries kept, above 0 and at most 1.
    ///   - rank: of the result; 0 is the largest of the adapters' ranks.
    ///   - clamp: quantile of the factors' entries at which they are cut off; 0 cuts nothing.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double,
        rank: Int = 0, clamp: Double = 0
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        let truncation = Truncation(rank: rank, clamp: clamp)
        return try DeltaSpace.merge(adapters, weights: weights, truncation: truncation) { (deltas) throws(MergeError) in
            deltas.keepLargest(density: density)
            return deltas.weightedSum()
        }
    }
}
