import ModelEngine

/// DARE on the dense updates, then their weighted sum.
///
/// Each entry of each Δᵢ stays with probability `density`. With `rescale: paper` it is then divided by the density, so
/// that its expectation does not change; `l1` is mergekit's default, which multiplies all kept entries by one factor
/// that restores the update's sum of magnitudes (about 1/density for large updates); `none` leaves them. Then λ Σ wᵢ
/// Δᵢ. See `GeneralisedTaskArithmetic` for the steps and for what a LoRA export loses; `DARELinear` is PEFT's form, on
/// A and B apart.
///
/// Source: Yu et al., "Language Models are Super Mario" (2023), arXiv 2311.03099, "Drop And REscale"; mergekit 0.1.5,
/// `dare_linear`, `sparsify.bernoulli`, whose defaults of density 1 and `l1` are 0.5 and the paper's division here.
public struct MergekitDARELinear: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "mergekit-dare-linear", title: "DARE-linear (mergekit)", family: .dataFreeMerge,
        reference: DARE.reference + "; mergekit 0.1.5, dare_linear",
        parameters: [.weights, .updateDensity, .lambda, .normalize(default: false), .randomRescale, .exportRank])

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
            self.parameters, pruning: .random(density: self.parameters.number("density")), electsSigns: false)
    }
}
