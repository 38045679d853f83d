import ModelEngine
import SeededRandom
import TestSupport

/// Makes damaged model files: a whole one, small but with everything a reader looks at, changed in a few places.
struct GGUFMutator {
    private var bytes: Mutator

    init(_ mutator: Mutator) { bytes = mutator }

    /// A file with one to a few changes to its structure, its bytes, or both.
    mutating func file() -> [UInt8] {
        var builder = Self.whole[below(Self.whole.count)]
        let structural = below(3)
        for _ in 0..<structural { change(&builder) }
        var written = builder.written
        for _ in 0..<below(3) + (structural == 0 ? 1 : 0) { bytes.mutate(&written.bytes, numbers: written.numbers) }
        return written.bytes
    }

    // MARK: - The whole file

    private static let architectures = ["llama", "qwen2", "qwen3", "stablelm", "gemma3", "mamba"]
    private static let whole = architectures.flatMap { architecture in
        GGUFType.readable.map { wholeFile(architecture, last: $0) }
    }

    /// A valid file with a tensor of every type, which ends with the last byte of one of the type given.
    static func wholeFile(_ architecture: String, last: GGUFType) -> GGUFBuilder {
        let letters = "abcdefghijklmnopqrstuvwxyzĠĊ.".map(String.init)
        let merges = ["t h", "th e", "i n", "Ġ a", "o n", "e r"]
        let joined = merges.map { $0.replacing(" ", with: "") }
        let controls = ["<|im_start|>", "<|im_end|>", "<end_of_turn>", "</s>"]
        let tokens = controls + letters + joined
        let kinds = controls.map { _ in 3 } + (letters + joined).map { _ in 1 }
        let epsilon = architecture == "stablelm" ? "layer_norm_epsilon" : "layer_norm_rms_epsilon"
        var builder = GGUFBuilder()
        builder.pairs = [
            ("general.architecture", .string(architecture)), ("general.name", .string("Tiny")),
            ("general.alignment", .uint32(32)), ("general.file_type", .uint32(7)),
            ("general.license", .string("apache-2.0")), ("general.tags", .strings(["chat", "tiny"])),
            ("general.base_model.count", .uint32(1)), ("general.base_model.0.name", .string("Base")),
            ("\(architecture).block_count", .uint32(1)), ("\(architecture).context_length", .uint64(128)),
            ("\(architecture).embedding_length", .uint32(32)), ("\(architecture).feed_forward_length", .int32(64)),
            ("\(architecture).attention.head_count", .uint16(2)),
            ("\(architecture).attention.head_count_kv", .uint8(1)),
            ("\(architecture).attention.key_length", .int64(16)),
            ("\(architecture).attention.value_length", .int64(16)),
            ("\(architecture).rope.freq_base", .float32(10_000)), ("\(architecture).rope.dimension_count", .int8(16)),
            ("\(architecture).attention.\(epsilon)", .float64(1e-5)),
            ("tokenizer.ggml.model", .string("gpt2")), ("tokenizer.ggml.pre", .string("smollm")),
            ("tokenizer.ggml.tokens", .strings(tokens)), ("tokenizer.ggml.token_type", .ints(kinds)),
            ("tokenizer.ggml.scores", .array(type: 6, tokens.map { _ in .float32(0.5) })),
            ("tokenizer.ggml.merges", .strings(merges)), ("tokenizer.ggml.bos_token_id", .uint32(0)),
            ("tokenizer.ggml.eos_token_id", .int16(1)), ("tokenizer.ggml.add_bos_token", .bool(true)),
            ("tokenizer.chat_template", .string("{{ bos_token }}<|im_start|>user {{ message }}<|im_end|>")),
        ]
        if architecture == "gemma3" { builder.pairs.append(("gemma3.attention.sliding_window", .uint32(64))) }
        var random = SeededGenerator(seed: 7)
        func add(_ name: String, _ dimensions: [UInt64], _ type: GGUFType) {
            let elements = Int(dimensions.reduce(1, *))
            let size = elements / type.blockSize * type.bytesPerBlock
            while builder.data.count % 32 != 0 { builder.data.append(0) }
            builder.tensors.append((name, dimensions, type.rawValue, UInt64(builder.data.count)))
            for _ in 0..<size { builder.data.append(UInt8(truncatingIfNeeded: random.next())) }
        }
        add("token_embd.weight", [32, UInt64(tokens.count)], .q8_0)
        add("output_norm.weight", [32], .f32)
        add("blk.0.attn_q.weight", [32, 32], .q4_1)
        add("blk.0.attn_norm.weight", [32], .f32)
        for type in GGUFType.allCases.filter({ $0 != last }) + [last] {
            add("x.\(type)", [UInt64(max(type.blockSize, 32))], type)
        }
        return builder
    }

    // MARK: - Changes to the structure

