import Foundation
import ModelEngine
import TestSupport
import Testing

/// What methods train beside A and B: middle matrices, coefficients and biases.
///
/// Differences of the loss as in `FiniteDifferenceTests`.
@Suite("Training between, before and beside frozen factors")
struct ComposedTermTests {
    private static let examples = TinyModel.prompts([23, 38, 2], seed: 11).enumerated().map {
        TrainingExample(tokens: $0.element, answerStart: [12, 30, 1][$0.offset])
    }

    /// A middle and a coefficient in one term, beside one with a trained bias or a coefficient with limits; in one
    /// projection a bias alone.
    static func adapter(_ configuration: ModelConfiguration) throws -> TrainableAdapter {
        var noise = Noise(31)
        var result = TrainableAdapter()
        let strong = TinyModel.randomAdapter(configuration, rank: 3, seed: 5)
        let weak = TinyModel.randomAdapter(configuration, rank: 2, seed: 6)
        for site in configuration.sites {
            var first = try #require(strong.factors[site])
            var second = try #require(weak.factors[site])
            second.bias = noise.array(second.outputs, scale: 0.1)
            // One among others with the same input, one alone.
            if site.projection == .value || site == AdapterSite(layer: 1, projection: .output) {
                let alone = LoRAFactors(
                    rank: 0, inputs: first.inputs, outputs: first.outputs, a: [], b: [], scaling: 2,
                    bias: noise.array(first.outputs, scale: 0.1))
                result.terms[site] = [AdapterTerm(factors: alone, trainsBias: true)]
                continue
            }
            if site.projection == .gate { first.bias = noise.array(first.outputs, scale: 0.1) }
            let isEven = site.projection.index % 2 == 0
            result.terms[site] = [
                AdapterTerm(
                    factors: first, middle: noise.array(9, scale: 0.5), coefficient: isEven ? 0.7 : nil),
                isEven
                    ? AdapterTerm(factors: second, trainsA: true, trainsBias: true)
                    : AdapterTerm(factors: second, coefficient: 0.4, coefficientLimits: 0...1),
            ]
        }
        return result
    }

    private func loss(_ trainer: Trainer, _ adapter: TrainableAdapter, _ options: TrainingOptions) throws -> Double {
        try TrainingSession(trainer, adapter, options: options).loss(of: Self.examples)
    }

    @Test("Every trained tensor's gradient is the slope of the loss", arguments: TrainingObjective.allCases)
    func gradients(objective: TrainingObjective) throws {
        let options = TrainingOptions(maximumRows: 80, objective: objective)
        let model = try TinyModel.load(threads: 1)
        let trainer = try Trainer(model)
        let start = try Self.adapter(model.configuration)
        let session = try TrainingSession(trainer, start, options: options)
        session.accumulateGradients(Self.examples)
        let tensors = start.trainedTensors
        let gradients = session.gradients.trainedTensors
        #expect(gradients.map(\.name) == tensors.map(\.name))
        for (index, gradient) in gradients.enumerated() {
            let length = gradient.values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            try #require(length > 1e-4, "\(gradient.name)")
            let step = min(0.02, 0.01 / length)
            let slope = try [step, -step].map { amount in
                var moved = tensors
                for k in gradient.values.indices {
                    moved[index].values[k] += Float(amount / length) * gradient.values[k]
                }
                var adapter = start
                try adapter.restore(moved)
                return try loss(trainer, adapter, options)
            }
            #expect(abs((slope[0] - slope[1]) / (2 * step) / length - 1) < 5e-3, "\(gradient.name)")
        }
    }

    @Test("The entropy is that of the model's prediction at the answers' positions, whatever the answers' tokens")
    func entropy() throws {
        let model = try TinyModel.load()
        let adapter = try TinyModel.lora()
        let example = Self.examples[1]
        let logits = try Generator(model).logits(
            of: example.tokens, adapter: PreparedAdapter(adapter, for: model.configuration)
        ).map(Double.init)
        let width = model.configuration.vocabularySize
        let expected = (example.answerStart..<example.tokens.count).reduce(0.0) { sum, index in
            let row = logits[(index - 1) * width..<index * width]
            let largest = row.reduce(-.infinity, max)
            let total = row.reduce(0) { $0 + exp($1 - largest) }
            return sum + log(total) - row.reduce(0) { $0 + exp($1 - largest) / total * ($1 - largest) }
        }
        let session = try TrainingSession(
            Trainer(model), TrainableAdapter(training: adapter), options: TrainingOptions(objective: .entropy))
        #expect(abs(session.loss(of: [example]) - expected / Double(example.answerTokens)) < 2e-5)
        // The last token is a target alone, never read.
        var other = example
        other.tokens[other.tokens.count - 1] = 7
        #expect(session.loss(of: [other]) == session.loss(of: [example]))
    }

