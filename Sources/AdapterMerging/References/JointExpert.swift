import ModelEngine

/// Joint-expert LoRA: an adapter of its own for every composition, trained on the composition itself.
///
/// What compositions are measured against: it needs compositional data, a whole training and a whole adapter for every
/// setting, and nothing of the single-task adapters but the layers they change. It starts where single-task training
/// starts (`LoRAInitialization`: B = 0), so its loss at step 0 is that of the base model.
///
/// Source: arXiv 2507.16083 (EMNLP 2025), the baseline "joint-expert LoRA"; trained as Hu et al., "LoRA" (2021), arXiv
/// 2106.09685. Rank and alpha are by default the single-task adapters' largest rank and twice that.
public struct JointExpert: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "joint-expert", title: "Joint-expert LoRA", family: .costlyReference,
        reference: "arXiv 2507.16083 (EMNLP 2025), joint-expert LoRA",
        parameters: [
            ParameterDescription(
                "rank", .integer(0...1024), default: 0, "rank of the adapter; 0 is the single-task adapters' largest"),
            ParameterDescription(
                "alpha", .number(above: -1, atMost: 1_000_000), default: 0,
                "the update is scaled by alpha / rank; 0 is twice the rank"),
        ] + LearningSettings.parameters(learningRate: 0.001))

    /// `rank`, `alpha`, `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
    public let parameters: MethodParameters
    private let rank: Int
    private let alpha: Double
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        rank = try self.parameters.integer("rank")
        alpha = try self.parameters.number("alpha")
        training = try LearningSettings(self.parameters)
    }

    /// Training of A and B of a new adapter; A follows from the seed.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [rank, alpha] adapters, seed in
                    try Self.start(adapters, rank: rank, alpha: alpha, seed: seed)
                }, training: training))
    }

    /// A new adapter for all layers that the given adapters change.
    ///
    /// - Parameters:
    ///   - adapters: the single-task adapters, for their layers and ranks alone.
    ///   - rank: of the new adapter; 0 is the largest of theirs.
    ///   - alpha: the scaling is alpha / rank; 0 is twice the rank.
    /// - Throws: `MergeError` with `noAdapters`, `shapeMismatch` or `badParameter`.
    public static func start(
        _ adapters: [LoRAAdapter], rank: Int = 0, alpha: Double = 0, seed: UInt64
    ) throws(MergeError) -> TrainableAdapter {
        guard alpha >= 0 else {
            throw MergeError(
                .badParameter, "alpha is \(alpha); give one above 0, or 0 for twice the rank", key: "alpha")
        }
        // Only the layers matter, so biases are no obstacle.
        let inputs = try MergeInputs(adapters, weights: nil, keepsBiases: true)
        var shapes: [AdapterSite: LayerShape] = [:]
        var largest = 1
        for site in inputs.sites {
            for member in inputs.members(of: site) {
                shapes[site] = LayerShape(inputs: member.factors.inputs, outputs: member.factors.outputs)
                largest = max(largest, member.factors.rank)
            }
        }
        let chosen = rank > 0 ? rank : largest
        return TrainableAdapter(
            training: try LoRAInitialization.newAdapter(
                shapes: shapes, rank: chosen, alpha: alpha != 0 ? alpha : Double(2 * chosen), seed: seed,
                purpose: "joint-expert"))
    }
}
