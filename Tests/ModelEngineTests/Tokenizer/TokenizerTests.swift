import Foundation
import ModelEngine
import TestSupport
import Testing

struct TokenizerTests {
    private struct Golden: Decodable {
        var text: String
        var ids: [Int32]
    }

    private let tokenizer: Tokenizer
    private let folder: ScratchFolder

    init() throws {
        tokenizer = try Tokenizer(gguf: GGUFFile(contentsOf: Fixtures.url("tiny/tiny-llama.gguf")))
        folder = try ScratchFolder()
    }

    @Test func everyStringHasTheReferenceIds() throws {
        let goldens = try Fixtures.jsonLines(Golden.self, "tiny/tokenizer.jsonl")
        #expect(goldens.count == 38)
        for golden in goldens {
            #expect(tokenizer.encode(golden.text) == golden.ids, "\(golden.text.debugDescription)")
        }
    }

    @Test func decodingGivesTheTextBack() throws {
        // The tiny vocabulary has all bytes, so every text survives.
        for golden in try Fixtures.jsonLines(Golden.self, "tokenizer/smollm.jsonl") {
            let ids = tokenizer.encode(golden.text)
            #expect(Array(tokenizer.decode(ids, skipSpecial: false).utf8) == Array(golden.text.utf8))
        }
    }

    @Test(arguments: ["", "a", "\0", "\r\n", "😀", "e\u{301}", "é", "👩‍👩‍👧", "\u{FFFD}", "a\u{2028}b", "\u{10FFFF}"])
    func oddTextsSurvive(_ text: String) {
        let ids = tokenizer.encode(text)
        #expect(Array(tokenizer.decode(ids).utf8) == Array(text.utf8))
        #expect(ids.isEmpty == text.isEmpty)
    }

    @Test func canonicallyEqualTextsStayApart() {
        #expect(tokenizer.encode("é") != tokenizer.encode("e\u{301}"))
        #expect(tokenizer.encode("\u{212B}") != tokenizer.encode("\u{C5}"))
    }

    @Test func controlTokensAreFoundAnywhereWhenAskedFor() {
        #expect(tokenizer.encode("<|im_start|>") == [1])
        #expect(tokenizer.encode("a<|im_end|><|im_end|>b").filter { $0 < 3 } == [2, 2])
        #expect(tokenizer.encode("<|im_end").allSatisfy { $0 > 2 })
        #expect(tokenizer.encode("<<|im_end|>>").filter { $0 < 3 } == [2])
    }

    @Test func controlTokensInADocumentStayText() {
        let text = "x<|im_end|>\n<|im_start|>system\n<|endoftext|>"
        let ids = tokenizer.encode(text, parseSpecial: false)
        #expect(ids.allSatisfy { $0 > 2 })
        #expect(tokenizer.decode(ids) == text)
    }

    @Test func decodingSkipsControlTokensUnlessAskedFor() {
        let ids: [Int32] = [1] + tokenizer.encode("Hi") + [2, 0]
        #expect(tokenizer.decode(ids) == "Hi")
        #expect(tokenizer.decode(ids, skipSpecial: false) == "<|im_start|>Hi<|im_end|><|endoftext|>")
    }

    @Test func aCutCharacterBecomesAReplacement() {
        let ids = tokenizer.encode("😀")
        #expect(ids.count == 4)
        #expect(tokenizer.decode(Array(ids.dropLast())) == "\u{FFFD}")
        #expect(tokenizer.decodeBytes(Array(ids.prefix(2))) == [0xF0, 0x9F])
        #expect(tokenizer.decode(Array(ids.prefix(2))) + tokenizer.decode(Array(ids.suffix(2))) != "😀")
    }

    @Test(arguments: [-1, 300, .max, .min] as [Int32])
    func aTokenOutsideTheVocabularyShows(_ token: Int32) {
        #expect(tokenizer.decode([token]) == "\u{FFFD}")
        #expect(!tokenizer.isControl(token))
    }

    @Test func theVocabularyIsDescribed() {
        #expect(tokenizer.vocabularySize == 300)
        #expect(tokenizer.beginToken == 1)
        #expect(tokenizer.endToken == 2)
        #expect(!tokenizer.addsBeginToken)
        #expect(tokenizer.endOfTurnTokens == [0, 2])
        #expect(tokenizer.token(named: "<|im_start|>") == 1)
        #expect(tokenizer.token(named: " the") != nil)
        #expect(tokenizer.token(named: "no such token") == nil)
        #expect(tokenizer.isControl(2) && !tokenizer.isControl(3))
    }

    @Test func longPiecesAreAsFastAsTheyAreLong() {
        // Quadratic merging would take minutes.
        let text = String(repeating: "the ab", count: 30_000).replacing(" ", with: "")
        let ids = tokenizer.encode(text)
        #expect(tokenizer.decode(ids) == text)
    }

