import ModelEngine

/// AdaMerging, layer-wise: a coefficient for each adapter in each linear layer, learned without answers.
///
/// ΔW_l = Σᵢ λᵢₗ sᵢ Bᵢₗ Aᵢₗ, with λᵢₗ cut off at 0 and 1 in use, 0.3 at the start. Training lowers the entropy of the
/// model's prediction, so a merge that makes it sure of itself wins; with `objective: cross-entropy` the answers'
/// tokens are learned instead. The adapters stay frozen, and the result is plain LoRA of rank Σ rᵢ.
///
/// Source: Yang et al., "AdaMerging: Adaptive Model Merging for Multi-Task Learning" (2023), arXiv 2310.02575,
/// "Layer-wise AdaMerging"; the authors' repository EnnengYang/AdaMerging, `main_layer_wise_adamerging.py`, for the
/// start, the limits, one coefficient for each weight tensor, and Adam without weight decay at 0.001 (for 500 steps).
///
/// Where it differs: the authors classify images, with one entropy for an image, on the unlabelled test set. A language
/// model has an entropy for each next token, which depends on the text before it. Here the entropy is the mean over the
/// answers' positions in the training split, with the answers as text that the model reads up to there. No answer is a
/// target, but all except an answer's first position see the answer's beginning. The test split is not touched. Because
/// a run is far shorter than 500 steps, the default learning rate is ten times the authors'.
public struct AdaMerging: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "adamerging", title: "AdaMerging", family: .learned,
        reference: "Yang et al. 2023, AdaMerging: Adaptive Model Merging for Multi-Task Learning, arXiv 2310.02575",
        parameters: [
            ParameterDescription(
                "objective", .choice(["entropy", "cross-entropy"]), default: "entropy",
                "what is made small: how unsure the model is of the next token, or its loss on the answers"),
            ParameterDescription(
                "initial", .number(above: 0, atMost: 1), default: 0.3, "every coefficient before training"),
        ] + LearningSettings.parameters(learningRate: 0.01))

    /// `objective`, `initial`, `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
    public let parameters: MethodParameters
    private let initial: Double
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        initial = try self.parameters.number("initial")
        // `resolve` lets the objectives' names through alone.
        training = try LearningSettings(
            self.parameters, objective: TrainingObjective(rawValue: self.parameters.string("objective")) ?? .entropy)
    }

    /// Training of the coefficients; the seed has no part in the start.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [initial] adapters, _ in try Self.start(adapters, initial: initial) }, training: training))
    }

    /// The frozen adapters with the same coefficient before each.
    ///
    /// - Throws: `MergeError` with `noAdapters`, `notFinite` or `shapeMismatch`.
    public static func start(_ adapters: [LoRAAdapter], initial: Double = 0.3) throws(MergeError) -> TrainableAdapter {
        try WeightedTerms.start(adapters, weights: adapters.map { _ in initial }, limits: 0...1)
    }
}
