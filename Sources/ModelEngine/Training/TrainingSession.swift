/// One adapter in training: its factors, gradients and optimizer.
public final class TrainingSession {
    private let model: LanguageModel
    private let start: TrainableAdapter
    private let options: TrainingOptions
    private let pass: TrainingPass
    private var optimizer: AdamW
    /// The trained numbers before the present update, by slice.
    private let before: [FloatBuffer]
    /// Updates that were made.
    private var updates = 0

    /// - Throws: `badAdapter` where the adapter does not fit the model.
    public init(_ trainer: Trainer, _ start: TrainableAdapter, options: TrainingOptions) throws(ModelError) {
        model = trainer.model
        self.start = start
        self.options = options
        try start.merged.check(against: model.configuration)
        pass = TrainingPass(model, trainer.weights, adapter: start, options: options)
        optimizer = AdamW(pass.groups.joined().compactMap { $0 }.flatMap(\.parameters), options)
        before = optimizer.slices.map { FloatBuffer($0.range.count) }
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

    /// Mean loss (the options' objective) over all answer tokens of the examples, and the gradients for it: the sum over passes.
    ///
    /// - Precondition: the examples passed `check`.
    @discardableResult
    public func accumulateGradients(_ examples: [TrainingExample]) -> Double {
        pass.clearGradients()
        let answers = examples.reduce(0) { $0 + $1.answerTokens }
        let scale = 1 / Float(max(1, answers))
        let loss = PackedBatch.pack(examples, limit: options.maximumRows).reduce(0) {
            $0 + pass.run($1, gradientScale: scale)
        }
        pass.unfoldGradients()
        return loss / Double(max(1, answers))
    }

    /// Mean loss (the options' objective) over all answer tokens, without gradients.
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
    /// - Throws: `TrainingDiverged` when the loss, a gradient or an updated number is not finite; the trained numbers are
    ///   then those from before this update.
    public func step(
        _ examples: [TrainingExample], learningRate: Float
    ) throws(TrainingDiverged) -> (loss: Double, gradientNorm: Double) {
        let loss = accumulateGradients(examples)
        let norm = optimizer.gradientNorm
        guard loss.isFinite, norm.isFinite else { throw diverged(on: examples, loss: loss, gradientNorm: norm) }
        for (slice, kept) in zip(optimizer.slices, before) {
            kept.pointer.update(from: slice.values.pointer + slice.range.lowerBound, count: slice.range.count)
        }
        // torch's clip_grad_norm_: the factor is max / (norm + 1e-6), at most 1.
        let factor = options.clip.map { Float(min(1, $0 / (norm + 1e-6))) } ?? 1
        optimizer.step(learningRate: learningRate, factor: factor)
        if let site = pass.firstParameterNotFinite() {
            for (slice, kept) in zip(optimizer.slices, before) {
                (slice.values.pointer + slice.range.lowerBound).update(from: kept.pointer, count: slice.range.count)
            }
            throw TrainingDiverged(
                step: updates, site: site.description, quantity: .update, loss: loss, gradientNorm: norm,
                adapter: adapter)
        }
        pass.packAdapter()
        updates += 1
        return (loss, norm)
    }

    /// The error for examples whose loss or gradient is not finite, with the first layer where that shows.
    func diverged(on examples: [TrainingExample], loss: Double, gradientNorm: Double) -> TrainingDiverged {
        var place: (site: String, quantity: TrainingDiverged.Quantity)?
        if let site = pass.firstGradientNotFinite() { place = (site.description, .gradient) }
        // What the forward pass shows comes first, so it wins.
        let batches = PackedBatch.pack(examples, limit: options.maximumRows)
        if let site = batches.lazy.compactMap({ self.pass.firstActivationNotFinite($0) }).first {
            place = (site, .activation)
        }
        return TrainingDiverged(
            step: updates, site: place?.site ?? TrainingPass.headName, quantity: place?.quantity ?? .activation,
            loss: loss, gradientNorm: gradientNorm, adapter: adapter)
    }

    /// The present values, in the terms that the session started from.
    public var adapter: TrainableAdapter { read(gradients: false) }

    /// The gradients that were last accumulated, as a value of the same shape: the trained numbers' places hold them, and
    /// frozen factors are 0.
    public var gradients: TrainableAdapter { read(gradients: true) }

    private func read(gradients: Bool) -> TrainableAdapter {
        var result = start
        for group in pass.groups.joined().compactMap({ $0 }) {
            for part in group.parts {
                guard var terms = result.terms[part.site] else { continue }
                group.read(part, into: &terms[part.term], gradients: gradients)
                result.terms[part.site] = terms
            }
        }
        return result
    }
}
