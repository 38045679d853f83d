import ModelEngine

/// DARE-TIES: random dropping with rescaling, then the election and merge of TIES.
///
/// Source: Yu et al. (2023), arXiv 2311.03099, with Yadav et al. (2023), arXiv 2306.01708, section 4.2; PEFT 0.21.2,
/// `add_weighted_adapter(combination_type="dare_ties")`. See `DARE` and `TIES` for what differs from the papers, and
/// for the defaults.
public struct DARETIES: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-ties", title: "DARE-TIES", family: .dataFreeMerge, reference: DARE.reference(peft: "dare_ties"),
        parameters: [.weights, .density, .majoritySign])

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

    /// The merge; the masks follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [options] adapters, seed in
            try Self.merge(
                adapters, weights: options.weights, density: options.density,
                majoritySign: options.majoritySign ?? .total, seed: seed)
        }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: probability of keeping an entry, above 0 and at most 1.
    ///   - seed: decides the masks; the same seed gives the same adapter.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `rankMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, majoritySign: MajoritySign = .total,
        seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try DARE.merge(adapters, weights: weights, density: density, majoritySign: majoritySign, seed: seed)
    }
}
