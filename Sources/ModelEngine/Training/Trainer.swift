import Foundation
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
    /// - Throws: `badValue` for a model in 8 bits.
    public init(_ model: LanguageModel) throws(ModelError) {
        guard model.precision == .float32 else {
            throw ModelError(
                .badValue, "a model in 8 bits cannot be trained; load it in float32 for that", file: model.url.path)
        }
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

    /// A look at the validation examples.
    public struct Validation: Sendable, Equatable {
        /// Epochs that were done before it; 0 is the start.
        public var epoch: Int
        /// Updates that were made before it.
        public var step: Int
        /// Mean loss of the answers' tokens, in nats.
        public var loss: Double
    }

    /// A trained adapter and how it came about.
    public struct Outcome: Sendable {
        /// The adapter as it was when its validation loss was least, the earlier of equals; without validation
        /// examples, as it was at the end. The start itself is never chosen.
        public var adapter: TrainableAdapter
        public var steps: [Step]
        /// The looks at the validation examples: at the start and after every epoch; none without such examples.
        public var validations: [Validation]
        /// Mean loss of `adapter` on the validation examples; nil where there were none.
        public var validationLoss: Double?
        /// All tokens that went through the model in training.
        public var tokens: Int { steps.reduce(0) { $0 + $1.tokens } }
        /// Time of all updates.
        public var seconds: Double { steps.reduce(0) { $0 + $1.seconds } }
    }

    /// Trains from a start, for the options' number of epochs.
    ///
    /// - Parameters:
    ///   - validation: examples that decide after which epoch the adapter was best; they are never trained on.
    ///   - shouldStop: asked before every update; true ends the training with `CancellationError`.
    ///   - onStep: told of every update.
    /// - Throws: `ModelError` for examples that do not fit the model; `CancellationError`; `TrainingDiverged`, with the
    ///   last good adapter, when a loss, gradient or updated number is not finite.
    public func train(
        _ start: TrainableAdapter, on examples: [TrainingExample], validation: [TrainingExample] = [],
        options: TrainingOptions, shouldStop: () -> Bool = { false }, onStep: (Step) -> Void = { _ in }
    ) throws -> Outcome {
        guard !examples.isEmpty else {
            throw ModelError(.badValue, "there are no examples to train on; build a split with training examples")
        }
        let session = try TrainingSession(self, start, options: options)
        for example in examples + validation { try session.check(example) }
        let epochs = Self.batches(examples, options)
        let count = epochs.reduce(0) { $0 + $1.count }
        var outcome = Outcome(adapter: start, steps: [], validations: [])
        try validate(validation, session, epoch: 0, &outcome)
        for (epoch, batches) in epochs.enumerated() {
            for batch in batches {
                if shouldStop() { throw CancellationError() }
                let step = try step(session, batch, options, count: count, &outcome)
                onStep(step)
            }
            try validate(validation, session, epoch: epoch + 1, &outcome)
        }
        if validation.isEmpty { outcome.adapter = session.adapter }
        return outcome
    }

    private func step(
        _ session: TrainingSession, _ batch: [TrainingExample], _ options: TrainingOptions, count: Int,
        _ outcome: inout Outcome
    ) throws(TrainingDiverged) -> Step {
        let begin = ContinuousClock.now
        let index = outcome.steps.count
        let rate = options.learningRate(step: index, of: count)
        do {
            let (loss, norm) = try session.step(batch, learningRate: rate)
            let step = Step(
                index: index, count: count, loss: loss, learningRate: rate, gradientNorm: norm,
                tokens: batch.reduce(0) { $0 + $1.tokens.count - 1 },
                seconds: (ContinuousClock.now - begin) / .seconds(1))
            outcome.steps.append(step)
            return step
        } catch {
            var error = error
            error.steps = outcome.steps
            throw error
        }
    }

    /// Looks at the validation examples, and keeps the adapter if it is the best so far.
    private func validate(
        _ examples: [TrainingExample], _ session: TrainingSession, epoch: Int, _ outcome: inout Outcome
    ) throws(TrainingDiverged) {
        guard !examples.isEmpty else { return }
        let loss = session.loss(of: examples)
        guard loss.isFinite else {
            var error = session.diverged(on: examples, loss: loss, gradientNorm: 0)
            error.steps = outcome.steps
            throw error
        }
        outcome.validations.append(Validation(epoch: epoch, step: outcome.steps.count, loss: loss))
        guard epoch > 0, loss < outcome.validationLoss ?? .infinity else { return }
        outcome.validationLoss = loss
        outcome.adapter = session.adapter
    }

    /// Every epoch's examples in a new order, cut into batches.
    private static func batches(_ examples: [TrainingExample], _ options: TrainingOptions) -> [[[TrainingExample]]] {
        var generator = SeededGenerator(seed: options.seed, purpose: "training order")
        let size = max(1, options.batchSize)
        return (0..<max(0, options.epochs)).map { _ in
            let order = generator.shuffled(examples)
            return stride(from: 0, to: order.count, by: size).map { start in
                Array(order[start..<min(start + size, order.count)])
            }
        }
    }
}
