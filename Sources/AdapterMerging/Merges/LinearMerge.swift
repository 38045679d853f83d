import ModelEngine

/// Linear merge: the weighted sum of the A's times the weighted sum of the B's.
///
/// A = Σ sign(wᵢ sᵢ) cᵢ Aᵢ, B = Σ cᵢ Bᵢ with cᵢ = √|wᵢ sᵢ|, scaling 1. The rank stays that of the adapters, at the
/// price of the cross terms that `FactorSpace` describes.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="linear")`, `merge_utils.task_arithmetic`; no paper has
/// it. Weighted sums of weights go back to Wortsman et al., "Model soups", arXiv 2203.05482, and Ilharco et al.,
/// "Editing Models with Task Arithmetic", arXiv 2212.04089, which sum the dense updates (see `Concatenation`). PEFT has
/// no default for the weights; ours is 1/n each.
public struct LinearMerge: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "linear", title: "Linear", family: .dataFreeMerge,
        reference: "PEFT 0.21, add_weighted_adapter with combination_type linear", parameters: [.weights])

    /// `weights`.
    public let parameters: MethodParameters
    private let weights: [Double]

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe {
        .merge { [weights] adapters, _ in try Self.merge(adapters, weights: weights) }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameter weights: one for each adapter; `nil` is 1/n each.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or `rankMismatch`.
    public static func merge(_ adapters: [LoRAAdapter], weights: [Double]? = nil) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            WeightedSum.of(factors.tensors, factors.weights)
        }
    }
}
