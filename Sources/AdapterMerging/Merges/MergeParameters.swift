/// The hyper-parameters that several merges share.
extension ParameterDescription {
    /// One weight each for the main and the auxiliary adapter; 1/n each where a profile gives none.
    static let weights = ParameterDescription(
        "weights", .weights, default: [0.5, 0.5],
        "weight of the main and of the auxiliary adapter, or of each; negative ones subtract")

    /// The share of entries that pruning keeps. PEFT has no default for it.
    static let density = ParameterDescription(
        "density", .number(above: 0, atMost: 1), default: 0.5,
        "share of the entries of A and of B that is kept; 1 keeps all")

    /// The share of each dense update that pruning keeps. PEFT has no default for it; mergekit's is 1, which prunes
    /// nothing.
    static let updateDensity = ParameterDescription(
        "density", .number(above: 0, atMost: 1), default: 0.5,
        "share of the entries of each update that is kept; 1 keeps all")

    /// The factor λ of the merged update.
    static let lambda = ParameterDescription(
        "lambda", .number(above: 0, atMost: 100), default: 1, "factor of the merged update")

    /// How the sign of each entry is elected.
    static let majoritySign = majoritySign("whether the sum of the entries or the number of adapters elects the sign")

    static func majoritySign(_ explanation: String) -> ParameterDescription {
        ParameterDescription(
            "majority-sign", .choice(MajoritySign.allCases.map(\.rawValue)), default: "total", explanation)
    }
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
