import ModelEngine

/// Learnable Calibration: a frozen linear merge plus one learned vector a layer.
///
/// ΔW_c = ΔW_m + p·1ᵀ, with ΔW_m the linear merge (see `LinearMerge`) and p (length: outputs) the only trained numbers,
/// 0 at the start. So y gains p·Σⱼ xⱼ: a rank-1 update with A = 1ᵀ, frozen, and B = p, scaling 1, which makes the
/// calibrated adapter plain LoRA of rank r + 1. All layers of the merge are calibrated. In the form `output-bias` y
/// gains p alone, whatever x is: as many trained numbers, no rank, and a LoRA adapter with biases.
///
/// Source: "Efficient Compositional Multi-tasking for On-device Large Language Models" (EMNLP 2025), arXiv 2507.16083,
/// "Learnable Calibration"; no program of the authors was at hand. The paper describes the idea; that the vector is
/// added to every column, the start at 0 and the layers it applies to are this project's reading. The output bias is
/// the other way to read it: the authors' project page speaks of "a calibration vector of biases". The default learning
/// rate is low because Σⱼ xⱼ runs over hundreds of inputs; an output bias wants a higher one. Choose yours on the
/// validation split. The weights are 1/n each by default.
public struct LearnableCalibration: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "learnable-calibration", title: "Learnable Calibration", family: .learned,
        reference: "arXiv 2507.16083 (EMNLP 2025), Learnable Calibration",
        parameters: [
            .weights,
            ParameterDescription(
                "form", .choice(Form.allCases.map(\.rawValue)), default: .string(Form.columnWise.rawValue),
                "whether the vector is added to every column of the update or to the output"),
        ] + LearningSettings.parameters(learningRate: 0.0003))

    /// What a layer's learned vector is added to; the raw values are those of `form`.
    public enum Form: String, Sendable, CaseIterable {
        /// Every column of the update: y gains p·Σⱼ xⱼ.
        case columnWise = "column-wise"
        /// The output: y gains p.
        case outputBias = "output-bias"
    }

    /// `weights`, `form`, `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let form: Form
    private let training: LearningSettings

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        // `resolve` lets the forms' names through alone.
        form = Form(rawValue: try self.parameters.string("form")) ?? .columnWise
        training = try LearningSettings(self.parameters)
    }

    /// Training of p; the seed has no part in the start.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [weights, form] adapters, _ in try Self.start(adapters, weights: weights, form: form) },
                training: training))
    }

    /// The frozen linear merge with p = 0 beside it.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - form: what p is added to.
    /// - Throws: what `LinearMerge.merge` throws.
    public static func start(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, form: Form = .columnWise
    ) throws(MergeError) -> TrainableAdapter {
        TrainableAdapter(
            terms: try LinearMerge.merge(adapters, weights: weights).factors.mapValues { merge in
                let zeros = [Float](repeating: 0, count: merge.outputs)
                let vector =
                    switch form {
                    case .columnWise:
                        LoRAFactors(
                            rank: 1, inputs: merge.inputs, outputs: merge.outputs,
                            a: [Float](repeating: 1, count: merge.inputs), b: zeros, scaling: 1)
                    case .outputBias:
                        LoRAFactors(
                            rank: 0, inputs: merge.inputs, outputs: merge.outputs, a: [], b: [], scaling: 1, bias: zeros
                        )
                    }
                return [
                    AdapterTerm(factors: merge),
                    AdapterTerm(factors: vector, trainsB: form == .columnWise, trainsBias: form == .outputBias),
                ]
            })
    }
}
