/// The hyper-parameters that several merges share.
extension ParameterDescription {
    /// One weight each for the main and the auxiliary adapter; 1/n each where a profile gives none.
    static let weights = ParameterDescription(
        "weights", .weights, default: [0.5, 0.5],
        "weight of the main and of the auxiliary adapter, or of each; negative ones subtract")

    /// The share of entries that pruning keeps.
    static let density = ParameterDescription(
        "density", .number(above: 0, atMost: 1), default: 0.5,
        "share of the entries of A and of B that is kept; 1 keeps all")

    /// How the sign of each entry is elected.
    static let majoritySign = ParameterDescription(
        "majority-sign", .choice(MajoritySign.allCases.map(\.rawValue)), default: "total",
        "whether the sum of the entries or the number of adapters elects the sign")
}

extension MethodParameters {
    /// The way of electing signs under `majority-sign`.
    ///
    /// - Throws: `MergeError` with `badParameter`.
    func majoritySign() throws(MergeError) -> MajoritySign {
        let word = try string("majority-sign")
        guard let rule = MajoritySign(rawValue: word) else {
            throw MergeError(.badParameter, "'\(word)' is not a way of electing signs", key: "majority-sign")
        }
        return rule
    }
}
