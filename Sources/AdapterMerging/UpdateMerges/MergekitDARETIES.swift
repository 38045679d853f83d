import ModelEngine

/// DARE on the dense updates, then TIES' election of signs and sum.
///
/// Random dropping and rescaling as in `MergekitDARELinear`; then the sum over the entries that agree with the sign of
/// Σ wᵢ Δᵢ, which mergekit does not divide by the weights here unless told to (`normalize`). `DARETIES` is PEFT's form.
///
/// Source: Yu et al. (2023), arXiv 2311.03099, with Yadav et al. (2023), arXiv 2306.01708, section 4.2; mergekit 0.1.5,
/// `dare_ties`. The defaults differ as those of `MergekitDARELinear`.
public struct MergekitDARETIES: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "mergekit-dare-ties", title: "DARE-TIES (mergekit)", family: .dataFreeMerge,
        reference: DARE.reference + "; mergekit 0.1.5, dare_ties",
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
            self.parameters, pruning: .random(density: self.parameters.number("density")), electsSigns: true)
    }
}
