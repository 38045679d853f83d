import ModelEngine
import TestSupport
import Testing

/// What a file asks for and this version lacks is refused by name, and what changes nothing is not.
@Suite("Architectures: what is refused")
struct ArchitectureRefusalTests {
    private static func edited(
        _ architecture: TinyArchitecture, _ change: (inout EditedModel) throws -> Void
    ) throws -> ModelError? {
        var model = try EditedModel(architecture.url)
        try change(&model)
        return modelError { _ = try model.load() }
    }

    @Test(
        "A key that asks for something else is named",
        arguments: [
            (.llama3, "llama.expert_count", .uint32(8)), (.qwen3, "qwen3.expert_used_count", .uint32(2)),
            (.gemma3, "gemma3.final_logit_softcapping", .float32(30)),
            (.gemma3, "gemma3.attn_logit_softcapping", .float32(50)),
            (.llama3, "llama.rope.scaling.type", .string("yarn")),
            (.qwen2, "qwen2.rope.scaling.type", .string("longrope")), (.llama3, "llama.logit_scale", .float32(0.5)),
            (.llama3, "llama.attention.causal", .bool(false)), (.qwen2, "qwen2.use_parallel_residual", .bool(true)),
            (.qwen3, "qwen3.attention.something_new", .array(type: 4, [.uint32(1)])),
        ] as [(TinyArchitecture, String, GGUFBuilder.Value)])
    func unsupported(architecture: TinyArchitecture, key: String, value: GGUFBuilder.Value) throws {
        let error = try Self.edited(architecture) { $0.keys[key] = value }
        #expect(error?.code == .unsupportedArchitecture)
        #expect(error?.key == key)
    }

    @Test(
        "A value that cannot be run is named",
        arguments: [
            (.llama3, "llama.attention.value_length", .uint32(8)), (.llama3, "llama.rope.freq_base", .float32(-1)),
            (.llama3, "llama.rope.freq_base", .float32(.nan)), (.llama3, "llama.rope.freq_base", .float32(0.5)),
            (.llama3, "llama.rope.scaling.factor", .float32(-2)),
            (.llama3, "llama.rope.dimension_count", .uint32(16)),
            (.stablelm, "stablelm.rope.dimension_count", .uint32(34)),
            (.stablelm, "stablelm.rope.dimension_count", .uint32(7)),
            (.stablelm, "stablelm.rope.dimension_count", .uint32(0)),
            (.qwen2, "qwen2.attention.head_count", .array(type: 4, [.uint32(4), .uint32(4), .uint32(4)])),
            (.qwen2, "qwen2.attention.head_count", .uint64(UInt64.max)), (.qwen2, "qwen2.block_count", .uint32(0)),
            (.qwen2, "qwen2.block_count", .uint32(1 << 30)), (.qwen2, "qwen2.embedding_length", .uint64(1 << 62)),
            (.qwen2, "qwen2.attention.head_count_kv", .uint32(3)), (.qwen2, "qwen2.context_length", .int64(-4)),
            (.qwen3, "qwen3.attention.key_length", .uint32(1 << 18)),
            (.qwen3, "qwen3.attention.key_length", .uint32(7)),
            (.gemma3, "gemma3.attention.sliding_window", .uint32(0)),
            (.gemma3, "gemma3.attention.sliding_window", .int32(-1)),
            (.gemma3, "gemma3.attention.sliding_window_pattern", .array(type: 7, [.bool(true)])),
            (.gemma3, "gemma3.attention.sliding_window_pattern", .uint32(0)),
            (.gemma3, "gemma3.attention.scale", .float32(0)),
            (.gemma3, "gemma3.attention.layer_norm_rms_epsilon", .float32(.infinity)),
            (.stablelm, "stablelm.attention.layer_norm_epsilon", .string("small")),
        ] as [(TinyArchitecture, String, GGUFBuilder.Value)])
    func badValue(architecture: TinyArchitecture, key: String, value: GGUFBuilder.Value) throws {
        let error = try Self.edited(architecture) { $0.keys[key] = value }
        #expect(error?.code == .badValue)
        #expect(error?.key == key)
    }

    @Test(
        "A tensor that nobody would read is named",
        arguments: [
            (.qwen3, "blk.0.attn_q.bias"), (.llama3, "blk.1.ffn_gate_exps.weight"), (.llama3, "blk.2.attn_q.weight"),
            (.gemma3, "output.bias"), (.stablelm, "blk.0.post_ffw_norm.weight"), (.qwen2, "rope_factors_long.weight"),
        ] as [(TinyArchitecture, String)])
    func surplusTensor(architecture: TinyArchitecture, name: String) throws {
        let error = try Self.edited(architecture) { $0.tensors[name] = ([96], [Float](repeating: 0, count: 96)) }
        #expect(error?.code == .unsupportedArchitecture)
        #expect(error?.tensor == name)
    }

