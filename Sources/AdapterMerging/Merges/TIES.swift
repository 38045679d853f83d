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
/// Source: Yadav et al., "TIES-Merging: Resolving Interference When Merging Models" (2023), section 4, in the form of
/// PEFT 0.21.2, `add_weighted_adapter(combination_type="ties")`. The paper works on the dense updates, keeps a
/// fifth of the entries and scales the result by λ. mergekit elects on the weighted updates and divides by the sum of
/// the agreeing weights.
public struct TIES: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "ties", title: "TIES", family: .dataFreeMerge,
        reference: "Yadav et al. 2023, TIES-Merging: Resolving Interference When Merging Models, arXiv 2306.01708",
        parameters: [.weights, .density, .majoritySign])

    /// `weights`, `density` and `majority-sign`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let density: Double
    private let majoritySign: MajoritySign

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        density = try self.parameters.number("density")
        majoritySign = try self.parameters.majoritySign()
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, majoritySign] adapters, _ in
            try Self.merge(adapters, weights: weights, density: density, majoritySign: majoritySign)
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
            let trimmed = factors.tensors.map { FactorSpace.keepLargest($0, density: density) }
            return electAndMerge(trimmed, weights: factors.weights, majoritySign: majoritySign)
        }
    }

    /// Steps 2 and 3 on tensors that are already pruned.
    static func electAndMerge(_ tensors: [[Float]], weights: [Float], majoritySign: MajoritySign) -> [Float] {
        (0..<(tensors.first?.count ?? 0)).map { index in
            var ballot: Float = 0
            for tensor in tensors {
                ballot += majoritySign == .total ? tensor[index] : sign(of: tensor[index])
            }
            let elected: Float = ballot >= 0 ? 1 : -1
            var sum: Float = 0
            var agreeing: Float = 0
            for (tensor, weight) in zip(tensors, weights) where sign(of: tensor[index]) == elected {
                sum += tensor[index] * weight
                agreeing += 1
            }
            return sum / max(agreeing, 1)
        }
    }

    private static func sign(of value: Float) -> Float { value > 0 ? 1 : value < 0 ? -1 : 0 }
}
