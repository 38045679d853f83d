import AdapterMerging
import ModelEngine
import SeededRandom
import TestSupport
import Testing

/// Every learned method on the tiny model: where training starts, that it gets somewhere, and what is kept.
struct LearnedMethodTests {
    /// What a method has to start at, and how many numbers it trains in a layer of a shape with adapters of rank 3.
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var parameters: MethodParameters = [:]
        var start: @Sendable ([LoRAAdapter]) throws -> LoRAAdapter
        var count: @Sendable (LoRAFactors) -> Int
        var takesUnequalRanks = false

        var testDescription: String { "\(name) \(parameters.json)" }

        func recipe() throws -> LearnedRecipe {
            guard case .learned(let recipe) = try MethodRegister.make(name: name, parameters: parameters).recipe else {
                throw MergeError(.badParameter, "\(name) is not a learned method")
            }
            return recipe
        }
    }

    static let rows: [Row] = [
        // At weights 0 nothing is left of the adapters: the base model.
        Row(
            name: "joint-expert", start: { try Concatenation.merge($0, weights: [0, 0]) },
            count: { 3 * ($0.inputs + $0.outputs) }),
        Row(name: "learnable-calibration", start: { try LinearMerge.merge($0) }, count: \.outputs),
        Row(
            name: "learnable-calibration", parameters: ["form": "output-bias"], start: { try LinearMerge.merge($0) },
            count: \.outputs),
        Row(
            name: "learnable-calibration-plus", start: { try LinearMerge.merge($0) },
            count: { 4 * ($0.inputs + $0.outputs) }),
        Row(
            name: "projection-merge", start: { try Concatenation.merge($0) }, count: { _ in 6 * 6 },
            takesUnequalRanks: true),
        Row(
            name: "projection-merge", parameters: ["weights": [1, -0.5]],
            start: { try Concatenation.merge($0, weights: [1, -0.5]) }, count: { _ in 6 * 6 }, takesUnequalRanks: true),
        Row(name: "lora-soups", start: { try Concatenation.merge($0) }, count: { _ in 2 }, takesUnequalRanks: true),
        Row(
            name: "adamerging", start: { try Concatenation.merge($0, weights: [0.3, 0.3]) }, count: { _ in 2 },
            takesUnequalRanks: true),
        Row(
            name: "adamerging", parameters: ["objective": "cross-entropy", "initial": 0.6],
            start: { try Concatenation.merge($0, weights: [0.6, 0.6]) }, count: { _ in 2 }, takesUnequalRanks: true),
    ]

    private let model: LanguageModel

    init() throws {
        model = try LanguageModel(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"), threads: 2)
    }

    /// A strong random adapter for every layer of the model.
    private func adapter(_ seed: UInt64, rank: Int = 3) throws -> LoRAAdapter {
        let shapes = Dictionary(
            uniqueKeysWithValues: model.configuration.sites.map { site in
                let shape = model.configuration.shape(of: site.projection)
                return (site, LayerShape(inputs: shape.inputs, outputs: shape.outputs))
            })
        var adapter = try LoRAInitialization.newAdapter(shapes: shapes, rank: rank, alpha: 6, seed: seed)
        for site in adapter.sites {
            var generator = SeededGenerator(seed: seed, purpose: "\(site)")
            let count = adapter.factors[site]?.b.count ?? 0
            adapter.factors[site]?.b = (0..<count).map { _ in Float(generator.nextUniform() - 0.5) }
        }
        return adapter
    }

    private var examples: [TrainingExample] {
        var generator = SeededGenerator(seed: 7)
        return [12, 25, 18, 30].map { length in
            TrainingExample(
                tokens: (0..<length).map { _ in Int32(3 + generator.nextUniform() * 290) }, answerStart: length / 2)
        }
    }

    private func options(_ recipe: LearnedRecipe) -> TrainingOptions {
        TrainingOptions(
            learningRate: Float(recipe.training.learningRate), epochs: 5, batchSize: 2, weightDecay: 0,
            objective: recipe.training.objective)
    }

    @Test(arguments: rows)
    func `training starts where the method says, with as many numbers as it says`(_ row: Row) throws {
        let trainer = try Trainer(model)
        for ranks in row.takesUnequalRanks ? [[3, 3], [2, 4]] : [[3, 3]] {
            let adapters = try [adapter(1, rank: ranks[0]), adapter(2, rank: ranks[1])]
            let recipe = try row.recipe()
            let start = try recipe.start(adapters, 3)
            let expected = try row.start(adapters)
            let loss = try TrainingSession(trainer, start, options: options(recipe)).loss(of: examples)
            let reference = try TrainingSession(
                trainer, TrainableAdapter(training: expected), options: options(recipe)
            ).loss(of: examples)
            #expect(abs(loss - reference) < 1e-5)
            #expect(start.sites == expected.sites)
            let count = expected.factors.values.reduce(0) { $0 + row.count($1) }
            #expect(start.trainableParameterCount == count)
            #expect(start.trainedTensors.reduce(0) { $0 + $1.values.count } == count)
            #expect(try recipe.extraParameters(for: adapters) == count)
        }
    }

    @Test(arguments: ["learnable-calibration", "learnable-calibration-plus", "projection-merge", "lora-soups"])
    func `at the start one adapter comes back, with room for what is learned`(_ name: String) throws {
        let weights: [String: ParameterValue] = name == "lora-soups" ? [:] : ["weights": [1]]
        let method = try MethodRegister.make(name: name, parameters: MethodParameters(weights), adapters: 1)
        guard case .learned(let recipe) = method.recipe else {
            Issue.record("\(name) learns nothing")
            return
        }
        let one = try adapter(1)
        let start = try recipe.start([one], 3)
        let merged = start.merged
        let further = ["learnable-calibration": 1, "learnable-calibration-plus": 4][name] ?? 0
        for site in one.sites {
            #expect(relativeError(merged.update(site), one.update(site)) < 1e-5)
            #expect(merged.factors[site]?.rank == 3 + further)
        }
    }

    @Test(arguments: rows)
    func `a few steps lower the loss, and the trained numbers alone make the adapter again`(_ row: Row) throws {
        let trainer = try Trainer(model)
        let adapters = try [adapter(1), adapter(2)]
        let recipe = try row.recipe()
        let start = try recipe.start(adapters, 3)
        let outcome = try trainer.train(start, on: examples, validation: examples, options: options(recipe))
        let before = try TrainingSession(trainer, start, options: options(recipe)).loss(of: examples)
        let after = try #require(outcome.validationLoss)
        #expect(after < before, "from \(before) to \(after)")

        var rebuilt = try recipe.start(adapters, 3)
        try rebuilt.restore(outcome.adapter.trainedTensors)
        #expect(rebuilt == outcome.adapter)

        // Plain LoRA gives the same answers: the objective of the trainable form is that of the merged one.
        let merged = outcome.adapter.merged
        let plain = try TrainingSession(trainer, TrainableAdapter(training: merged), options: options(recipe))
        #expect(abs(plain.loss(of: examples) - after) < 1e-5)
        var sum = 0.0
        for example in examples {
            sum -= try Generator(model).logLikelihood(
                of: example, adapter: PreparedAdapter(merged, for: model.configuration))
        }
        let tokens = examples.reduce(0) { $0 + $1.answerTokens }
        let likelihood = try TrainingSession(trainer, outcome.adapter, options: TrainingOptions())
        #expect(abs(likelihood.loss(of: examples) - sum / Double(tokens)) < 1e-4)
    }

    @Test func `a layer that one adapter lacks takes part with the other alone`() throws {
        let site = AdapterSite.query(0)
        var partial = try adapter(2)
        partial.factors[site] = nil
        let adapters = try [adapter(1), partial]
        let projection = try ProjectionMerge.start(adapters).terms[site]
        #expect(projection?.count == 1 && projection?[0].middle?.count == 9)
        for start in [try LoRASoups.start(adapters), try AdaMerging.start(adapters)] {
            #expect(start.terms[site]?.count == 1)
            #expect(start.terms[.down(0)]?.count == 2)
        }
    }

    @Test func `a bias is kept by what learns on the concatenation and refused by the linear merge`() throws {
        var biased = try adapter(1)
        let site = AdapterSite.query(1)
        let outputs = try #require(biased.factors[site]).outputs
        biased.factors[site]?.bias = [Float](repeating: 0.25, count: outputs)
        let adapters = try [biased, adapter(2)]
        // scaling 2, weight 1/2
        let expected = try #require(Concatenation.merge(adapters).factors[site]?.bias)
        #expect(expected.allSatisfy { $0 == 0.25 })
        for start in [try ProjectionMerge.start(adapters), try LoRASoups.start(adapters)] {
            #expect(start.merged.factors[site]?.bias == expected)
        }
        // A joint expert takes the layers alone, so it starts without the bias.
        #expect(try JointExpert.start(adapters, seed: 1).merged.factors[site]?.bias == nil)
        let error = #expect(throws: MergeError.self) { try LearnableCalibration.start(adapters) }
        #expect(error?.code == .unsupportedOption && error?.key == site.description)
        #expect(error?.message.contains("'cat'") == true)
    }
}
