import ModelEngine
import TestSupport
import Testing

/// Whole rows of logits by the reference implementation.
private struct LogitsGolden: Decodable {
    struct Sequence: Decodable {
        var tokens: [Int32]
        var positions: [Int]
        var logits: [[Float]]
    }
    var model: String
    var vocabulary: Int
    var sequences: [Sequence]
}

@Suite("Logits of the tiny model")
struct LogitsGoldenTests {
    @Test(
        "They agree with the reference", arguments: ["logits.json", "untied-logits.json", "lora-logits.json"], [1, 2])
    func agree(file: String, threads: Int) throws {
        let golden = try Fixtures.json(LogitsGolden.self, "tiny/\(file)")
        let model = try TinyModel.load(golden.model, threads: threads)
        let adapter =
            try file == "lora-logits.json"
            ? PreparedAdapter(TinyModel.lora(), for: model.configuration) : nil
        let generator = Generator(model)
        #expect(model.configuration.vocabularySize == golden.vocabulary)
        #expect(!golden.sequences.isEmpty)
        for sequence in golden.sequences {
            let logits = try generator.logits(of: sequence.tokens, adapter: adapter)
            #expect(logits.count == sequence.tokens.count * golden.vocabulary)
            for (position, expected) in zip(sequence.positions, sequence.logits) {
                let row = logits[position * golden.vocabulary..<(position + 1) * golden.vocabulary]
                let worst = zip(row, expected).map { abs($0 - $1) }.reduce(0, max)
                #expect(worst < 1e-4, "\(sequence.tokens.count) tokens, position \(position)")
            }
        }
    }

    @Test("A longer sequence begins with the logits of its beginning, bit for bit")
    func prefixes() throws {
        let model = try TinyModel.load()
        let generator = Generator(model)
        let tokens = TinyModel.prompts([70], seed: 4)[0]
        let size = model.configuration.vocabularySize
        let whole = try generator.logits(of: tokens)
        for count in [1, 2, 15, 16, 17, 32, 33, 64, 65, 69] {
            let part = try generator.logits(of: Array(tokens.prefix(count)))
            #expect(firstDifference(part, Array(whole[..<(count * size)])) == nil, "\(count) tokens")
        }
    }

    @Test("They have the same bits with 1, 2 and 3 threads, with and without an adapter")
    func threads() throws {
        let tokens = TinyModel.prompts([61], seed: 5)[0]
        var base: [Float]?
        var adapted: [Float]?
        for threads in [1, 2, 3] {
            let model = try TinyModel.load(threads: threads)
            #expect(model.threads == threads)
            let generator = Generator(model)
            let adapter = try PreparedAdapter(TinyModel.lora(), for: model.configuration)
            let plain = try generator.logits(of: tokens)
            let changed = try generator.logits(of: tokens, adapter: adapter)
            #expect(base.flatMap { firstDifference(plain, $0) } == nil, "\(threads) threads")
            #expect(adapted.flatMap { firstDifference(changed, $0) } == nil, "\(threads) threads")
            (base, adapted) = (plain, changed)
        }
    }

    @Test("The longest sequence that the model takes works, one token more is an error")
    func contextLength() throws {
        let model = try TinyModel.load()
        let tokens = TinyModel.prompts([257], seed: 7)[0]
        let logits = try Generator(model).logits(of: Array(tokens.prefix(256)))
        #expect(logits.count == 256 * 300)
        #expect(logits.allSatisfy { $0.isFinite })
        let error = #expect(throws: ModelError.self) { _ = try Generator(model).logits(of: tokens) }
        #expect(error?.code == .badValue)
        #expect(error?.message.contains("257") == true && error?.message.contains("256") == true)
    }

    @Test("An adapter whose B is zero, or without layers, changes nothing", arguments: [0, 4])
    func idleAdapter(rank: Int) throws {
        let model = try TinyModel.load()
        let tokens = TinyModel.prompts([20], seed: 8)[0]
        let adapter =
            rank == 0
            ? LoRAAdapter() : TinyModel.idle(TinyModel.randomAdapter(model.configuration, rank: rank, seed: 1))
        let prepared = try PreparedAdapter(adapter, for: model.configuration)
        let generator = Generator(model)
        let changed = try generator.logits(of: tokens, adapter: prepared)
        let base = try generator.logits(of: tokens)
        // A sum with 0 may turn −0 into 0, so values are compared, not bits.
        #expect(changed == base)
    }

    @Test("A change of one projection is the same as a change of its weight", arguments: Projection.allCases)
    func oneProjection(projection: Projection) throws {
        // One adapter over the rank-8 stack of two others gives the sum of both updates.
        let model = try TinyModel.load()
        let tokens = TinyModel.prompts([24], seed: 9)[0]
        let first = TinyModel.randomAdapter(model.configuration, rank: 4, projections: [projection], seed: 2)
        let second = TinyModel.randomAdapter(model.configuration, rank: 4, projections: [projection], seed: 3)
        let sum = TrainableAdapter(
            terms: first.factors.mapValues { [AdapterTerm(factors: $0, trainsA: false, trainsB: false)] }.merging(
                second.factors.mapValues { [AdapterTerm(factors: $0, trainsA: false, trainsB: false)] },
                uniquingKeysWith: +)
        ).merged
        var dense = LoRAAdapter()
        for site in first.sites {
            // W + ΔW as a full-rank update: A = I, B = ΔW, computed in Double.
            let one = try #require(first.factors[site])
            let other = try #require(second.factors[site])
            var b = [Float](repeating: 0, count: one.outputs * one.inputs)
            for o in 0..<one.outputs {
                for i in 0..<one.inputs {
                    var value = 0.0
                    for factors in [one, other] {
                        for r in 0..<factors.rank {
                            value +=
                                Double(factors.scaling) * Double(factors.b[o * factors.rank + r])
                                * Double(factors.a[r * factors.inputs + i])
                        }
                    }
                    b[o * one.inputs + i] = Float(value)
                }
            }
            let identity = (0..<one.inputs * one.inputs).map { Float($0 / one.inputs == $0 % one.inputs ? 1 : 0) }
            dense.factors[site] = LoRAFactors(
                rank: one.inputs, inputs: one.inputs, outputs: one.outputs, a: identity, b: b, scaling: 1)
        }
        let generator = Generator(model)
        let low = try generator.logits(of: tokens, adapter: PreparedAdapter(sum, for: model.configuration))
        let full = try generator.logits(of: tokens, adapter: PreparedAdapter(dense, for: model.configuration))
        let base = try generator.logits(of: tokens)
        #expect(zip(low, full).map { abs($0 - $1) }.reduce(0, max) < 1e-4)
        #expect(zip(low, base).map { abs($0 - $1) }.reduce(0, max) > 1e-2)
    }
}
