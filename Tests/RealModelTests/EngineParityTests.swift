import Foundation
import ModelEngine
import TestSupport
import Synchronization
import Testing

private struct LogitsGolden: Decodable {
    struct Prompt: Decodable {
        struct Position: Decodable {
            var position: Int
            var logits: [Float]
            var topIds: [Int]
            var topLogits: [Float]
        }
        var tokens: [Int32]
        var positions: [Position]
    }
    var vocabularyIndices: [Int]
    var prompts: [Prompt]
}

private struct GreedyGolden: Decodable {
    var promptIds: [Int32]
    var tokens: [Int32]
    var ended: Bool
    var gaps: [Double]

    /// What was said, without the token that ended it.
    var words: [Int32] { ended ? tokens.dropLast() : tokens }
}

/// SmolLM2 in this engine against the reference implementation in float32.
@Suite("The real model", .enabled(if: RealModel.path != nil, RealModel.reason), .serialized)
struct EngineParityTests {
    private let golden: LogitsGolden
    private let greedy: [GreedyGolden]
    private let model: LanguageModel

    init() throws {
        golden = try Fixtures.json(LogitsGolden.self, "smollm2/logits.json")
        greedy = try Fixtures.jsonLines(GreedyGolden.self, "smollm2/greedy.jsonl")
        model = try RealModel.load(threads: 2)
    }

    @Test("Logits agree with the reference")
    func logits() throws {
        let size = model.configuration.vocabularySize
        var worst: Float = 0
        #expect(golden.prompts.count == 7)
        for prompt in golden.prompts {
            let logits = try Generator(model).logits(of: prompt.tokens)
            for expected in prompt.positions {
                let row = logits[expected.position * size..<(expected.position + 1) * size]
                let indices = golden.vocabularyIndices + expected.topIds
                for (index, value) in zip(indices, expected.logits + expected.topLogits) {
                    worst = max(worst, abs(row[row.startIndex + index] - value))
                }
                #expect(row.max().map { row[row.startIndex + expected.topIds[0]] > $0 - 1e-3 } == true)
            }
        }
        print("Logits of the real model: worst difference to the reference \(worst)")
        #expect(worst < 2e-3)
    }

    @Test("Greedy decoding says what the reference says")
    func greedyDecoding() throws {
        var results: [Int: GenerationResult] = [:]
        try Generator(model).generate(
            greedy.indices.map { GenerationRequest(id: $0, prompt: greedy[$0].promptIds, maximumNewTokens: 64) }
        ) { results[$0.id] = $0 }
        var identical = 0
        for (index, expected) in greedy.enumerated() {
            let result = try #require(results[index])
            if result.tokens == expected.words {
                #expect((result.finish == .stop) == expected.ended, "prompt \(index)")
                identical += 1
                continue
            }
            // A stop token counts as the step behind the last word.
            let step = zip(result.tokens, expected.words).prefix { $0 == $1 }.count
            let gap = expected.gaps.indices.contains(step) ? expected.gaps[step] : .infinity
            #expect(gap < 1e-3, "prompt \(index) leaves the reference at step \(step), where the gap is \(gap)")
        }
        let seconds = results.values.reduce(0) { $0 + $1.seconds }
        let tokens = results.values.reduce(0) { $0 + $1.tokens.count }
        print("Greedy decoding: \(identical) of \(greedy.count) identical; \(tokens) tokens in \(seconds) s")
        #expect(greedy.count == 50)
    }

    @Test("Logits have the same bits with 1 and 2 threads")
    func threads() throws {
        let single = try RealModel.load(threads: 1)
        let adapter = randomAdapter(rank: 16)
        for prompt in [golden.prompts[0], golden.prompts[6]] {
            for adapter in [nil, adapter] {
                let one = try Generator(single).logits(
                    of: prompt.tokens, adapter: adapter.map { try PreparedAdapter($0, for: single.configuration) })
                let two = try Generator(model).logits(
                    of: prompt.tokens, adapter: adapter.map { try PreparedAdapter($0, for: model.configuration) })
                #expect(sameBits(one, two))
            }
        }
    }

    @Test("A row of logits has the same bits for every length of the pass")
    func passes() throws {
        // 1, 33 and 118 rows run through different tiles and chunks of attention.
        let tokens = golden.prompts[5].tokens
        let size = model.configuration.vocabularySize
        let whole = try Generator(model).logits(of: tokens)
        for count in [1, 2, 17, 33, tokens.count - 1] {
            let part = try Generator(model).logits(of: Array(tokens.prefix(count)))
            #expect(sameBits(part, Array(whole[..<(count * size)])), "\(count) tokens")
        }
    }

