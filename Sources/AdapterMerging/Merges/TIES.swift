import ModelEngine

/// How the sign of an entry is elected among the adapters.
public enum MajoritySign: String, Sendable, CaseIterable {
    /// By the sum of the entries: large entries count for more.
    case total
    /// By the number of adapters with either sign.
    case frequency
}

/// TIES: trim, elect sign, and merge the entries that agree with it.
///
/// On A and on B apart (see `FactorSpace`), for every entry of the tensors Tᵢ with weights vᵢ:
/// 1. *Trim*: in each Tᵢ only the ⌊density · count⌋ entries of largest magnitude stay.
/// 2. *Elect*: the sign of Σ Tᵢ (`total`) or of Σ sign Tᵢ (`frequency`), both without weights; a sum of 0 counts as +.
/// 3. *Merge*: Σ vᵢ Tᵢ over the entries of the elected sign, divided by how many they are (by 1 if there are none). An
///    entry of 0 has no sign and counts on neither side.
///
/// The division already takes a mean, so adapters that are all the same come back unchanged with weights of 1, but at
/// 1/n of their update with weights of 1/n, the benchmark's default for every merge.
///
/// Source: Yadav et al., "TIES-Merging: Resolving Interference When Merging Models" (2023), arXiv 2306.01708, section
/// 4.2, in the form of PEFT 0.21.2, `add_weighted_adapter(combination_type="ties")`, `merge_utils.ties`. The paper
/// works on the dense updates, keeps a fifth of the entries and scales the result by λ. PEFT has no default for the
/// density (here 0.5), and `total` for the election. mergekit elects on the weighted updates and divides by the sum of
/// the agreeing weights (see `MergekitTIES`).
public struct TIES: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "ties", title: "TIES", family: .dataFreeMerge,
        reference: reference + "; PEFT 0.21, add_weighted_adapter with combination_type ties",
        parameters: [.weights, .density, .majoritySign])

    static let reference =
        "Yadav et al. 2023, TIES-Merging: Resolving Interference When Merging Models, arXiv 2306.01708"

    /// `weights`, `density` and `majority-sign`.
    public let parameters: MethodParameters
    private let options: PruningOptions

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        options = try PruningOptions(self.parameters)
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [options] adapters, _ in
            try Self.merge(
                adapters, weights: options.weights, density: options.density,
                majoritySign: options.majoritySign ?? .total)
        }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: share of entries kept, above 0 and at most 1.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `rankMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, majoritySign: MajoritySign = .total
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        return try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            let trimmed = factors.tensors.map { MagnitudeSelection.largest($0, density: density) }
            return SignElection.merge(trimmed, factors: factors.weights, vote: .init(majoritySign))
        }
    }
}
