import ModelEngine

/// The name of a LoRA factor in a GGUF file, e.g. `blk.3.attn_q.weight.lora_a`.
struct GGUFAdapterTensorName: Sendable, Hashable {
    var site: AdapterSite
    var matrix: FactorMatrix

    /// Grammar: `blk.` layer `.` projection `.weight` (`.lora_a` | `.lora_b`).
    ///
    /// - Parameter file: the path to name in errors.
    /// - Throws: `MergeError` with `unsupportedOption` for every other name; it says what the tensor changes.
    init(_ text: String, layout: ProjectionLayout, file: String) throws(MergeError) {
        let endings: [(text: String, matrix: FactorMatrix)] = [(".lora_a", .a), (".lora_b", .b)]
        guard let ending = endings.first(where: { text.hasSuffix($0.text) }),
            let site = layout.site(ofWeight: String(text.dropLast(ending.text.count)))
        else {
            throw MergeError(.unsupportedOption, Self.reason(text), file: file, key: text)
        }
        self.site = site
        matrix = ending.matrix
    }

    private static func reason(_ text: String) -> String {
        let advice = "; train an adapter of the blocks' projections alone"
        if text.hasPrefix("token_embd.") {
            return "the adapter changes the embeddings, which is not supported" + advice
        }
        if text.hasPrefix("output.") {
            return "the adapter changes the output layer, which is not supported" + advice
        }
        if text.hasSuffix("_norm.weight") {
            return "the adapter brings a norm of its own, which is not supported (llama.cpp passes over it)" + advice
        }
        return "this is not a LoRA factor of a decoder block's projection (blk.N.attn_q.weight.lora_a)" + advice
    }
}
