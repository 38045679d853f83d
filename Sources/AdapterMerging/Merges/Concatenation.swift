import ModelEngine

/// Concatenation: the exact weighted sum of the updates, Σ wᵢ sᵢ Bᵢ Aᵢ, as one adapter of rank Σ rᵢ.
///
/// A is the stack of wᵢ sᵢ Aᵢ, B holds the Bᵢ side by side, scaling 1. This is task arithmetic on the dense updates
/// without ever forming them; ranks may differ. A layer that only some adapters have gets the rank of those alone (PEFT
/// gives it the full rank and fills up with zeros, which is the same update). Output biases are added up likewise.
///
/// Source: PEFT 0.21.2, `add_weighted_adapter(combination_type="cat")`; the sum is that of "learning via addition" in
/// Ilharco et al., "Editing Models with Task Arithmetic" (2023), arXiv 2212.04089. PEFT has no default for the weights;
/// ours is 1/n each.
public struct Concatenation: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "cat", title: "Concatenation", family: .dataFreeMerge,
        reference:
            "Ilharco et al. 2023, Editing Models with Task Arithmetic, arXiv 2212.04089; "
            + "PEFT 0.21, add_weighted_adapter with combination_type cat",
        parameters: [.weights])

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

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameter weights: one for each adapter; `nil` is 1/n each.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public static func merge(_ adapters: [LoRAAdapter], weights: [Double]? = nil) throws(MergeError) -> LoRAAdapter {
        try MergeInputs(adapters, weights: weights, keepsBiases: true, checksNumbers: false).combination { members, _ in
            members.map(\.weight)
        }
    }
}
