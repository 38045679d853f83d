import Foundation
import TestSupport
import Testing

@Suite("braid model info")
struct ModelInfoTests {
    private let tiny = Fixtures.url("tiny/tiny-llama.gguf")

    @Test("explains itself", arguments: [["model", "--help"], ["model", "info", "--help"]])
    func help(arguments: [String]) throws {
        let result =
            try arguments.count == 2
            ? BraidBinary.run(arguments[0], arguments[1])
            : BraidBinary.run(arguments[0], arguments[1], arguments[2])
        #expect(result.status == 0)
        #expect(result.output.contains("Example"))
        #expect(try BraidBinary.run("--help").output.contains("model"))
    }

    @Test("shows a model that runs")
    func table() throws {
        let result = try BraidBinary.run("model", "info", tiny.path)
        #expect(result.status == 0 && result.errors.isEmpty)
        let words = [
            "Tiny random llama", "llama", "gpt2, smollm, 300 tokens", "ChatML", "257184 (257.2 kB)", "<|im_end|>",
            "F16",
        ]
        for word in words { #expect(result.output.contains(word), "\(word)") }
        let lines: [[String]] = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.contains(["runs", "yes"]))
        #expect(lines.contains(["trains", "yes"]))
        #expect(lines.contains(["key", "and", "value", "heads", "2"]))
    }

    private struct Document: Decodable {
        struct Model: Decodable {
            struct Sizes: Decodable {
                var layers: Int
                var hiddenSize: Int
                var heads: Int
                var keyValueHeads: Int
                var headSize: Int
                var feedForwardSize: Int
                var vocabularySize: Int
                var contextLength: Int
            }
            struct TypeUse: Decodable {
                var type: String
                var tensors: Int
                var parameters: Int
                var bytes: Int
            }
            struct Obstacle: Decodable {
                var part: String
                var message: String
            }
            var architecture: String
            var parameterCount: Int
            var fileSize: Int
            var sizes: Sizes
            var types: [TypeUse]
            var obstacles: [Obstacle]
        }
        var version: Int
        var sha256: String
        var model: Model
        var runs: Bool
        var trains: Bool
    }

    private func document(_ url: URL) throws -> Document {
        let result = try BraidBinary.run("model", "info", "--format", "json", url.path)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return try JSONDecoder().decode(Document.self, from: Data(result.output.utf8))
    }

    @Test("gives the same facts to programs")
    func json() throws {
        let document = try document(tiny)
        #expect(document.version == 1 && document.runs && document.trains)
        #expect(document.sha256.count == 64)
        let model = document.model
        #expect(model.architecture == "llama" && model.obstacles.isEmpty)
        let sizes = model.sizes
        #expect(sizes.layers == 2 && sizes.hiddenSize == 64 && sizes.heads == 4 && sizes.keyValueHeads == 2)
        #expect(sizes.headSize == 16 && sizes.feedForwardSize == 96)
        #expect(sizes.vocabularySize == 300 && sizes.contextLength == 256)
        #expect(model.types.reduce(0) { $0 + $1.parameters } == model.parameterCount)
        #expect(model.types.reduce(0) { $0 + $1.tensors } == 20)
        #expect(model.types.reduce(0) { $0 + $1.bytes } < model.fileSize)
    }

    @Test("lists every reason why a model does not run, and succeeds")
    func obstacles() throws {
        let folder = try ScratchFolder()
        var bytes = try Data(contentsOf: tiny)
        let changes = [
            ("smollm", "smallm"), ("<|im_start|>' +", "<|im_storm|>' +"), ("<|im_start|>assis", "<|im_storm|>assis"),
            ("blk.1.attn_q.w", "blk.1.attn_x.w"),
        ]
        for (old, new) in changes {
            let place = try #require(bytes.range(of: Data(old.utf8)))
            bytes.replaceSubrange(place, with: Data(new.utf8))
        }
        let url = folder.path("odd.gguf")
        try bytes.write(to: url)
        let document = try document(url)
        #expect(!document.runs && !document.trains)
        #expect(document.model.obstacles.map(\.part) == ["tokenizer", "chatTemplate", "tensors", "tensors"])
        #expect(document.model.obstacles[0].message.contains("smallm"))
        #expect(document.model.obstacles[2].message.hasPrefix("tensor 'blk.1.attn_q.weight': "))
        let table = try BraidBinary.run("model", "info", url.path)
        #expect(table.status == 0)
        #expect(table.output.contains("no — key 'tokenizer.ggml.pre'"))
        #expect(table.output.contains("tensor 'blk.1.attn_q.weight': "))
        // What is said here is also what loading says.
        #expect(try BraidBinary.run("bench", "--model", url.path).status == 1)
    }

    @Test("refuses what is no GGUF file, in one line")
    func noModel() throws {
        let folder = try ScratchFolder()
        let text = folder.path("text.gguf")
        try Data("this is not a model".utf8).write(to: text)
        let cut = folder.path("cut.gguf")
        try Data(contentsOf: tiny).prefix(5000).write(to: cut)
        for (path, word) in [(text.path, "GGUF"), (cut.path, "cut.gguf"), (folder.path("none.gguf").path, "none.gguf")]
        {
            let result = try BraidBinary.run("model", "info", path)
            #expect(result.status == 1 && result.output.isEmpty)
            #expect(result.errors.split(separator: "\n").count == 1 && result.errors.contains(word), "\(result.errors)")
        }
        #expect(try BraidBinary.run("model", "info").status == 64)
        #expect(try BraidBinary.run("model", "info", "--format", "yaml", tiny.path).status == 64)
    }
}
