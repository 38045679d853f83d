import ModelEngine

/// DELLA's dropping, then the weighted sum without an election.
///
/// Pruning as in `DELLA`, then λ Σ wᵢ Δᵢ; with `normalize`, divided by Σ wᵢ.
///
/// Source: Deep et al. (2024), arXiv 2406.11617, section 2.2 and the experiments "w/o Elect"; mergekit 0.1.5,
/// `della_linear`. The defaults are those of `DELLA` but `normalize: false`, as in mergekit.
public struct DELLALinear: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "della-linear", title: "DELLA-linear", family: .dataFreeMerge,
        reference: DELLA.descriptor.reference + "_linear",
        parameters: [
            .weights, .updateDensity, .epsilon, .lambda, .normalize(default: false), .randomRescale, .exportRank,
        ])

    /// `weights`, `density`, `epsilon`, `lambda`, `normalize`, `rescale` and `rank`.
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
            self.parameters,
            pruning: .rowRank(
                density: self.parameters.number("density"), epsilon: self.parameters.number("epsilon")),
            electsSigns: false)
    }
}
