import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("Training")
struct TrainerTests {
    private static let examples = TinyModel.prompts([12, 30, 7, 21, 45, 16, 33, 2, 25], seed: 21).map {
        TrainingExample(tokens: $0, answerStart: ($0.count + 1) / 2)
    }

    /// A new LoRA: A random, B zero.
    private func start(_ model: LanguageModel, rank: Int = 4, seed: Int = 1) -> TrainableAdapter {
        TrainableAdapter(training: TinyModel.idle(TinyModel.randomAdapter(model.configuration, rank: rank, seed: seed)))
    }

    @Test("Gradients have the same bits with 1, 2 and 3 threads")
    func threads() throws {
        var expected: (loss: Double, gradients: TrainableAdapter)?
        for threads in [1, 2, 3] {
            let trainer = try Trainer(TinyModel.load(threads: threads))
            let session = try TrainingSession(
                trainer, TrainableAdapter(training: TinyModel.lora()), options: TrainingOptions(maximumRows: 64))
            let loss = session.accumulateGradients(Self.examples)
            let gradients = session.gradients
            if let expected { #expect(loss == expected.loss && gradients == expected.gradients, "\(threads) threads") }
            expected = (loss, gradients)
        }
    }

    @Test("A whole training has the same bits with 1 and 2 threads")
    func threadsWholeTraining() throws {
        let outcomes = try [1, 2].map { threads in
            let model = try TinyModel.load(threads: threads)
            return try Trainer(model).train(
                start(model), on: Self.examples, options: TrainingOptions(learningRate: 1e-2, batchSize: 4))
        }
        #expect(outcomes[0].adapter == outcomes[1].adapter)
        #expect(outcomes[0].steps.map(\.loss) == outcomes[1].steps.map(\.loss))
        #expect(outcomes[0].steps.map(\.gradientNorm) == outcomes[1].steps.map(\.gradientNorm))
    }

    @Test("How sequences are packed into passes does not matter", arguments: [1, 40, 100])
    func packing(maximumRows: Int) throws {
        let trainer = try Trainer(TinyModel.load())
        func gradients(_ rows: Int) throws -> (Double, TrainableAdapter) {
            let session = try TrainingSession(
                trainer, TrainableAdapter(training: TinyModel.lora()), options: TrainingOptions(maximumRows: rows))
            let loss = session.accumulateGradients(Self.examples)
            return (loss, session.gradients)
        }
        let (loss, whole) = try gradients(512)
        let (partLoss, parts) = try gradients(maximumRows)
        #expect(abs(loss - partLoss) < 1e-12 * loss)
        for site in whole.sites {
            let expected = try #require(whole.terms[site]?.first).factors
            let found = try #require(parts.terms[site]?.first).factors
            // Only the order of the sums over rows differs.
            for (left, right) in [(found.a, expected.a), (found.b, expected.b)] {
                let largest = right.map(abs).reduce(0, max)
                #expect(zip(left, right).allSatisfy { abs($0 - $1) <= 1e-5 * largest }, "\(site)")
            }
        }
    }

    @Test("The loss is the one that the generator's logits give under the merged adapter")
    func sameModelAsGeneration() throws {
        let model = try TinyModel.load()
        var adapter = try TrainableAdapter(training: TinyModel.lora())
        for site in adapter.sites {
            let extra = try #require(
                TinyModel.randomAdapter(model.configuration, rank: 3, seed: site.layer * 7 + site.projection.index)
                    .factors[site])
            adapter.terms[site]?.append(AdapterTerm(factors: extra, trainsA: true, trainsB: false))
        }
        let session = try TrainingSession(Trainer(model), adapter, options: TrainingOptions())
        let prepared = try PreparedAdapter(adapter.merged, for: model.configuration)
        for example in Self.examples {
            let logits = try Generator(model).logits(of: example.tokens, adapter: prepared).map(Double.init)
            var expected = 0.0
            for index in example.answerStart..<example.tokens.count {
                let row = logits[(index - 1) * 300..<index * 300]
                let largest = row.reduce(-.infinity, max)
                expected += largest + log(row.reduce(0) { $0 + exp($1 - largest) })
                expected -= row[row.startIndex + Int(example.tokens[index])]
            }
            #expect(abs(session.loss(of: [example]) - expected / Double(example.answerTokens)) < 2e-5)
        }
    }

