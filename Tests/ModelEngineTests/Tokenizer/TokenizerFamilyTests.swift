import Foundation
import ModelEngine
import TestSupport
import Testing

/// Small vocabularies of every family against the reference tokenizers: ids of 2,000 hard texts, and back again.
struct TokenizerFamilyTests {
    private static let texts = Result { try Fixtures.jsonLines(String.self, "tokenizer/families.texts.jsonl") }

    private func tokenizer(_ family: String) throws -> Tokenizer {
        try Tokenizer(gguf: GGUFFile(contentsOf: Fixtures.url("tokenizer/\(family).gguf")))
    }

    @Test(arguments: ["llama-bpe", "qwen2", "gemma", "llama-spm"])
    func everyTextHasTheReferenceIds(_ family: String) throws {
        let tokenizer = try tokenizer(family)
        let texts = try Self.texts.get()
        let ids = try Fixtures.jsonLines([Int32].self, "tokenizer/\(family).ids.jsonl")
        #expect(texts.count == 2000)
        #expect(ids.count == texts.count)
        var different = 0
        for (text, expected) in zip(texts, ids) where tokenizer.encode(text) != expected {
            different += 1
            // The first few tell enough.
            if different <= 10 {
                Issue.record("\(text.debugDescription): \(tokenizer.encode(text)) instead of \(expected)")
            }
        }
        #expect(different == 0)
    }

    @Test(arguments: ["llama-bpe", "qwen2", "gemma", "llama-spm"])
    func decodingGivesTheTextBack(_ family: String) throws {
        let tokenizer = try tokenizer(family)
        for text in try Self.texts.get() {
            var expected = Array(text.utf8)
            switch family {
            case "qwen2": expected = CanonicalComposition.apply(to: expected)
            // U+2581 is a blank to these, in and out; and the blank before a text is put again after control tokens.
            case "gemma", "llama-spm":
                expected = Array(text.replacing("\u{2581}", with: " ").utf8)
                if family == "llama-spm", text.contains("s>") || text.contains("<unk>") { continue }
            default: break
            }
            let decoded = tokenizer.decodeBytes(tokenizer.encode(text), skipSpecial: false)
            #expect(decoded == expected, "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["llama-bpe", "qwen2", "gemma", "llama-spm"])
    func controlTokensInADocumentStayText(_ family: String) throws {
        let tokenizer = try tokenizer(family)
        for text in try Self.texts.get() {
            #expect(
                tokenizer.encode(text, parseSpecial: false).allSatisfy { !tokenizer.isControl($0) },
                "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["llama-bpe", "qwen2", "gemma", "llama-spm"])
    func longTextsAreAsFastAsTheyAreLong(_ family: String) throws {
        // One piece for every family; quadratic merging would take minutes.
        let text = String(repeating: "theandtomatoes", count: 15_000)
        let tokenizer = try tokenizer(family)
        #expect(tokenizer.decode(tokenizer.encode(text)) == text)
    }

    @Test func theFamiliesBeginAsTheirModelsDo() throws {
        #expect(try tokenizer("llama-bpe").addsBeginToken)
        #expect(try !tokenizer("qwen2").addsBeginToken)
        #expect(try tokenizer("gemma").addsBeginToken)
        #expect(try tokenizer("gemma").endOfTurnTokens.count == 2)
    }

    @Test(arguments: [
        ("llama3", PreTokenizer.llama3), ("llama-v3", .llama3), ("llama-bpe", .llama3), ("stablelm2", .qwen2),
    ])
    func otherNamesOfAPreTokenizerAreKnown(_ name: String, _ expected: PreTokenizer) {
        #expect(PreTokenizer(named: name) == expected)
        #expect(PreTokenizer(named: name.uppercased()) == nil)
    }
}