    @Test(
        "A tensor of the family that is not there is named",
        arguments: [
            (.qwen2, "blk.2.attn_k.bias"), (.qwen3, "blk.0.attn_q_norm.weight"), (.stablelm, "blk.1.attn_norm.bias"),
            (.stablelm, "output_norm.bias"), (.gemma3, "blk.6.post_ffw_norm.weight"),
            (.gemma3, "blk.0.post_attention_norm.weight"), (.stablelm, "blk.1.ffn_norm.weight"),
        ] as [(TinyArchitecture, String)])
    func missingTensor(architecture: TinyArchitecture, name: String) throws {
        let error = try Self.edited(architecture) { $0.tensors[name] = nil }
        #expect(error?.code == .missingTensor)
        #expect(error?.tensor == name)
    }

    @Test("A bias or norm of another length is named")
    func badShapes() throws {
        for (architecture, name) in [(.qwen2, "blk.0.attn_q.bias"), (.stablelmParallel, "blk.1.attn_k_norm.weight")]
            as [(TinyArchitecture, String)]
        {
            let error = try Self.edited(architecture) { $0.tensors[name] = ([32], [Float](repeating: 1, count: 32)) }
            #expect(error?.code == .badShape && error?.tensor == name)
        }
    }

    @Test("Rotary factors must be above 0, and as many as pairs", arguments: [0, -1, .nan, .infinity] as [Float])
    func rotaryFactors(value: Float) throws {
        let name = "rope_freqs.weight"
        #expect(try Self.edited(.llama3) { $0.tensors[name]?.values[3] = value }?.tensor == name)
        #expect(try Self.edited(.llama3) { $0.tensors[name] = ([2], [1, 1]) }?.code == .badShape)
        // Above 0, but so small that an angle would not be finite.
        #expect(try Self.edited(.llama3) { $0.tensors[name]?.values[0] = 1e-36 }?.code == .badValue)
    }

    @Test("Gemma 3 without a window is not guessed at")
    func missingWindow() throws {
        let key = "gemma3.attention.sliding_window"
        let error = try Self.edited(.gemma3) { $0.keys[key] = nil }
        #expect(error?.code == .missingKey && error?.key == key)
    }

    @Test("Keys that change nothing leave every bit as it is")
    func idleKeys() throws {
        let tokens = TinyModel.prompts([40], seed: 12)[0]
        for (architecture, keys) in [
            (
                .llama3,
                [
                    "llama.expert_count": .uint32(0), "llama.rope.scaling.type": .string("none"),
                    "llama.rope.scaling.factor": .float32(4), "llama.attention.causal": .bool(true),
                    "llama.logit_scale": .float32(1),
                ]
            ),
            (
                .gemma3Keys,
                [
                    "gemma3.attention.sliding_window_pattern": .array(type: 7, [true, false, true].map { .bool($0) }),
                    "gemma3.attention.scale": .float32(1 / Float(24).squareRoot()),
                    "gemma3.final_logit_softcapping": .float32(0),
                ]
            ),
            // Converters write true for sequential models too: the norm's presence decides.
            (.stablelm, ["stablelm.use_parallel_residual": .bool(true)]),
        ] as [(TinyArchitecture, [String: GGUFBuilder.Value])] {
            let expected = try Generator(architecture.load()).logits(of: tokens)
            var model = try EditedModel(architecture.url)
            model.keys.merge(keys) { $1 }
            let found = try Generator(model.load()).logits(of: tokens)
            #expect(firstDifference(found, expected) == nil, "\(architecture)")
        }
    }

    @Test("A key that is read changes the logits")
    func liveKeys() throws {
        let tokens = TinyModel.prompts([40], seed: 12)[0]
        for (architecture, key, value) in [
            (.llama3, "llama.rope.scaling.factor", .float32(4)), (.llama3, "llama.rope.scale_linear", .float32(4)),
            (.gemma3Keys, "gemma3.attention.sliding_window_pattern", .uint32(3)),
            (.gemma3Keys, "gemma3.attention.sliding_window", .uint32(10)),
            (.gemma3Keys, "gemma3.rope.freq_base_swa", .float32(4000)),
            (.qwen2, "qwen2.attention.scale", .float32(0.5)),
        ] as [(TinyArchitecture, String, GGUFBuilder.Value)] {
            let expected = try Generator(architecture.load()).logits(of: tokens)
            var model = try EditedModel(architecture.url)
            model.keys[key] = value
            #expect(firstDifference(try Generator(model.load()).logits(of: tokens), expected) != nil, "\(key)")
        }
    }

    @Test("A window in a family without windows limits the context, where shorter texts never meet it")
    func unusedWindow() throws {
        var model = try EditedModel(TinyArchitecture.llama3.url)
        model.keys["llama.attention.sliding_window"] = .uint32(24)
        let limited = try model.load()
        #expect(limited.configuration.contextLength == 24)
        let tokens = TinyModel.prompts([25], seed: 13)[0]
        let expected = try Generator(TinyArchitecture.llama3.load()).logits(of: Array(tokens.prefix(24)))
        #expect(firstDifference(try Generator(limited).logits(of: Array(tokens.prefix(24))), expected) == nil)
        #expect(modelError { _ = try Generator(limited).logits(of: tokens) }?.code == .badValue)
    }
}
