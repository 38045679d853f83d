import ModelEngine

/// Learnable Calibration: a frozen linear merge plus one learned vector a layer.
///
/// ΔW_c = ΔW_m + p·1ᵀ, with ΔW_m the linear merge (see `LinearMerge`) and p (length: outputs) the only trained numbers,
/// 0 at the start. So y gains p·Σⱼ xⱼ: a rank-1 update with A = 1ᵀ, frozen, and B = p, scaling 1, which makes the
/// calibrated adapter plain LoRA of rank r + 1. All layers of the merge are calibrated.
///
/// Source: arXiv 2507.16083 (EMNLP 2025), "Learnable Calibration". The paper describes the idea; that the vector is
/// added to every column, the start at 0 and the layers it applies to are this project's reading. The default learning
/// rate is low because Σⱼ xⱼ runs over hundreds of inputs; choose yours on the validation split.
public struct LearnableCalibration: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "learnable-calibration", title: "Learnable Calibration", family: .learned,
        reference: "arXiv 2507.16083 (EMNLP 2025), Learnable Calibration",
        parameters: [.weights] + LearningSettings.parameters(learningRate: 0.0003))

    /// `weights`, `learning-rate`, `epochs`, `examples` and `batch-size`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        training = try LearningSettings(self.parameters)
    }

    /// Training of p; the seed has no part in the start.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [weights] adapters, _ in try Self.start(adapters, weights: weights) }, training: training))
    }

    /// The frozen linear merge with p = 0 beside it.
    ///
    /// - Parameter weights: one for each adapter; `nil` is 1/n each.
    /// - Throws: what `LinearMerge.merge` throws.
    public static func start(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil
    ) throws(MergeError) -> TrainableAdapter {
        TrainableAdapter(
            terms: try LinearMerge.merge(adapters, weights: weights).factors.mapValues { merge in
                let vector = LoRAFactors(
                    rank: 1, inputs: merge.inputs, outputs: merge.outputs,
                    a: [Float](repeating: 1, count: merge.inputs), b: [Float](repeating: 0, count: merge.outputs),
                    scaling: 1)
                return [
                    AdapterTerm(factors: merge, trainsA: false, trainsB: false),
                    AdapterTerm(factors: vector, trainsA: false, trainsB: true),
                ]
            })
    }
}
