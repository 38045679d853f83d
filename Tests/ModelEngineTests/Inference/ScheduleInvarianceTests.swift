import ModelEngine
import Synchronization
import Testing

/// Whatever shares the batch, however prompts are cut, shared and ordered, and on however many threads: every logit of a
/// sequence has the bits that it has alone.
@Suite("Batch invariance")
struct ScheduleInvarianceTests {
    /// The logits behind each new token of each request.
    private final class Recorder: Sendable {
        private let logits = Mutex<[Int: [[Float]]]>([:])
        func record(_ id: Int, _ row: [Float]) { logits.withLock { $0[id, default: []].append(row) } }
        var all: [Int: [[Float]]] { logits.withLock { $0 } }
    }

    private func run(
        _ model: LanguageModel, _ requests: [GenerationRequest], _ change: (inout Generator) -> Void = { _ in }
    ) throws -> (logits: [Int: [[Float]]], tokens: [Int: [Int32]]) {
        var generator = Generator(model)
        change(&generator)
        let recorder = Recorder()
        generator.onLogits = { recorder.record($0, $1) }
        var tokens: [Int: [Int32]] = [:]
        try generator.generate(requests) { tokens[$0.id] = $0.tokens }
        return (recorder.all, tokens)
    }

    /// Prompts of which many begin alike, under four adapters; some are drawn rather than greedy.
    private func requests(_ model: LanguageModel, _ noise: inout Noise) throws -> [GenerationRequest] {
        let adapters = try [nil, 3, 8, 17].map { rank in
            try rank.map {
                try PreparedAdapter(
                    TinyModel.randomAdapter(model.configuration, rank: $0, seed: $0), for: model.configuration)
            }
        }
        let beginnings = TinyModel.prompts([0, 5, 16, 17, 40, 70], seed: noise.index(below: 1 << 20))
        return (0..<14).map { id in
            let beginning = beginnings[noise.index(below: beginnings.count)]
            let rest = TinyModel.prompts([1 + noise.index(below: 30)], seed: noise.index(below: 1 << 20))[0]
            // Now and then the whole prompt is another's beginning, or the same.
            let prompt = beginning.count > 16 && noise.index(below: 4) == 0 ? beginning : beginning + rest
            return GenerationRequest(
                id: id, prompt: prompt, adapter: adapters[noise.index(below: 4)],
                maximumNewTokens: noise.index(below: 12),
                sampling: noise.index(below: 3) == 0
                    ? SamplingOptions(temperature: 0.9, topK: 20, topP: 0.9, seed: 4) : SamplingOptions(),
                stopsAtEndOfTurn: noise.index(below: 2) == 0)
        }
    }

    @Test("Random schedules give the bits of each sequence alone", arguments: WeightPrecision.allCases, 0..<12)
    func randomSchedules(precision: WeightPrecision, seed: Int) throws {
        var noise = Noise(seed * 7 + 1)
        let single = try TinyModel.load(threads: 1, precision: precision)
        let requests = try requests(single, &noise)
        var expected: (logits: [Int: [[Float]]], tokens: [Int: [Int32]]) = ([:], [:])
        for request in requests {
            let alone = try run(single, [request])
            expected.logits.merge(alone.logits) { $1 }
            expected.tokens.merge(alone.tokens) { $1 }
        }
        for threads in [1, 2, 3] {
            let model = try TinyModel.load(threads: threads, precision: precision)
            let sequences = 1 + noise.index(below: 16)
            let result = try run(model, noise.index(below: 2) == 0 ? requests : requests.reversed()) {
                $0 = Generator(model, maximumSequences: sequences, maximumRows: 1 + noise.index(below: 90))
                $0.longestChunk = noise.index(below: 2) == 0 ? nil : 1 + noise.index(below: 20)
                $0.maximumCacheBytes = [0, 60_000, 1 << 30][noise.index(below: 3)]
                $0.sharesPrefixes = noise.index(below: 4) > 0
                $0.groupsAdapters = noise.index(below: 4) > 0
            }
            #expect(result.tokens == expected.tokens)
            #expect(Set(result.logits.keys) == Set(expected.logits.keys))
            for (id, rows) in expected.logits {
                let difference = firstDifference(result.logits[id]?.flatMap { $0 } ?? [], rows.flatMap { $0 })
                #expect(difference == nil, "request \(id), \(threads) threads, \(sequences) in flight")
            }
        }
    }

    @Test("A shared beginning goes through the model once")
    func prefixesAreComputedOnce() throws {
        let model = try TinyModel.load(threads: 1)
        let beginning = TinyModel.prompts([100], seed: 1)[0]
        let requests = (0..<8).map { id in
            GenerationRequest(
                id: id, prompt: beginning + TinyModel.prompts([5], seed: id + 2)[0], maximumNewTokens: 2,
                stopsAtEndOfTurn: false)
        }
        func rows(shares: Bool) throws -> Int {
            var generator = Generator(model)
            generator.sharesPrefixes = shares
            let total = Mutex(0)
            generator.onStep = { count in total.withLock { $0 += count } }
            try generator.generate(requests) { _ in }
            return total.withLock { $0 }
        }
        // Each sequence runs its own five tokens and one of its two new ones; the hundred run once, or eight times.
        #expect(try rows(shares: true) == 100 + 8 * (5 + 1))
        #expect(try rows(shares: false) == 8 * (100 + 5 + 1))
    }

    @Test("Options of sampling out of range are refused before any work")
    func badSampling() throws {
        let model = try TinyModel.load(threads: 1)
        let request = GenerationRequest(
            id: 0, prompt: [5], maximumNewTokens: 1, sampling: SamplingOptions(temperature: -1))
        #expect(throws: ModelError.self) { try Generator(model).generate([request]) { _ in } }
    }
}
