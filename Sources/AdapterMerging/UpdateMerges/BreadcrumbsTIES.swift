import ModelEngine

/// Model breadcrumbs with TIES' election of signs.
///
/// Pruning as in `Breadcrumbs`, then the sum over the entries that agree with the sign of Σ wᵢ Δᵢ, which mergekit does
/// not divide by the weights here unless told to (`normalize`).
///
/// Source: mergekit 0.1.5, `breadcrumbs_ties`, which joins Davari and Belilovsky (2024), arXiv 2312.06795, with steps 2
/// and 3 of Yadav et al. (2023), arXiv 2306.01708, section 4.2. The defaults are those of `Breadcrumbs`.
public struct BreadcrumbsTIES: UpdateMergeMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "breadcrumbs-ties", title: "Breadcrumbs-TIES", family: .dataFreeMerge,
        reference: Breadcrumbs.descriptor.reference + "_ties",
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
                density: self.parameters.number("density"), gamma: self.parameters.number("gamma")), electsSigns: true)
    }
}
