import ModelEngine

/// DELLA: entries dropped at random, small ones more likely, then TIES' election of signs and sum.
///
/// Within each row (output) of each Δᵢ the entries are ranked by magnitude, the smallest 0, the largest in − 1. An
/// entry of rank ρ stays with probability density − ε + 2 ε ρ/(in − 1), so that the mean share kept is `density`; with
/// ε = 0 that is DARE. With `rescale: paper` each kept entry is divided by its own probability, as in the paper and the
/// authors' code; `l1` is mergekit's default, one factor for all that restores the update's sum of magnitudes; `none`
/// leaves them. Then the sum over the entries that agree with the sign of Σ wᵢ Δᵢ, divided by the sum of their weights
/// (`normalize`), times λ. See `GeneralisedTaskArithmetic` for the steps and for what a LoRA export loses.
///
/// Source: Deep et al., "DELLA-Merging: Reducing Interference in Model Merging through Magnitude-Based Sampling"
/// (2024), arXiv 2406.11617, section 2.2 (MAGPRUNE) and Algorithm 1; the authors' repository declare-lab/della,
/// `sparsify.rank_magnitude`; mergekit 0.1.5, `della`, `sparsify.della_magprune`. ε is the programs': the paper's is
/// the whole width of the window, 2 ε here, and has ρ/in for ρ/(in − 1). The paper averages the agreeing entries
/// without weights. The default ε is mergekit's 0.15 (the authors' program has 0.05), the density 0.5 (mergekit: 1),
/// and `rescale` the paper's. Both programs divide by 0 at a row of one entry; it is kept with probability `density`
/// here.
public struct DELLA: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "della", title: "DELLA", family: .dataFreeMerge,
        reference:
            "Deep et al. 2024, DELLA-Merging: Reducing Interference in Model Merging through Magnitude-Based Sampling, "
            + "arXiv 2406.11617; mergekit 0.1.5, della",
        parameters: [
            .weights, .updateDensity, .epsilon, .lambda, .normalize(default: true), .randomRescale, .exportRank,
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
            electsSigns: true)
    }
}

extension ParameterDescription {
    /// How far the probabilities of DELLA lie from the density.
    static let epsilon = ParameterDescription(
        "epsilon", .closed(0...0.5), default: 0.15,
        "entries are kept with probabilities from density - epsilon to density + epsilon")
}
