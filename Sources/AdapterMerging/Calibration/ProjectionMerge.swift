import ModelEngine

/// Projection merge: the concatenated adapters with a learned square matrix between all their A's and all their B's.
///
/// ΔW_c = [B₁ … B_n] P [w₁s₁A₁; …; w_ns_nA_n], with P (R × R, R = Σ rᵢ) the only trained numbers of a layer. P is the
/// identity at the start, so training begins at the concatenation (see `Concatenation`); off its diagonal blocks it
/// learns which directions one adapter reads and the other writes. Any number of adapters with any ranks takes part,
/// and a layer that only some have is projected within those. The result is plain LoRA of rank R: P is folded into B.
///
/// Source: "On-device System of Compositional Multi-tasking in Large Language Models" (EMNLP 2025, industry track),
/// arXiv 2510.13848, projection merge: a learnable projection on top of the combined adapters. The authors' repository
/// SamsungLabs/CompositionalMultitaskingLLMsDemo has an app, no program for training. That P stands between A and B,
/// its start at the identity of the weighted concatenation, the weights of 1/n and the default learning rate are this
/// project's reading.
public struct ProjectionMerge: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "projection-merge", title: "Projection merge", family: .learned,
        reference: "arXiv 2510.13848, projection merge",
        parameters: [.weights] + LearningSettings.parameters(learningRate: 0.001))

    /// `weights`, `learning-rate`, `epochs`, `examples`, `batch-size` and `validation-examples`.
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

    /// Training of P; the seed has no part in the start.
    public var recipe: CompositionRecipe {
        .learned(
            LearnedRecipe(
                start: { [weights] adapters, _ in try Self.start(adapters, weights: weights) }, training: training))
    }

    /// The concatenation with P = 1.
    ///
    /// - Parameter weights: one for each adapter; `nil` is 1/n each.
    /// - Throws: what `Concatenation.merge` throws.
    public static func start(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil
    ) throws(MergeError) -> TrainableAdapter {
        TrainableAdapter(
            terms: try Concatenation.merge(adapters, weights: weights).factors.mapValues { factors in
                var identity = [Float](repeating: 0, count: factors.rank * factors.rank)
                for index in 0..<factors.rank { identity[index * (factors.rank + 1)] = 1 }
                return [AdapterTerm(factors: factors, middle: identity)]
            })
    }
}
