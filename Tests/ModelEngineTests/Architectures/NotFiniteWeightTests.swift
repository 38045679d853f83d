import ModelEngine
import Testing

@Suite("Weights that are not finite")
struct NotFiniteWeightTests {
    @Test(
        "They stop the load, by name",
        arguments: [
            (.llama3, "blk.1.attn_q.weight"), (.llama3, "token_embd.weight"), (.stablelm, "token_embd.weight"),
            (.stablelm, "output.weight"), (.stablelm, "blk.0.attn_norm.bias"), (.qwen2, "blk.2.attn_v.bias"),
            (.qwen3, "blk.0.attn_k_norm.weight"), (.gemma3, "blk.3.post_ffw_norm.weight"),
            (.gemma3, "output_norm.weight"), (.gemma3, "blk.6.ffn_down.weight"),
        ] as [(TinyArchitecture, String)], [Float.nan, .infinity, -.infinity])
    func named(tensor: (architecture: TinyArchitecture, name: String), value: Float) throws {
        var model = try EditedModel(tensor.architecture.url)
        let last = try #require(model.tensors[tensor.name]?.values.indices.last)
        for index in [0, last / 2 + 1, last] {
            var edited = model
            edited.tensors[tensor.name]?.values[index] = value
            let error = modelError { _ = try edited.load(threads: 2) }
            #expect(error?.code == .badValue)
            #expect(error?.tensor == tensor.name)
            #expect(error?.file?.hasSuffix("edited.gguf") == true)
        }
        // Large but finite numbers are not at fault.
        model.tensors[tensor.name]?.values[0] = .greatestFiniteMagnitude
        #expect(modelError { _ = try model.load() } == nil)
    }

    @Test("The tensor that comes first is named, whichever lane meets its own first")
    func first() throws {
        var model = try EditedModel(TinyArchitecture.llama3.url)
        for name in ["blk.1.ffn_up.weight", "blk.0.attn_v.weight", "token_embd.weight"] {
            let last = try #require(model.tensors[name]?.values.indices.last)
            model.tensors[name]?.values[last] = .nan
        }
        for _ in 0..<5 {
            #expect(modelError { _ = try model.load(threads: 2) }?.tensor == "blk.0.attn_v.weight")
        }
    }
}
