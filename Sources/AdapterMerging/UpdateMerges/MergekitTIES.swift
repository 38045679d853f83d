import ModelEngine

/// TIES on the dense updates: trim each, elect signs with the weights, and average the entries that agree.
///
/// In each Δᵢ the ⌊density · count⌋ entries of largest magnitude stay (one at least); the sign of Σ wᵢ Δᵢ is elected, 0
/// counting as +; Σ wᵢ Δᵢ over the entries of that sign is divided by the sum of their weights (`normalize`), and
/// multiplied by λ. See `GeneralisedTaskArithmetic` for the steps and for what a LoRA export loses.
///
/// `TIES` is PEFT's form: on A and on B apart, the sign elected without weights, the sum divided by the number of
/// agreeing adapters. With equal weights, `normalize` makes this method's weights cancel out, so that 1/n each is as
/// good as 1 each.
///
/// Source: Yadav et al., "TIES-Merging: Resolving Interference When Merging Models" (2023), arXiv 2306.01708, section
/// 4.2; mergekit 0.1.5, `ties`, `GeneralizedTaskArithmeticMerge`, whose default density of 1 is 0.5 here (the paper
/// keeps 0.2), and whose flag `rescale` is `l1` here. The paper elects and averages without weights; with equal ones
/// that is the same.
public struct MergekitTIES: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "mergekit-ties", title: "TIES (mergekit)", family: .dataFreeMerge,
        reference: TIES.descriptor.reference + "; mergekit 0.1.5, ties",
        parameters: [.weights, .updateDensity, .lambda, .normalize(default: true), .rescale, .exportRank])

    /// `weights`, `density`, `lambda`, `normalize`, `rescale` and `rank`.
    public let parameters: MethodParameters
    /// One weight for each adapter.
    public let weights: [Double]
    /// What the parameters come to.
    public let arithmetic: GeneralisedTaskArithmetic

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        arithmetic = try GeneralisedTaskArithmetic(
            self.parameters, pruning: .magnitude(density: self.parameters.number("density")), electsSigns: true)
    }
}
