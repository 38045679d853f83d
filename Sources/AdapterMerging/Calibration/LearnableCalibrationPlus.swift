import ModelEngine

/// Learnable Calibration++: a frozen linear merge plus a small learned low-rank update a layer.
///
/// ΔW_c = ΔW_m + P₂ P₁, with ΔW_m the linear merge (see `LinearMerge`), P₁ (r′ × inputs) and P₂ (outputs × r′) trained,
/// scaling 1. P₂ = 0 at the start, so training begins at the merge; P₁ is uniform in ±1/√inputs, as a new LoRA's A (see
/// `LoRAInitialization`). The calibrated adapter is plain LoRA of rank r + r′. All layers of the merge are calibrated.
///
/// Source: "Efficient Compositional Multi-tasking for On-device Large Language Models" (EMNLP 2025), arXiv 2507.16083,
/// "Learnable Calibration++", with "two calibration low-rank matrices" (the authors' project page); no program of
/// theirs was at hand. The start values, the default r′ = 4, the learning rate and the layers it applies to are this
/// project's reading.
public struct LearnableCalibrationPlus: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "learnable-calibration-plus", title: "Learnable Calibration++", family: .learned,
        reference: "arXiv 2507.16083 (EMNLP 2025), Learnable Calibration++",
        parameters: [
            .weights,
            ParameterDescription("rank", .integer(1...256), default: 4, "rank r′ of the learned update"),
        ] + LearningSettings.parameters(learningRate: 0.001))

    /// `weights`, `rank`, `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let rank: Int
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        rank = try self.parameters.integer("rank")
        training = try LearningSettings(self.parameters)
    }

    /// Training of P₁ and P₂; P₁ follows from the seed.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [weights, rank] adapters, seed in
                    try Self.start(adapters, weights: weights, rank: rank, seed: seed)
                }, training: training))
    }

    /// The frozen linear merge with P₂ P₁ = 0 beside it.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - rank: r′, at least 1.
    ///   - seed: decides P₁.
    /// - Throws: what `LinearMerge.merge` throws, and `badParameter` for the rank.
    public static func start(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, rank: Int, seed: UInt64
    ) throws(MergeError) -> TrainableAdapter {
        let merge = try LinearMerge.merge(adapters, weights: weights)
        let update = try LoRAInitialization.newAdapter(
            shapes: merge.factors.mapValues { LayerShape(inputs: $0.inputs, outputs: $0.outputs) }, rank: rank,
            alpha: Double(rank), seed: seed, purpose: "learnable-calibration-plus")
        var result = TrainableAdapter()
        for (site, factors) in merge.factors {
            result.terms[site] = [AdapterTerm(factors: factors, trainsA: false, trainsB: false)]
            if let learned = update.factors[site] {
                result.terms[site]?.append(AdapterTerm(factors: learned, trainsA: true, trainsB: true))
            }
        }
        return result
    }
}
