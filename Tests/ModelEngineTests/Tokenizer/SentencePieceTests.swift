import Foundation
import ModelEngine
import TestSupport
import Testing

/// A vocabulary small enough to follow by hand.
struct SentencePieceTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    // 0 unknown, 1 and 2 control, 3 and 4 by hand, 5 and 6 bytes, then by score
    private static let tokens = [
        "<unk>", "<s>", "</s>", "<tag>", "  ", "<0x0A>", "<0xC3>", "ab", "▁a", "abc", "▁", "a", "b", "c",
    ]
    private static let types = [2, 3, 3, 4, 4, 6, 6, 1, 1, 1, 1, 1, 1, 1]
    private static let scores = [0, 0, 0, 0, 0, 0, 0, 0, -1, -2, -3, -4, -5, -6]

    private func built(_ change: (inout [String: GGUFBuilder.Value]) -> Void = { _ in }) throws -> Tokenizer {
        var pairs: [String: GGUFBuilder.Value] = [
            "tokenizer.ggml.model": .string("llama"), "tokenizer.ggml.tokens": .strings(Self.tokens),
            "tokenizer.ggml.token_type": .ints(Self.types), "tokenizer.ggml.scores": .ints(Self.scores),
            "tokenizer.ggml.eos_token_id": .uint32(2), "tokenizer.ggml.unknown_token_id": .uint32(0),
            "tokenizer.ggml.add_space_prefix": .bool(false),
        ]
        change(&pairs)
        var builder = GGUFBuilder()
        builder.pairs = pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return try Tokenizer(gguf: builder.open(in: folder))
    }

    @Test func theBestScoreMergesFirst() throws {
        #expect(try built().encode(" abc") == [10, 9])
        let other = try built { $0["tokenizer.ggml.scores"] = .ints([0, 0, 0, 0, 0, 0, 0, -1, 0, -2, -3, -4, -5, -6]) }
        #expect(other.encode(" abc") == [8, 12, 13])
    }

    @Test func aCharacterWithoutATokenIsSpelledOrUnknown() throws {
        let tokenizer = try built()
        #expect(tokenizer.encode("a\nb") == [11, 5, 12])
        // Only one of the two bytes of "é" has a token; a run of such characters is one unknown.
        #expect(tokenizer.encode("aééüb") == [11, 0, 12])
        #expect(try built { $0["tokenizer.ggml.unknown_token_id"] = nil }.encode("aéb") == [7])
        #expect(tokenizer.decode([11, 5, 12]) == "a\nb")
        #expect(tokenizer.decodeBytes([6]) == [0xC3])
    }

    @Test func tokensDefinedByHandAreFoundInAnyText() throws {
        let tokenizer = try built()
        #expect(tokenizer.encode("a<tag>b") == [11, 3, 12])
        #expect(tokenizer.encode("<s>a</s>", parseSpecial: true) == [1, 11, 2])
        #expect(tokenizer.encode("<s>", parseSpecial: false) == [0])
        // Blanks merge into theirs; real U+2581 is found as such.
        #expect(tokenizer.encode("a  b") == [11, 4, 12])
        #expect(tokenizer.encode("a▁▁b") == [11, 4, 12])
        #expect(tokenizer.encode("▁a") == [8])
        #expect(tokenizer.decode([11, 4, 8, 3]) == "a   a<tag>")
    }

    @Test func aBlankIsPutBeforeATextWhereTheFileAsksForIt() throws {
        // Asked for unless the file says no.
        let tokenizer = try built { $0["tokenizer.ggml.add_space_prefix"] = nil }
        #expect(tokenizer.encode("a") == [8])
        // Two blanks are one token here.
        #expect(tokenizer.encode(" a") == [4, 11])
        #expect(tokenizer.decode([4, 11]) == " a")
        #expect(tokenizer.encode("</s>a") == [2, 8])
        #expect(tokenizer.encode("").isEmpty)
        #expect(tokenizer.decode([8]) == "a")
        #expect(try built().decode([8]) == " a")
    }

    static let faults: [(key: String, value: GGUFBuilder.Value?, code: ModelError.Code)] = [
        ("tokenizer.ggml.scores", nil, .missingKey),
        ("tokenizer.ggml.scores", .ints([1, 2]), .badValue),
        ("tokenizer.ggml.scores", .strings(["x"]), .badValue),
        ("tokenizer.ggml.scores", .array(type: 6, scores.map { .float32($0 == -3 ? .nan : Float($0)) }), .badValue),
        ("tokenizer.ggml.tokens", .strings(tokens.map { $0 == "<0x0A>" ? "<0xZZ>" : $0 }), .badValue),
        ("tokenizer.ggml.tokens", .strings(tokens.map { $0 == "<0x0A>" ? "x" : $0 }), .badValue),
        ("tokenizer.ggml.tokens", .strings(tokens.map { $0 == "<0x0A>" ? "<0x+A>" : $0 }), .badValue),
        ("tokenizer.ggml.unknown_token_id", .uint32(14), .badValue),
        ("tokenizer.ggml.add_space_prefix", .string("x"), .badValue),
    ]

    @Test(arguments: faults.indices)
    func aFaultyVocabularyIsAnErrorThatNamesTheKey(_ index: Int) {
        let fault = Self.faults[index]
        let error = modelError { _ = try built { $0[fault.key] = fault.value } }
        #expect(error?.code == fault.code, "\(String(describing: error))")
        #expect(error?.key == fault.key)
    }

    @Test(arguments: ["gemma", "llama-spm", "llama-bpe", "qwen2"])
    func corruptBytesNeverCrash(_ family: String) throws {
        let whole = try Fixtures.data("tokenizer/\(family).gguf")
        let url = folder.path("corrupt.gguf")
        var noise = Noise(family.utf8.count)
        var (opened, refused) = (0, 0)
        for _ in 0..<60 {
            var bytes = whole
            for _ in 0...noise.index(below: 6) {
                let value = [0, 0xFF, 0x80, 0x20, UInt8(noise.index(below: 256))][noise.index(below: 5)]
                bytes[noise.index(below: bytes.count)] = value
            }
            try bytes.write(to: url)
            do throws(ModelError) {
                let tokenizer = try Tokenizer(gguf: GGUFFile(contentsOf: url))
                opened += 1
                for text in [
                    "The kettle, 12 times.\n", "  café\u{301} <td>今天下午", String(repeating: "the and ", count: 60),
                ] {
                    let ids = tokenizer.encode(text)
                    #expect(ids.allSatisfy { 0 <= $0 && $0 < tokenizer.vocabularySize })
                    _ = tokenizer.decode(ids)
                }
            } catch {
                #expect(!error.message.isEmpty)
                refused += 1
            }
        }
        #expect(opened > 0 && refused > 0)
    }
}
