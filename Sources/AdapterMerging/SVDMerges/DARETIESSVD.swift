import ModelEngine

/// DARE on the dense updates, election and merge as in TIES, and the best approximation of a rank.
///
/// The dropping of `DARELinearSVD` in place of the trimming of `TIESSVD`.
///
/// Source: Yu et al. (2023), arXiv 2311.03099, with Yadav et al. (2023), arXiv 2306.01708, section 4.2, in the form of
/// PEFT 0.21.2, `add_weighted_adapter(combination_type="dare_ties_svd")`; see `DeltaSpace`. The papers keep the dense
/// result. The defaults are those of `TIESSVD`.
public struct DARETIESSVD: PrunedDeltaMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-ties-svd", title: "DARE-TIES-SVD", family: .dataFreeMerge,
        reference: DARE.reference(peft: "dare_ties_svd"),
        parameters: [.weights, .updateDensity, .majoritySign, .svdRank, .svdClamp])

    /// `weights`, `density`, `majority-sign`, `rank` and `clamp`.
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