    // MARK: Files that are not as they should be

    private func built(_ change: (inout [String: GGUFBuilder.Value]) -> Void) throws -> Tokenizer {
        var pairs: [String: GGUFBuilder.Value] = [
            "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string("gpt-2"),
            "tokenizer.ggml.tokens": .strings(["a", "b", "ab", "<end>", "<fn>", "<fn>x", "Ġ"]),
            "tokenizer.ggml.token_type": .ints([1, 1, 1, 3, 4, 4, 1]), "tokenizer.ggml.merges": .strings(["a b"]),
            "tokenizer.ggml.eos_token_id": .uint32(3),
        ]
        change(&pairs)
        var builder = GGUFBuilder()
        builder.pairs = pairs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        return try Tokenizer(gguf: builder.open(in: folder))
    }

    @Test func bytesWithoutATokenAreLeftOutAndTheirNeighboursMerge() throws {
        let tokenizer = try built { _ in }
        #expect(tokenizer.encode("ab") == [2])
        #expect(tokenizer.encode("aéb ?") == [2, 6])
        #expect(tokenizer.encode("???").isEmpty)
    }

    @Test func userDefinedTokensAreFoundInAnyTextLongestFirst() throws {
        let tokenizer = try built { _ in }
        #expect(tokenizer.encode("a<fn>b<fn>xb<end>", parseSpecial: true) == [0, 4, 1, 5, 1, 3])
        #expect(tokenizer.encode("a<fn>b<fn>xb<end>", parseSpecial: false) == [0, 4, 1, 5, 1])
        #expect(tokenizer.decode([4, 3]) == "<fn>")
    }

    @Test func furtherEndTokensStopGeneration() throws {
        let tokenizer = try built {
            $0["tokenizer.ggml.tokens"] = .strings(["<|im_end|>", "</s>", "<|eot_id|>", "x", "a", "b", "ab"])
            $0["tokenizer.ggml.token_type"] = .ints([3, 1, 3, 3, 1, 1, 1])
            $0["tokenizer.ggml.eot_token_id"] = .uint32(3)
            $0["tokenizer.ggml.eos_token_id"] = .uint32(2)
        }
        // "</s>" is an ordinary token here.
        #expect(tokenizer.endOfTurnTokens == [0, 2, 3])
        #expect(tokenizer.beginToken == nil)
    }

    @Test func anotherKindOfVocabularyIsRefused() {
        let error = modelError { _ = try built { $0["tokenizer.ggml.model"] = .string("bert") } }
        #expect(error?.code == .unsupportedTokenizer)
        #expect(error?.message.contains("'bert'") == true)
    }

    @Test func anotherPreTokenizerIsRefusedWithThoseThatWork() {
        let error = modelError { _ = try built { $0["tokenizer.ggml.pre"] = .string("tekken") } }
        #expect(error?.code == .unsupportedTokenizer)
        #expect(error?.message.contains("'tekken'") == true)
        #expect(error?.message.contains("'gpt-2', 'smollm', 'llama-bpe', 'qwen2'") == true)
    }

    static let faults: [(key: String, value: GGUFBuilder.Value?, code: ModelError.Code)] = [
        ("tokenizer.ggml.model", nil, .missingKey),
        ("tokenizer.ggml.pre", nil, .missingKey),
        ("tokenizer.ggml.tokens", nil, .missingKey),
        ("tokenizer.ggml.tokens", .strings([]), .badValue),
        ("tokenizer.ggml.tokens", .ints([1]), .badValue),
        ("tokenizer.ggml.token_type", .ints([1, 1]), .badValue),
        ("tokenizer.ggml.token_type", .ints([1, 1, 1, 3, 4, 4, 9]), .badValue),
        ("tokenizer.ggml.token_type", .ints([1, 1, 1, 3, 4, 4, -1]), .badValue),
        ("tokenizer.ggml.merges", nil, .missingKey),
        ("tokenizer.ggml.merges", .strings(["a"]), .badValue),
        ("tokenizer.ggml.merges", .strings(["a b b"]), .badValue),
        ("tokenizer.ggml.merges", .strings(["b a"]), .badValue),
        ("tokenizer.ggml.merges", .strings(["a 世"]), .badValue),
        ("tokenizer.ggml.eos_token_id", nil, .missingKey),
        ("tokenizer.ggml.eos_token_id", .uint32(7), .badValue),
        ("tokenizer.ggml.bos_token_id", .int32(-1), .badValue),
        ("tokenizer.ggml.eot_token_id", .string("x"), .badValue),
    ]

    @Test(arguments: faults.indices)
    func aFaultyVocabularyIsAnErrorThatNamesTheKey(_ index: Int) {
        let fault = Self.faults[index]
        let error = modelError { _ = try built { $0[fault.key] = fault.value } }
        #expect(error?.code == fault.code, "\(String(describing: error))")
        #expect(error?.key != nil)
    }
}
