import ModelEngine
import Synchronization
import Testing

@Suite("Logits behind each new token")
struct StepLogitsTests {
    /// All logits by request and step, as bits.
    private func logits(_ generator: Generator, _ requests: [GenerationRequest]) throws -> [[[Float]]] {
        let rows = Mutex<[Int: [[Float]]]>([:])
        var generator = generator
        generator.onLogits = { id, row in rows.withLock { $0[id, default: []].append(row) } }
        try generator.generate(requests) { _ in }
        return rows.withLock { rows in requests.map(\.id).sorted().map { rows[$0] ?? [] } }
    }

    private func requests(_ model: LanguageModel) throws -> [GenerationRequest] {
        let adapters = try [
            nil, PreparedAdapter(TinyModel.lora(), for: model.configuration),
            PreparedAdapter(TinyModel.randomAdapter(model.configuration, rank: 17, seed: 2), for: model.configuration),
        ]
        return TinyModel.prompts((0..<32).map { 1 + $0 * 13 % 70 }, seed: 31).enumerated().map {
            GenerationRequest(
                id: $0.offset, prompt: $0.element, adapter: adapters[$0.offset * 5 % 3], maximumNewTokens: 20)
        }
    }

    @Test(
        "They have the same bits alone and in every batch, chunk and number of threads",
        arguments: [(1, 32, 40), (2, 1, 3), (2, 5, 16), (2, 32, 128), (2, 32, 1000)])
    func independent(threads: Int, sequences: Int, rows: Int) throws {
        let reference = try TinyModel.load(threads: 1)
        let requests = try requests(reference)
        let alone = try requests.map { try logits(Generator(reference), [$0])[0] }
        let model = try TinyModel.load(threads: threads)
        let batched = try logits(
            Generator(model, maximumSequences: sequences, maximumRows: rows), self.requests(model))
        for (id, (left, right)) in zip(batched, alone).enumerated() {
            #expect(left.count == right.count && !left.isEmpty)
            for (step, (left, right)) in zip(left, right).enumerated() {
                #expect(firstDifference(left, right) == nil, "request \(id), step \(step)")
            }
        }
    }

    @Test("They are the rows that a pass over the whole text gives")
    func sameAsWholePass() throws {
        let model = try TinyModel.load()
        let request = try requests(model)[7]
        var tokens: [Int32] = []
        try Generator(model).generate([request]) { tokens = $0.tokens }
        let steps = try logits(Generator(model), [request])[0]
        let whole = try Generator(model).logits(of: request.prompt + tokens, adapter: request.adapter)
        for (step, row) in steps.enumerated() {
            let first = (request.prompt.count - 1 + step) * 300
            #expect(firstDifference(row, Array(whole[first..<first + 300])) == nil, "step \(step)")
        }
    }
}
