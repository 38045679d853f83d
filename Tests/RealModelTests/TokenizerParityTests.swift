import Foundation
import ModelEngine
import TestSupport
import Testing

/// The real model's path; the suites that need it are skipped where it is not set.
private let modelPath = ProcessInfo.processInfo.environment["BRAID_MODEL"]

/// The vocabulary of SmolLM2 against the reference tokenizers.
@Suite(.enabled(if: modelPath != nil, "set BRAID_MODEL to the path of SmolLM2-135M-Instruct.Q4_1.gguf"))
struct TokenizerParityTests {
    private struct Golden: Decodable {
        var text: String
        var ids: [Int32]
    }

    private struct Chats: Decodable {
        struct Chat: Decodable {
            var messages: [ChatMessage]
            var addGenerationPrompt: Bool
            var text: String
            var ids: [Int32]
        }
        var template: String
        var chats: [Chat]
    }

    private struct Greedy: Decodable {
        var prompt: String
        var promptIds: [Int32]
        var tokens: [Int32]
        var text: String
    }

    private let file: GGUFFile
    private let tokenizer: Tokenizer

    init() throws {
        file = try GGUFFile(contentsOf: URL(filePath: #require(modelPath)))
        tokenizer = try Tokenizer(gguf: file)
    }

    @Test func smollmPreTokenizerHasTheReferenceIds() throws {
        let goldens = try Fixtures.jsonLines(Golden.self, "tokenizer/smollm.jsonl")
        #expect(goldens.count == 2000)
        for golden in goldens {
            #expect(tokenizer.encode(golden.text) == golden.ids, "\(golden.text.debugDescription)")
        }
    }

    @Test func gpt2PreTokenizerHasTheReferenceIds() throws {
        let tokenizer = try Tokenizer(file.metadata, preTokenizer: .gpt2)
        let goldens = try Fixtures.jsonLines(Golden.self, "tokenizer/gpt2.jsonl")
        #expect(goldens.count == 500)
        for golden in goldens {
            #expect(tokenizer.encode(golden.text) == golden.ids, "\(golden.text.debugDescription)")
        }
    }

    @Test func chatsHaveTheReferenceTextAndIds() throws {
        let golden = try Fixtures.json(Chats.self, "tokenizer/chat.json")
        let template = try ChatTemplate(gguf: file)
        #expect(try file.metadata.string("tokenizer.chat_template") == golden.template)
        var compared = 0
        for chat in golden.chats {
            let prompt = chat.addGenerationPrompt
            #expect(template.render(chat.messages, addGenerationPrompt: prompt) == chat.text)
            #expect(tokenizer.encode(chat.text) == chat.ids)
            // The reference takes markers inside a message for control tokens; here they stay text.
            if chat.messages.contains(where: { $0.content.contains("<|") }) { continue }
            #expect(template.encode(chat.messages, addGenerationPrompt: prompt, with: tokenizer) == chat.ids)
            compared += 1
        }
        #expect(compared == 12)
    }

    @Test func promptsAndAnswersOfTheReferenceRunAgree() throws {
        let template = try ChatTemplate(gguf: file)
        let goldens = try Fixtures.jsonLines(Greedy.self, "smollm2/greedy.jsonl")
        #expect(goldens.count == 50)
        for golden in goldens {
            let messages = [ChatMessage(role: .user, content: golden.prompt)]
            #expect(template.encode(messages, with: tokenizer) == golden.promptIds)
            #expect(Array(tokenizer.decode(golden.tokens).utf8) == Array(golden.text.utf8))
        }
    }

    @Test func theModelsTokensAreKnown() throws {
        #expect(tokenizer.vocabularySize == 49_152)
        #expect(tokenizer.endToken == 2)
        #expect(tokenizer.endOfTurnTokens == [0, 2])
        #expect(try ChatTemplate(gguf: file).endOfTurn(tokenizer) == 2)
    }
}