    @Test("Only the factors that are to be trained move")
    func frozenFactors() throws {
        let model = try TinyModel.load()
        var adapter = TrainableAdapter()
        for (index, site) in model.configuration.sites.enumerated() where index % 5 != 4 {
            // One to three terms a layer, trained in every combination.
            adapter.terms[site] = try (0...index % 3).map { term in
                let factors = try #require(
                    TinyModel.randomAdapter(model.configuration, rank: 1 + term * 2, seed: index * 3 + term).factors[
                        site])
                let kind = (index + term) % 4
                return AdapterTerm(factors: factors, trainsA: kind & 1 != 0, trainsB: kind & 2 != 0)
            }
        }
        let outcome = try Trainer(model).train(
            adapter, on: Self.examples, options: TrainingOptions(learningRate: 1e-2, epochs: 1, batchSize: 3))
        #expect(outcome.adapter.sites == adapter.sites)
        for site in adapter.sites {
            let before = try #require(adapter.terms[site])
            let after = try #require(outcome.adapter.terms[site])
            try #require(before.count == after.count)
            for (old, new) in zip(before, after) {
                #expect((old.factors.a != new.factors.a) == old.trainsA, "A of \(site)")
                #expect((old.factors.b != new.factors.b) == old.trainsB, "B of \(site)")
                #expect(new.factors.scaling == old.factors.scaling && new.factors.rank == old.factors.rank)
                #expect(new.trainsA == old.trainsA && new.trainsB == old.trainsB)
            }
        }
    }

    @Test("An adapter with nothing to train stays as it is")
    func nothingToTrain() throws {
        let model = try TinyModel.load()
        let frozen = try TrainableAdapter(
            terms: TinyModel.lora().factors.mapValues { [AdapterTerm(factors: $0, trainsA: false, trainsB: false)] })
        for adapter in [frozen, TrainableAdapter()] {
            let outcome = try Trainer(model).train(adapter, on: Self.examples, options: TrainingOptions(epochs: 1))
            #expect(outcome.adapter == adapter)
            #expect(outcome.steps.allSatisfy { $0.gradientNorm == 0 && $0.loss.isFinite })
        }
    }

    @Test("A few examples are learned by heart, and the model then says them")
    func overfit() throws {
        let model = try TinyModel.load()
        let prompts = TinyModel.prompts([10, 13], seed: 22)
        let answers = [Array(TinyModel.prompts([9], seed: 23)[0]), Array(TinyModel.prompts([6], seed: 24)[0])]
        let examples = zip(prompts, answers).map {
            TrainingExample(tokens: $0 + $1, answerStart: $0.count)
        }
        let outcome = try Trainer(model).train(
            start(model, rank: 8), on: examples, validation: examples,
            options: TrainingOptions(learningRate: 2e-2, epochs: 60, batchSize: 2))
        let first = try #require(outcome.steps.first).loss
        let last = try #require(outcome.validationLoss)
        #expect(first > 5)
        #expect(last < 0.1, "from \(first) to \(last)")
        let prepared = try PreparedAdapter(outcome.adapter.merged, for: model.configuration)
        var found: [Int: [Int32]] = [:]
        try Generator(model).generate(
            prompts.indices.map {
                GenerationRequest(
                    id: $0, prompt: prompts[$0], adapter: prepared, maximumNewTokens: answers[$0].count)
            }
        ) { found[$0.id] = $0.tokens }
        for index in prompts.indices { #expect(found[index] == answers[index]) }
    }

    @Test("The adapter of the epoch with the least validation loss is kept, not the last one")
    func bestEpoch() throws {
        let model = try TinyModel.load()
        let trainer = try Trainer(model)
        // Other answers to the same prompt: the better the one is known, the less likely are the others.
        let prompt = TinyModel.prompts([10], seed: 22)[0]
        let answers = TinyModel.prompts([8, 8], seed: 23)
        let seen = [TrainingExample(tokens: prompt + answers[0], answerStart: prompt.count)]
        let unseen = [TrainingExample(tokens: prompt + answers[1], answerStart: prompt.count)]
        let outcome = try trainer.train(
            start(model, rank: 8), on: seen, validation: unseen,
            options: TrainingOptions(learningRate: 3e-2, epochs: 8, batchSize: 2))
        #expect(outcome.validations.map(\.epoch) == Array(0...8))
        #expect(outcome.validations.map(\.step) == Array(0...8))
        let losses = outcome.validations.dropFirst().map(\.loss)
        let least = try #require(losses.min())
        #expect(outcome.validationLoss == least)
        let last = try #require(losses.last)
        #expect(last > least, "\(losses)")
        let kept = try TrainingSession(trainer, outcome.adapter, options: TrainingOptions())
        #expect(kept.loss(of: unseen) == least)
    }

    @Test("Without validation examples the last adapter is kept and nothing is measured")
    func noValidation() throws {
        let model = try TinyModel.load()
        let outcome = try Trainer(model).train(start(model), on: Self.examples, options: TrainingOptions(epochs: 1))
        #expect(outcome.validations.isEmpty && outcome.validationLoss == nil)
        let first = start(model)
        #expect(outcome.adapter != first)
    }

    @Test("The same seed gives the same training, another seed another order")
    func seeds() throws {
        let model = try TinyModel.load()
        let trainer = try Trainer(model)
        func outcome(_ seed: UInt64) throws -> Trainer.Outcome {
            try trainer.train(
                start(model), on: Self.examples, validation: [Self.examples[0]],
                options: TrainingOptions(learningRate: 1e-2, batchSize: 2, seed: seed))
        }
        let (first, again, other) = try (outcome(5), outcome(5), outcome(6))
        #expect(first.adapter == again.adapter)
        #expect(first.validationLoss == again.validationLoss)
        #expect(first.adapter != other.adapter)
        #expect(first.tokens == other.tokens)
    }

    @Test("Every epoch sees each example once; steps say what happened")
    func steps() throws {
        let model = try TinyModel.load()
        let options = TrainingOptions(learningRate: 1e-3, epochs: 3, batchSize: 4)
        var told: [Trainer.Step] = []
        let outcome = try Trainer(model).train(
            start(model), on: Self.examples, options: options, onStep: { told.append($0) })
        // 9 examples in batches of 4: 4 + 4 + 1.
        #expect(outcome.steps.count == 9)
        #expect(told == outcome.steps)
        let tokens = Self.examples.reduce(0) { $0 + $1.tokens.count - 1 }
        for epoch in 0..<3 {
            #expect(outcome.steps[epoch * 3..<epoch * 3 + 3].reduce(0) { $0 + $1.tokens } == tokens)
        }
        #expect(outcome.tokens == 3 * tokens)
        #expect(outcome.validationLoss == nil)
        for (index, step) in outcome.steps.enumerated() {
            #expect(step.index == index && step.count == 9)
            #expect(step.learningRate == options.learningRate(step: index, of: 9))
            #expect(step.gradientNorm > 0 && step.seconds > 0)
        }
        #expect(abs(outcome.seconds - outcome.steps.reduce(0) { $0 + $1.seconds }) < 1e-9)
    }

    @Test("The validation loss is that of the trained adapter")
    func validation() throws {
        let model = try TinyModel.load()
        let trainer = try Trainer(model)
        let outcome = try trainer.train(
            start(model), on: Self.examples, validation: Self.examples,
            options: TrainingOptions(learningRate: 1e-2, epochs: 1))
        let session = try TrainingSession(trainer, outcome.adapter, options: TrainingOptions())
        #expect(outcome.validationLoss == session.loss(of: Self.examples))
    }

    @Test("Without examples there is nothing to train on")
    func noExamples() throws {
        let model = try TinyModel.load(threads: 1)
        let error = #expect(throws: ModelError.self) {
            _ = try Trainer(model).train(start(model), on: [], options: TrainingOptions())
        }
        #expect(error?.code == .badValue)
        #expect(error?.message.contains("no examples") == true)
    }

    @Test(
        "A bad example is an error before any update, in training and in validation",
        arguments: [
            TrainingExample(tokens: [5, 6, 7], answerStart: 0), TrainingExample(tokens: [5, 6, 7], answerStart: 3),
            TrainingExample(tokens: [5, 6, 7], answerStart: -1), TrainingExample(tokens: [5], answerStart: 1),
            TrainingExample(tokens: [], answerStart: 1), TrainingExample(tokens: [5, 300], answerStart: 1),
            TrainingExample(tokens: [-1, 5], answerStart: 1),
            TrainingExample(tokens: [Int32](repeating: 5, count: 257), answerStart: 9),
        ])
    func badExamples(example: TrainingExample) throws {
        let model = try TinyModel.load(threads: 1)
        let trainer = try Trainer(model)
        var steps = 0
        for (training, validation) in [([Self.examples[0], example], []), ([Self.examples[0]], [example])] {
            let error = #expect(throws: ModelError.self) {
                _ = try trainer.train(
                    start(model), on: training, validation: validation, options: TrainingOptions(),
                    onStep: { _ in steps += 1 })
            }
            #expect(error?.code == .badValue)
        }
        #expect(steps == 0)
    }

    @Test("The longest sequence can be trained on, alone in its pass")
    func longestSequence() throws {
        let model = try TinyModel.load()
        let long = TrainingExample(tokens: TinyModel.prompts([256], seed: 25)[0], answerStart: 1)
        let session = try TrainingSession(Trainer(model), start(model), options: TrainingOptions(maximumRows: 16))
        try session.check(long)
        let loss = session.accumulateGradients([Self.examples[0], long, Self.examples[1]])
        #expect(loss.isFinite && loss > 0)
        #expect(abs(loss - session.loss(of: [long, Self.examples[1], Self.examples[0]])) < 1e-9)
    }

    @Test("Training can be cancelled between updates")
    func cancellation() throws {
        let model = try TinyModel.load()
        var steps = 0
        #expect(throws: CancellationError.self) {
            _ = try Trainer(model).train(
                start(model), on: Self.examples, options: TrainingOptions(batchSize: 2), shouldStop: { steps == 2 },
                onStep: { _ in steps += 1 })
        }
        #expect(steps == 2)
    }
}
