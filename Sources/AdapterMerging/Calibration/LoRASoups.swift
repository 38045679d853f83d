import ModelEngine

/// LoRA Soups' learned concatenation ("CAT"): one learned weight for each adapter in each linear layer.
///
/// ΔW_l = Σᵢ αᵢₗ sᵢ Bᵢₗ Aᵢₗ, with the αᵢₗ the only trained numbers and each 1/n at the start, so training begins at the
/// concatenation with equal weights (see `Concatenation`). The adapters stay frozen. The result is plain LoRA of rank
/// Σ rᵢ.
///
/// Source: Prabhakar et al., "LoRA Soups: Merging LoRAs for Practical Skill Composition Tasks" (2024), arXiv
/// 2410.13025, the section on CAT; the authors' repository aksh555/LoRA-Soups. A layer is a linear layer here, as in
/// that code, which keeps its weights in each LoRA module. It passes a layer's weights through a softmax, so that they
/// are positive with sum 1 and equal ones are 1/n; the paper's formula, and this method, leave them free. The default
/// learning rate is this project's.
public struct LoRASoups: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "lora-soups", title: "LoRA Soups", family: .learned,
        reference:
            "Prabhakar et al. 2024, LoRA Soups: Merging LoRAs for Practical Skill Composition Tasks, arXiv 2410.13025",
        parameters: LearningSettings.parameters(learningRate: 0.01))

    /// `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
    public let parameters: MethodParameters
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        training = try LearningSettings(self.parameters)
    }

    /// Training of the weights; the seed has no part in the start.
    public var recipe: CompositionRecipe {
        .learned(LearnedRecipe(start: { adapters, _ in try Self.start(adapters) }, training: training))
    }

    /// The frozen adapters with 1/n before each.
    ///
    /// - Throws: `MergeError` with `noAdapters`, `notFinite` or `shapeMismatch`.
    public static func start(_ adapters: [LoRAAdapter]) throws(MergeError) -> TrainableAdapter {
        try WeightedTerms.start(adapters, weights: nil)
    }
}
