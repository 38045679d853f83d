import ModelEngine
import Testing

@Suite("Proposed checks")
struct ProposedErrorTests {
    @Test("An empty prompt is named as such")
    func emptyPrompt() throws {
        let model = try TinyModel.load(threads: 1)
        let error = #expect(throws: ModelError.self) {
            try Generator(model).generate([GenerationRequest(id: 0, prompt: [], maximumNewTokens: 5)]) { _ in }
        }
        #expect(error?.message.contains("empty") == true)
    }
    @Test("A limit beyond every context is an error, not a trap")
    func hugeLimit() throws {
        let model = try TinyModel.load(threads: 1)
        #expect(throws: ModelError.self) {
            try Generator(model).generate([GenerationRequest(id: 0, prompt: [5], maximumNewTokens: .max)]) { _ in }
        }
    }

    @Test("An adapter prepared for another model is refused")
    func foreignAdapter() throws {
        let model = try TinyModel.load(threads: 1)
        var other = model.configuration
        other.layers = 3
        let adapter = try PreparedAdapter(TinyModel.randomAdapter(other, rank: 2, seed: 1), for: other)
        let error = #expect(throws: ModelError.self) { _ = try Generator(model).logits(of: [5], adapter: adapter) }
        #expect(error?.code == .badAdapter)
        #expect(throws: ModelError.self) {
            try Generator(model).generate(
                [GenerationRequest(id: 0, prompt: [5], adapter: adapter, maximumNewTokens: 1)]
            ) { _ in }
        }
    }
}
