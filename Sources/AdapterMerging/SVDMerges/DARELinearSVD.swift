import ModelEngine

/// DARE on the dense updates, their weighted sum, and its best approximation of a rank.
///
/// Every entry of Δᵢ stays with probability `density` and is divided by it; then Σ wᵢ Δᵢ. One mask on the update, as in
/// the paper, where `DARELinear` has one on each factor. The dropping adds noise to all singular directions, most of
/// which the truncation takes away again.
///
/// Source: Yu et al. (2023), arXiv 2311.03099, "Drop And REscale", in the form of PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="dare_linear_svd")`; see `DeltaSpace`. The paper keeps the dense result. The
/// defaults are those of `SVDMerge` and a density of 0.5, for which PEFT has none.
public struct DARELinearSVD: PrunedDeltaMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-linear-svd", title: "DARE-linear-SVD", family: .dataFreeMerge,
        reference: DARE.reference(peft: "dare_linear_svd"),
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
        pruned = try PrunedDeltaMerge(self.parameters, pruning: .random)
    }
}
