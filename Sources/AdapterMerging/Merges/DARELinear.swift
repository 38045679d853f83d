import ModelEngine

/// DARE-linear: random dropping with rescaling, then the linear merge.
///
/// Source: Yu et al. (2023), arXiv 2311.03099; PEFT 0.21.2, `add_weighted_adapter(combination_type="dare_linear")`. See
/// `DARE` for the definition and how it differs from the paper. PEFT has no default for the density and for the
/// weights; ours are 0.5 and 1/n each. The masks follow from the seed, not from torch's generator.
public struct DARELinear: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-linear", title: "DARE-linear", family: .dataFreeMerge,
        reference: DARE.reference(peft: "dare_linear"),
        parameters: [.weights, .density])

    /// `weights` and `density`.
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
            try Self.merge(adapters, weights: options.weights, density: options.density, seed: seed)
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
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try DARE.merge(adapters, weights: weights, density: density, majoritySign: nil, seed: seed)
    }
}
