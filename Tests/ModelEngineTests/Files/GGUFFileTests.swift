import Foundation
import ModelEngine
import TestSupport
import Testing

struct GGUFFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test func theTinyModelIsRead() throws {
        let file = try GGUFFile(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"))
        #expect(file.version == 3)
        #expect(try file.metadata.string("general.architecture") == "llama")
        #expect(try file.metadata.int("llama.embedding_length") == 64)
        #expect(try file.metadata.float("llama.rope.freq_base") == 10_000)
        #expect(try file.metadata.bool("tokenizer.ggml.add_bos_token") == false)
        #expect(
            try file.metadata.strings("tokenizer.ggml.tokens").prefix(3) == [
                "<|endoftext|>", "<|im_start|>", "<|im_end|>",
            ])
        #expect(try file.metadata.ints("tokenizer.ggml.token_type").count == 300)
        #expect(file.tensors.count == 20)
        let embedding = try file.tensor("token_embd.weight")
        #expect(embedding.type == .f32)
        #expect(embedding.dimensions == [64, 300])
        #expect(embedding.shape == [300, 64])
        #expect(embedding.range.count == 300 * 64 * 4)
        #expect(try file.tensor("blk.0.attn_norm.weight").shape == [1, 64])
        #expect(file.tensors.last?.range.upperBound ?? 0 <= file.file.size)
    }

    @Test func everyKindOfValueIsRead() throws {
        var builder = GGUFBuilder()
        builder.pairs = [
            ("u8", .uint8(200)), ("i8", .int8(-5)), ("u16", .uint16(60_000)), ("i16", .int16(-30_000)),
            ("u32", .uint32(.max)), ("i32", .int32(.min)), ("u64", .uint64(.max)), ("i64", .int64(.min)),
            ("f32", .float32(0.5)), ("f64", .float64(-1e100)), ("yes", .bool(true)), ("empty", .string("")),
            ("text", .string("Zoë 😀\r\n\u{0}")), ("none", .strings([])),
            ("nested", .array(type: 9, [.ints([1, 2]), .strings(["a"])])),
        ]
        let metadata = try builder.open(in: folder).metadata
        #expect(try metadata.int("u8") == 200)
        #expect(try metadata.int("i8") == -5)
        #expect(try metadata.int("u16") == 60_000)
        #expect(try metadata.int("i16") == -30_000)
        #expect(try metadata.int("u32") == Int(UInt32.max))
        #expect(try metadata.int("i32") == Int(Int32.min))
        #expect(metadata["u64"] == .unsigned(.max))
        #expect(modelError { _ = try metadata.int("u64") }?.code == .badValue)
        #expect(try metadata.int("i64") == .min)
        #expect(try metadata.float("f32") == 0.5)
        #expect(metadata["f64"] == .float(-1e100))
        #expect(try metadata.float("u8") == 200)
        #expect(try metadata.bool("yes"))
        #expect(try metadata.string("empty").isEmpty)
        #expect(try Array(metadata.string("text").utf8) == Array("Zoë 😀\r\n\u{0}".utf8))
        #expect(try metadata.strings("none") == [])
        #expect(metadata["nested"] == .array([.array([.signed(1), .signed(2)]), .array([.string("a")])]))
    }

    @Test func accessErrorsNameFileAndKey() throws {
        var builder = GGUFBuilder()
        builder.pairs = [("text", .string("words")), ("mixed", .array(type: 9, [.ints([1])]))]
        let metadata = try builder.open(in: folder).metadata
        let missing = modelError { _ = try metadata.int("llama.block_count") }
        #expect(missing?.code == .missingKey)
        #expect(missing?.key == "llama.block_count")
        #expect(missing?.description.contains("key 'llama.block_count'") == true)
        let wrong = modelError { _ = try metadata.int("text") }
        #expect(wrong?.code == .badValue)
        #expect(wrong?.message.hasPrefix("expected an integer, found a string; ") == true)
        #expect(modelError { _ = try metadata.strings("text") }?.code == .badValue)
        #expect(modelError { _ = try metadata.ints("mixed") }?.code == .badValue)
    }

    @Test func aDefaultReplacesAMissingKeyButNotAWrongOne() throws {
        var builder = GGUFBuilder()
        builder.pairs = [("text", .string("words"))]
        let metadata = try builder.open(in: folder).metadata
        #expect(try metadata.int("absent", default: 7) == 7)
        #expect(try metadata.string("absent", default: "x") == "x")
        #expect(modelError { _ = try metadata.int("text", default: 7) }?.code == .badValue)
    }

    @Test(arguments: [2, 3] as [UInt32])
    func versionIsRead(_ version: UInt32) throws {
        var builder = GGUFBuilder()
        builder.version = version
        #expect(try builder.open(in: folder).version == Int(version))
    }

    @Test(arguments: [0, 1, 4, 0x0300_0000, 0x0200_0000] as [UInt32])
    func otherVersionsAreRefused(_ version: UInt32) {
        var builder = GGUFBuilder()
        builder.version = version
        let error = modelError { _ = try builder.open(in: folder) }
        #expect(error?.code == .unsupportedVersion)
        #expect(error?.message.contains("big-endian") == (version > 4))
    }

    @Test func somethingElseIsNotAGGUFFile() {
        var builder = GGUFBuilder()
        builder.magic = "GGML"
        #expect(modelError { _ = try builder.open(in: folder) }?.code == .badFormat)
    }

    @Test func anUnreadTypeIsNamedWhenItIsNeeded() throws {
        var builder = GGUFBuilder()
        builder.tensors = [("w", [256, 2], GGUFType.iq4_XS.rawValue, 0)]
        builder.data = Array(repeating: 0, count: 2 * 136)
        let file = try builder.open(in: folder)
        #expect(try file.tensor("w").shape == [2, 256])
        let error = modelError { _ = try file.dequantized("w") }
        #expect(error?.code == .unsupportedType)
        #expect(error?.tensor == "w")
        #expect(error?.message.contains("IQ4_XS, which this version does not read") == true)
    }

    @Test func aMissingTensorIsNamed() throws {
        let file = try GGUFBuilder().open(in: folder)
        let error = modelError { _ = try file.dequantized("blk.9.attn_q.weight") }
        #expect(error?.code == .missingTensor)
        #expect(error?.tensor == "blk.9.attn_q.weight")
        #expect(file.tensor(named: "x") == nil)
    }

    @Test func anotherAlignmentMovesTheData() throws {
        var builder = GGUFBuilder()
        builder.alignment = 128
        builder.pairs = [("general.alignment", .uint32(128))]
        builder.tensors = [("a", [1], 0, 0), ("b", [1], 0, 128)]
        builder.data = Array(repeating: 0, count: 132)
        builder.data[2...3] = [0x80, 0x3F]
        builder.data[130...131] = [0x00, 0x40]
        let file = try builder.open(in: folder)
        #expect(try file.dequantized("a") == [1])
        #expect(try file.dequantized("b") == [2])
    }
}
