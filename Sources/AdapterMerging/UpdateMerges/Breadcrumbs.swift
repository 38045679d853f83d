import ModelEngine

/// Model breadcrumbs: the largest and the smallest entries of each update go, then the weighted sum.
///
/// Of the entries of each Δᵢ by magnitude, the ⌊gamma · count⌋ largest (outliers) are dropped, then the smallest, until
/// ⌊density · count⌋ are left. Where that cannot be had, gamma + density > 1, fewer of the largest go: the density
/// counts for more. Then λ Σ wᵢ Δᵢ. At density 1 nothing is dropped, outliers included. See `GeneralisedTaskArithmetic`
/// for the steps and for what a LoRA export loses.
///
/// Source: Davari and Belilovsky, "Model Breadcrumbs: Scaling Multi-Task Model Merging with Sparse Masks" (2024), arXiv
/// 2312.06795, where both shares are given as percentiles of each layer; mergekit 0.1.5, `breadcrumbs`,
/// `sparsify.magnitude_outliers`, with its gamma of 0.01 and, for its density of 1, 0.5. The paper calls the share of
/// the largest entries β and that of the smallest γ; mergekit's gamma, and ours, is that of the largest.
public struct Breadcrumbs: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "breadcrumbs", title: "Breadcrumbs", family: .dataFreeMerge,
        reference:
            "Davari and Belilovsky 2024, Model Breadcrumbs: Scaling Multi-Task Model Merging with Sparse Masks, "
            + "arXiv 2312.06795; mergekit 0.1.5, breadcrumbs",
        parameters: [.weights, .updateDensity, .gamma, .lambda, .normalize(default: false), .rescale, .exportRank])

    /// `weights`, `density`, `gamma`, `lambda`, `normalize`, `rescale` and `rank`.
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
            pruning: .band(
                density: self.parameters.number("density"), gamma: self.parameters.number("gamma")), electsSigns: false)
    }
}

extension ParameterDescription {
    /// The share of outliers that breadcrumbs drop.
    static let gamma = ParameterDescription(
        "gamma", .closed(0...0.99), default: 0.01, "share of the entries, the largest ones, that is dropped")
}
