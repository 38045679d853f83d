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
        let batches = Self.batches(examples, options)
        var steps: [Step] = []
        for (index, batch) in batches.enumerated() {
            if shouldStop() { throw CancellationError() }
            let begin = ContinuousClock.now
            let rate = options.learningRate(step: index, of: batches.count)
            let loss: Double
            let norm: Double
            do throws(TrainingDiverged) {
                (loss, norm) = try session.step(batch, learningRate: rate)
            } catch {
                var error = error
                error.steps = steps
                throw error
            }
            let step = Step(
                index: index, count: batches.count, loss: loss, learningRate: rate, gradientNorm: norm,
                tokens: batch.reduce(0) { $0 + $1.tokens.count - 1 },
                seconds: (ContinuousClock.now - begin) / .seconds(1))
            steps.append(step)
            onStep(step)
        }
        let validationLoss = validation.isEmpty ? nil : session.loss(of: validation)
        if let validationLoss, !validationLoss.isFinite {
            var error = session.diverged(on: validation, loss: validationLoss, gradientNorm: 0)
            error.steps = steps
            throw error
        }
        return Outcome(adapter: session.adapter, steps: steps, validationLoss: validationLoss)
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