    @Test("Logits have the same bits alone and in a batch of 32 with other adapters, with 1 and 2 threads")
    func batches() throws {
        let single = try RealModel.load(threads: 1)
        func requests(_ model: LanguageModel) throws -> [GenerationRequest] {
            let adapters = try [
                nil, PreparedAdapter(randomAdapter(rank: 8), for: model.configuration),
                PreparedAdapter(randomAdapter(rank: 32), for: model.configuration),
            ]
            return (0..<32).map {
                GenerationRequest(
                    id: $0, prompt: greedy[$0].promptIds, adapter: adapters[$0 % 3], maximumNewTokens: 16)
            }
        }
        let batch = try fingerprints(Generator(model), requests(model))
        for request in try requests(single) where request.id % 6 < 3 && request.id < 18 {
            let alone = try fingerprints(Generator(single, maximumSequences: 1, maximumRows: 24), [request])
            #expect(alone[request.id] == batch[request.id], "prompt \(request.id)")
        }
        for request in try requests(model) where request.id % 6 < 3 && request.id < 18 {
            #expect(
                try fingerprints(Generator(model), [request])[request.id] == batch[request.id], "prompt \(request.id)")
        }
    }

    /// FNV-1a over the bits of all logits behind each new token, by request.
    private func fingerprints(_ generator: Generator, _ requests: [GenerationRequest]) throws -> [Int: [UInt64]] {
        let found = Mutex<[Int: [UInt64]]>([:])
        var generator = generator
        generator.onLogits = { id, row in
            let hash = row.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
            found.withLock { $0[id, default: []].append(hash) }
        }
        try generator.generate(requests) { _ in }
        return found.withLock { $0 }
    }

    @Test("In 8 bits, too, a sequence has the bits that it has alone, and says much the same")
    func eightBits() throws {
        let model = try LanguageModel(contentsOf: self.model.url, threads: 2, precision: .int8)
        let adapter = try PreparedAdapter(randomAdapter(rank: 8), for: model.configuration)
        let requests = greedy.prefix(12).enumerated().map { index, golden in
            GenerationRequest(
                id: index, prompt: golden.promptIds, adapter: index % 2 == 0 ? nil : adapter, maximumNewTokens: 8)
        }
        let together = try fingerprints(Generator(model), requests)
        let alone = Generator(try LanguageModel(contentsOf: model.url, threads: 1, precision: .int8))
        for request in requests {
            #expect(try fingerprints(alone, [request]) == [request.id: together[request.id] ?? []])
        }
        // The prompts' own likelihood, so that a broken kernel shows: 1 % of perplexity is what 8 bits may lose.
        func likelihood(_ model: LanguageModel) throws -> (nats: Double, tokens: Int) {
            try greedy.reduce((0, 0)) { sum, golden in
                let example = TrainingExample(tokens: golden.promptIds + golden.words, answerStart: 1)
                return (sum.0 + (try Generator(model).logLikelihood(of: example)), sum.1 + example.answerTokens)
            }
        }
        let whole = try likelihood(self.model)
        let coarse = try likelihood(model)
        let ratio = exp((whole.nats - coarse.nats) / Double(whole.tokens))
        print("Perplexity in 8 bits: \(ratio) times that in float32, over \(whole.tokens) tokens")
        #expect(abs(ratio - 1) < 0.02)
    }

    @Test("Three updates of a LoRA lower the loss")
    func training() throws {
        let trainer = try Trainer(model)
        let examples = greedy.prefix(8).map { golden in
            // The prompts' own words are the answers: far from what the model would say, so there is much to learn.
            TrainingExample(tokens: golden.promptIds, answerStart: golden.promptIds.count / 2)
        }
        let start = LoRAAdapter(
            factors: randomAdapter(rank: 8).factors.mapValues {
                LoRAFactors(
                    rank: $0.rank, inputs: $0.inputs, outputs: $0.outputs, a: $0.a,
                    b: [Float](repeating: 0, count: $0.b.count), scaling: 2)
            })
        let outcome = try trainer.train(
            TrainableAdapter(training: start), on: examples, validation: examples,
            options: TrainingOptions(learningRate: 2e-3, epochs: 3, batchSize: 8))
        let losses = outcome.steps.map(\.loss)
        print(
            "Training the real model: losses \(losses), then \(outcome.validationLoss ?? .nan);",
            "\(Double(outcome.tokens) / outcome.seconds) tokens a second")
        #expect(losses.count == 3)
        // The first loss is the base model's, since B = 0.
        let logits = try Generator(model).logits(of: examples[0].tokens)
        let session = try TrainingSession(trainer, TrainableAdapter(), options: TrainingOptions())
        #expect(abs(session.loss(of: [examples[0]]) - loss(of: examples[0], logits)) < 1e-4)
        #expect(abs(session.loss(of: examples) - losses[0]) < 1e-5)
        #expect(losses[1] < losses[0] && losses[2] < losses[1])
        #expect(try #require(outcome.validationLoss) < losses[2])
    }

    /// Mean cross-entropy of an answer in Double.
    private func loss(of example: TrainingExample, _ logits: [Float]) -> Double {
        let size = model.configuration.vocabularySize
        var sum = 0.0
        for index in example.answerStart..<example.tokens.count {
            let row = logits[(index - 1) * size..<index * size].map(Double.init)
            let largest = row.reduce(-.infinity, max)
            sum += largest + log(row.reduce(0) { $0 + exp($1 - largest) }) - row[Int(example.tokens[index])]
        }
        return sum / Double(example.answerTokens)
    }

    private func randomAdapter(rank: Int) -> LoRAAdapter {
        var state = UInt64(rank)
        func numbers(_ count: Int) -> [Float] {
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31 * 0.04
            }
        }
        var adapter = LoRAAdapter()
        for site in model.configuration.sites {
            let shape = model.configuration.shape(of: site.projection)
            adapter.factors[site] = LoRAFactors(
                rank: rank, inputs: shape.inputs, outputs: shape.outputs, a: numbers(rank * shape.inputs),
                b: numbers(shape.outputs * rank), scaling: 2)
        }
        return adapter
    }

    private func sameBits(_ left: [Float], _ right: [Float]) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern }
    }
}
