/// The parameters that the merges of PEFT with pruning share, read once.
struct PruningOptions {
    let weights: [Double]
    let density: Double
    /// `nil` where the method elects no signs.
    let majoritySign: MajoritySign?

    /// - Parameter parameters: resolved by the method's descriptor.
    /// - Throws: `MergeError` with `badParameter`.
    init(_ parameters: MethodParameters) throws(MergeError) {
        weights = try parameters.numbers("weights")
        density = try parameters.number("density")
        majoritySign = parameters.values["majority-sign"] == nil ? nil : try parameters.choice("majority-sign")
    }
}