    @Test("A coefficient outside its limits is cut off and has no gradient")
    func limits() throws {
        let trainer = try Trainer(TinyModel.load(threads: 1))
        let site = AdapterSite(layer: 0, projection: .up)
        let factors = try #require(TinyModel.lora().factors[site])
        func adapter(_ coefficient: Float) -> TrainableAdapter {
            TrainableAdapter(terms: [
                site: [AdapterTerm(factors: factors, coefficient: coefficient, coefficientLimits: 0...1)]
            ])
        }
        for (outside, limit) in [(Float(1.5), Float(1)), (-0.5, 0)] {
            let session = try TrainingSession(trainer, adapter(outside), options: TrainingOptions())
            #expect(try session.accumulateGradients(Self.examples) == loss(trainer, adapter(limit), TrainingOptions()))
            #expect(session.gradients.trainedTensors[0].values == [0])
            #expect(adapter(outside).merged == adapter(limit).merged)
            #expect(session.adapter == adapter(outside))
        }
    }

    @Test("The merged adapter gives the loss of the trainable form")
    func merged() throws {
        let model = try TinyModel.load()
        let trainer = try Trainer(model)
        let start = try Self.adapter(model.configuration)
        let outcome = try trainer.train(
            start, on: Self.examples, options: TrainingOptions(learningRate: 1e-2, epochs: 2, batchSize: 2))
        for adapter in [start, outcome.adapter] {
            let plain = TrainableAdapter(training: adapter.merged)
            let difference = try loss(trainer, adapter, TrainingOptions()) - loss(trainer, plain, TrainingOptions())
            #expect(abs(difference) < 1e-5)
            // The bias goes the same way in inference.
            let prepared = try PreparedAdapter(adapter.merged, for: model.configuration)
            let example = Self.examples[1]
            let likelihood = try Generator(model).logLikelihood(of: example, adapter: prepared)
            let session = try TrainingSession(trainer, adapter, options: TrainingOptions())
            #expect(abs(session.loss(of: [example]) * Double(example.answerTokens) + likelihood) < 1e-3)
        }
    }

    @Test("Training moves the trained numbers and nothing else, with the same bits on 1 and 2 threads")
    func onlyTrained() throws {
        let outcomes = try [1, 2].map { threads in
            let model = try TinyModel.load(threads: threads)
            return try Trainer(model).train(
                Self.adapter(model.configuration), on: Self.examples,
                options: TrainingOptions(learningRate: 1e-2, epochs: 2, batchSize: 2, maximumRows: 40))
        }
        #expect(outcomes[0].adapter == outcomes[1].adapter)
        let model = try TinyModel.load(threads: 1)
        let start = try Self.adapter(model.configuration)
        let trainer = try Trainer(model)
        #expect(
            try loss(trainer, outcomes[0].adapter, TrainingOptions()) < loss(trainer, start, TrainingOptions()) - 0.1)
        let tensors = outcomes[0].adapter.trainedTensors
        for (old, new) in zip(start.trainedTensors, tensors) {
            #expect(old.name == new.name && old.shape == new.shape && old.values != new.values)
        }
        #expect(tensors.reduce(0) { $0 + $1.values.count } == start.trainableParameterCount)
        // The start and the trained numbers alone make the whole again.
        var rebuilt = start
        try rebuilt.restore(tensors)
        #expect(rebuilt == outcomes[0].adapter)
    }

    @Test("Trained tensors that do not fit are refused by name, and nothing changes")
    func restoring() throws {
        let start = try Self.adapter(TinyModel.load(threads: 1).configuration)
        let tensors = start.trainedTensors
        var adapter = start
        var other = tensors
        other[0].name = "model.layers.9.mlp.up_proj.0.middle"
        for (wrong, code, name) in [
            (Array(tensors.dropLast()), ModelError.Code.missingTensor, tensors.last?.name),
            (tensors + [other[0]], .badAdapter, other[0].name),
            ([(tensors[0].name, [1], [0])] + tensors.dropFirst(), .badShape, tensors[0].name),
        ] {
            let error = #expect(throws: ModelError.self) { try adapter.restore(wrong) }
            #expect(error?.code == code && error?.tensor == name)
            #expect(adapter == start)
        }
    }
}
