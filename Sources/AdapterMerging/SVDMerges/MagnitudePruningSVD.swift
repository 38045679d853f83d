import ModelEngine

/// Magnitude pruning of the dense updates, their weighted sum, and its best approximation of a rank.
///
/// Of each Δᵢ the ⌊density · count⌋ entries of largest magnitude stay, of equal ones the earlier; then Σ wᵢ Δᵢ.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="magnitude_prune_svd")`; see `DeltaSpace`. No paper has
/// it. The defaults are those of `SVDMerge` and a density of 0.5, for which PEFT has none.
public struct MagnitudePruningSVD: PrunedDeltaMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "magnitude-prune-svd", title: "Magnitude pruning-SVD", family: .dataFreeMerge,
        reference: "PEFT 0.21, add_weighted_adapter with combination_type magnitude_prune_svd",
        parameters: [.weights, .updateDensity, .svdRank, .svdClamp])

    /// `weights`, `density`, `rank` and `clamp`.
    public let parameters: MethodParameters
    /// One weight for each adapter.
    public let weights: [Double]
    /// What the parameters come to.
    public let pruned: PrunedDeltaMerge

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        pruned = try PrunedDeltaMerge(self.parameters, pruning: .largest)
    }
}
