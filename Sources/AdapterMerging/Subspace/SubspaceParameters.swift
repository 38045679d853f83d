/// The hyper-parameters that several subspace merges share.
extension ParameterDescription {
    /// Factors of the updates before a merge that sums or averages by itself; 1 each where a profile gives none.
    static let unitWeights = ParameterDescription(
        "weights", .weights, default: [1, 1],
        "factor of the main and of the auxiliary adapter's update, or of each, before the merge; negative ones subtract"
    )

    /// Factor of the merged update.
    static let coefficient = ParameterDescription(
        "lambda", .number(above: 0, atMost: 100), default: 1, "factor of the merged update")

    /// What an isotropic merge takes the mean over.
    static let meanOver = ParameterDescription(
        "mean-over", .choice(IsotropicMean.allCases.map(\.rawValue)), default: "dimension",
        "whether the mean singular value counts the zeros of the dense update (dimension) or not (rank)")
}

extension MethodParameters {
    /// The case of an enumeration that a word names.
    ///
    /// - Throws: `MergeError` with `badParameter`.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ name: String) throws(MergeError) -> Choice {
        let word = try string(name)
        guard let choice = Choice(rawValue: word) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw MergeError(.badParameter, "'\(word)' is not one of \(words)", key: name)
        }
        return choice
    }
}
