import ModelEngine

/// TIES on the dense updates, then the best approximation of a rank.
///
/// The three steps of `TIES` (trim, elect, merge), with the Δᵢ in place of the factors and the weights wᵢ: nearer to
/// the paper than the merge of A and B apart, and without its cross terms. The election is on the updates without their
/// weights, and the sum is divided by the number of agreeing adapters.
///
/// Source: Yadav et al. (2023), arXiv 2306.01708, section 4.2, in the form of PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="ties_svd")`; see `DeltaSpace`. The paper keeps the dense result and scales
/// it by λ. The defaults are those of `SVDMerge`, `total` for the election as in PEFT, and a density of 0.5, for which
/// PEFT has none. `MergekitTIES` is the other form.
public struct TIESSVD: PrunedDeltaMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "ties-svd", title: "TIES-SVD", family: .dataFreeMerge,
        reference: TIES.reference + "; PEFT 0.21, add_weighted_adapter with combination_type ties_svd",
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
        pruned = try PrunedDeltaMerge(self.parameters, pruning: .largest)
    }
}
