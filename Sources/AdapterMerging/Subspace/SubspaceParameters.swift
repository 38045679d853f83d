/// The hyper-parameters that several subspace merges share.
extension ParameterDescription {
    /// Factors of the updates before a merge that sums or averages by itself; 1 each where a profile gives none.
    static let unitWeights = ParameterDescription(
        "weights", .weights, default: [1, 1],
        "factor of the main and of the auxiliary adapter's update before the merge, or of each; negative ones subtract")

    /// What an isotropic merge takes the mean over.
    static let meanOver = ParameterDescription(
        "mean-over", .choice(IsotropicMean.allCases.map(\.rawValue)), default: "dimension",
        "whether the mean singular value counts the zeros of the dense update (dimension) or not (rank)")
}
