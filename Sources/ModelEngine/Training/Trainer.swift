import SeededRandom

/// Trains adapters of one model; holds the second packing of the weights that gradients need.
///
/// ```swift
/// let trainer = try Trainer(model)
/// let outcome = try trainer.train(TrainableAdapter(training: start), on: examples, options: TrainingOptions())
/// ```
public struct Trainer: Sendable {
    let model: LanguageModel
    let weights: TransposedWeights

    /// - Complexity: decodes and packs the whole model once more; as much memory again as the model takes.
    public init(_ model: LanguageModel) throws(ModelError) {
        self.model = model
        weights = try TransposedWeights(model)
    }

    /// What one update did.
    public struct Step: Sendable, Equatable {
        /// From 0.
        public var index: Int
        /// How many updates there will be.
        public var count: Int
        /// Mean loss of the answer's tokens, in nats, before the update.
        public var loss: Double
        public var learningRate: Float
        /// Norm of the gradient before clipping.
        public var gradientNorm: Double
        /// Tokens that went through the model, prompts included.
        public var tokens: Int
        public var seconds: Double
    }

    /// A trained adapter and how it came about.
    public struct Outcome: Sendable {
        public var adapter: TrainableAdapter
        public var steps: [Step]
        /// Mean loss on the validation examples after training; nil where there were none.
        public var validationLoss: Double?
        /// All tokens that went through the model in training.
        public var tokens: Int { steps.reduce(0) { $0 + $1.tokens } }
        /// Time of all updates.
        public var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }
    }

    /// Trains from a start, for the options' number of epochs.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before every update; true ends the training with `CancellationError`.
    ///   - onStep: told of every update.
    /// - Throws: `ModelError` for examples that do not fit the model; `CancellationError`.
    public func train(
        _ start: TrainableAdapter, on examples: [TrainingExample], validation: [TrainingExample] = [],
        options: TrainingOptions, shouldStop: () -> Bool = { false }, onStep: (Step) -> Void = { _ in }
    ) throws -> Outcome {
        guard !examples.isEmpty else {
            throw ModelError(.badValue, "there are no examples to train on; build a split with training examples")
        }
        let session = try TrainingSession(self, start, options: options)
        for example in examples + validation { try session.check(example) }
        let batches = Self.batches(examples, options)
        var steps: [Step] = []
        for (index, batch) in batches.enumerated() {
            if shouldStop() { throw CancellationError() }
            let begin = ContinuousClock.now
            let rate = options.learningRate(step: index, of: batches.count)
            let (loss, norm) = session.step(batch, learningRate: rate)
            let step = Step(
                index: index, count: batches.count, loss: loss, learningRate: rate, gradientNorm: norm,
                tokens: batch.reduce(0) { $0 + $1.tokens.count - 1 },
                seconds: (ContinuousClock.now - begin) / .seconds(1))
            steps.append(step)
            onStep(step)
        }
        return Outcome(
            adapter: session.adapter, steps: steps,
            validationLoss: validation.isEmpty ? nil : session.loss(of: validation))
    }

    /// Every epoch's examples in a new order, cut into batches.
    private static func batches(_ examples: [TrainingExample], _ options: TrainingOptions) -> [[TrainingExample]] {
        var generator = SeededGenerator(seed: options.seed, purpose: "training order")
        var batches: [[TrainingExample]] = []
        for _ in 0..<max(0, options.epochs) {
            let order = generator.shuffled(examples)
            for start in stride(from: 0, to: order.count, by: max(1, options.batchSize)) {
                batches.append(Array(order[start..<min(start + max(1, options.batchSize), order.count)]))
            }
        }
        return batches
    }
}

/// One adapter in training: its factors, gradients and optimizer.
public final class TrainingSession {
    private let model: LanguageModel
    private let start: TrainableAdapter
    private let options: TrainingOptions
    private let pass: TrainingPass
    private var optimizer: AdamW

    /// - Throws: `badAdapter` where the adapter does not fit the model.
    public init(_ trainer: Trainer, _ start: TrainableAdapter, options: TrainingOptions) throws(ModelError) {
        model = trainer.model
        self.start = start
        self.options = options
        try start.merged.check(against: model.configuration)
        pass = TrainingPass(model, trainer.weights, adapter: start, rows: options.maximumRows)
        optimizer = AdamW(pass.groups.joined().compactMap { $0 }.flatMap(\.parameters), options)
    }

    /// - Throws: `badValue` for tokens outside the vocabulary, too long a sequence, or an answer that is not inside it.
    public func check(_ example: TrainingExample) throws(ModelError) {
        try model.check(example.tokens, upTo: example.tokens.count)
        guard example.answerStart >= 1, example.answerStart < example.tokens.count else {
            throw ModelError(
                .badValue,
                "an answer must start after the first token and before the end, not at \(example.answerStart) of "
                    + "\(example.tokens.count)")
        }
    }

    /// Mean loss over all answer tokens of the examples, and the gradients for it: the sum over passes.
    ///
    /// - Precondition: the examples passed `check`.
    @discardableResult
    public func accumulateGradients(_ examples: [TrainingExample]) -> Double {
        pass.clearGradients()
        let answers = examples.reduce(0) { $0 + $1.answerTokens }
        let scale = 1 / Float(max(1, answers))
        return PackedBatch.pack(examples, limit: options.maximumRows).reduce(0) {
            $0 + pass.run($1, gradientScale: scale)
        } / Double(max(1, answers))
    }

    /// Mean loss over all answer tokens, without gradients.
    ///
    /// - Precondition: the examples passed `check`.
    public func loss(of examples: [TrainingExample]) -> Double {
        let answers = examples.reduce(0) { $0 + $1.answerTokens }
        return PackedBatch.pack(examples, limit: options.maximumRows).reduce(0) {
            $0 + pass.run($1, gradientScale: nil)
        } / Double(max(1, answers))
    }

    /// One update; returns the mean loss before it and the gradient's norm before clipping.
    ///
    /// - Precondition: the examples passed `check`.
    public func step(_ examples: [TrainingExample], learningRate: Float) -> (loss: Double, gradientNorm: Double) {
        let loss = accumulateGradients(examples)
        let norm = optimizer.gradientNorm
        // torch's clip_grad_norm_: the factor is max / (norm + 1e-6), at most 1.
        let factor = options.clip.map { Float(min(1, $0 / (norm + 1e-6))) } ?? 1
        optimizer.step(learningRate: learningRate, factor: factor)
        pass.packAdapter()
        return (loss, norm)
    }

    /// The present values, in the terms that the session started from.
    public var adapter: TrainableAdapter { read(gradients: false) }

    /// The gradients that were last accumulated, as a value of the same shape: A and B hold their gradients.
    public var gradients: TrainableAdapter { read(gradients: true) }

    private func read(gradients: Bool) -> TrainableAdapter {
        var result = start
        for group in pass.groups.joined().compactMap({ $0 }) {
            for part in group.parts {
                let values = group.factors(part, gradients: gradients)
                guard var terms = result.terms[part.site] else { continue }
                if part.trainsA || gradients { terms[part.term].factors.a = values.a }
                if part.trainsB || gradients { terms[part.term].factors.b = values.b }
                result.terms[part.site] = terms
            }
        }
        return result
    }
}