    private mutating func change(_ builder: inout GGUFBuilder) {
        let pair = below(max(1, builder.pairs.count))
        let tensor = below(max(1, builder.tensors.count))
        guard builder.pairs.indices.contains(pair), builder.tensors.indices.contains(tensor) else { return }
        switch below(16) {
        case 0: builder.pairs.append(builder.pairs[pair])
        case 1: builder.pairs.remove(at: pair)
        case 2: builder.pairs.swapAt(pair, below(builder.pairs.count))
        case 3, 4: builder.pairs[pair].value = value(depth: 0)
        case 5: builder.pairs[pair].key = text()
        case 6: builder.pairs[pair].value = builder.pairs[below(builder.pairs.count)].value
        case 7: nest(&builder.pairs[pair].value)
        case 8: alignment(&builder)
        case 9: builder.tensors.append(builder.tensors[tensor])
        case 10: builder.tensors.remove(at: tensor)
        case 11: builder.tensors[tensor].name = [text(), builder.tensors[0].name][below(2)]
        case 12: builder.tensors[tensor].type = [UInt32(below(45)), .max, UInt32(below(1000))][below(3)]
        case 13: builder.tensors[tensor].dimensions = (0..<below(7)).map { _ in extreme() }
        case 14:
            builder.tensors[tensor].offset =
                [extreme(), builder.tensors[below(builder.tensors.count)].offset][below(2)]
        default: vocabulary(&builder)
        }
    }

    /// Something that the tokenizer and the template read.
    private mutating func vocabulary(_ builder: inout GGUFBuilder) {
        let choices: [(String, [GGUFBuilder.Value])] = [
            ("tokenizer.ggml.model", [.string("llama"), .string("gpt2"), .string("bert"), .string("")]),
            ("tokenizer.ggml.pre", ["gpt-2", "llama-bpe", "qwen2", "gemma", "default", ""].map { .string($0) }),
            ("tokenizer.ggml.tokens", [.strings([]), .strings(["", "a", "a", "\u{0}"]), .ints([1, 2])]),
            (
                "tokenizer.ggml.merges",
                [.strings([]), .strings(["a", " ", "a b c", "a  b"]), .strings(["t h", "t h"])]
            ),
            ("tokenizer.ggml.token_type", [.ints([]), .ints([1]), .ints(Array(repeating: 6, count: 39))]),
            ("tokenizer.ggml.eos_token_id", [.int32(-1), .uint64(.max), .uint32(38), .uint32(39)]),
            (
                "tokenizer.chat_template",
                ["<start_of_turn>", "<|start_header_id|>", "[INST]<<SYS>>", "<|im_start|>system\\n' '", "{%", ""]
                    .map { .string($0) }
            ),
        ]
        let (key, values) = choices[below(choices.count)]
        guard let index = builder.pairs.firstIndex(where: { $0.key == key }) else { return }
        builder.pairs[index].value = values[below(values.count)]
    }

    private mutating func alignment(_ builder: inout GGUFBuilder) {
        let value: GGUFBuilder.Value =
            [
                .uint32(1 << UInt32(below(32))), .uint64(1 << UInt64(below(64))), .int32(-32), .uint32(0), .uint32(24),
                .uint64(.max), .float32(32), .int64(.min), .uint8(64),
            ][below(9)]
        for index in builder.pairs.indices where builder.pairs[index].key == "general.alignment" {
            builder.pairs[index].value = value
        }
    }

    private mutating func nest(_ value: inout GGUFBuilder.Value) {
        for _ in 0..<below(below(3) == 0 ? 200 : 10) { value = .array(type: 9, [value]) }
    }

    private mutating func value(depth: Int) -> GGUFBuilder.Value {
        switch below(depth < 3 ? 15 : 12) {
        case 0: .uint8(UInt8(below(256)))
        case 1: .int8(Int8(below(256) - 128))
        case 2: .uint16(UInt16(below(65_536)))
        case 3: .int16(.min)
        case 4: .uint32(UInt32(truncatingIfNeeded: extreme()))
        case 5: .int32(Int32(truncatingIfNeeded: extreme()))
        case 6: .float32(Float(bitPattern: UInt32(truncatingIfNeeded: bytes.random.next())))
        case 7: .bool(below(2) == 0)
        case 8: .string(text())
        case 9: .uint64(extreme())
        case 10: .int64(Int64(truncatingIfNeeded: extreme()))
        case 11: .float64(Double(bitPattern: bytes.random.next()))
        case 12: .unknown(UInt32(13 + below(5)))
        case 13: .announced(type: UInt32(below(14)), count: extreme())
        default: .array(type: UInt32(below(13)), (0..<below(4)).map { _ in value(depth: depth + 1) })
        }
    }

    private mutating func text() -> String {
        let texts = [
            "", "llama", "general.name", "\u{0}", "\n", "é", String(repeating: "k", count: 70_000), "a", "{{ x }}",
        ]
        return texts[below(texts.count)]
    }

    private mutating func extreme() -> UInt64 {
        let values: [UInt64] = [
            0, 1, 2, 31, 32, 64, 256, 1 << 16, 1 << 24, 1 << 31, 1 << 32, 1 << 40, 1 << 61, 1 << 62, 1 << 63, .max,
            .max - 31, UInt64(Int64.max), UInt64(below(1024)), UInt64(below(64)) * 32, bytes.random.next(),
        ]
        return values[below(values.count)]
    }

    private mutating func below(_ bound: Int) -> Int { bytes.below(bound) }
}
