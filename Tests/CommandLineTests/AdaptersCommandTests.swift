import AdapterMerging
import BenchmarkStore
import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("braid adapters")
struct AdaptersCommandTests {
    private let scratch: ScratchFolder
    private let database: String
    private let model = Fixtures.url("tiny/tiny-llama.gguf").path

    /// A database with the tiny adapter under two tasks, and a learned part of a method.
    init() throws {
        scratch = try ScratchFolder()
        database = scratch.path("b.sqlite").path
        #expect(try BraidBinary.run("ingest", "--database", database, "-q").status == 0)
        #expect(try BraidBinary.run("build", "--database", database, "--no-export", "-q").status == 0)
        let store = try BenchmarkDatabase(path: database)
        let base = try store.saveModel(
            ModelRecord(
                name: "Tiny", architecture: "llama", fileName: "tiny-llama.gguf",
                sha256: ContentHash(ofFileAt: model).hex, bytes: 257_184, parameters: 1, fileType: "F16"))
        let build = try #require(try store.builds().first)
        let adapters = scratch.path("Adapters")
        try FileManager.default.createDirectory(at: adapters, withIntermediateDirectories: true)
        let parts: [(task: String, kind: String, parameters: Int)] = [
            ("summarize", "lora", 7424), ("reply", "lora", 7424), ("summarize+translate/es", "calibration", 96),
        ]
        for (index, part) in parts.enumerated() {
            let path = "\(part.kind)-\(index)"
            try FileManager.default.copyItem(at: Fixtures.url("tiny/lora"), to: adapters.appending(path: path))
            let file = adapters.appending(path: "\(path)/adapter_model.safetensors").path
            try store.insertAdapter(
                AdapterRecord(
                    modelID: base.id, buildID: build.id, recipeHash: ContentHash(parts: ["task": part.task]).hex,
                    task: part.task, kind: part.kind, rank: 4, alpha: 8, seed: 1, path: path,
                    sha256: ContentHash(ofFileAt: file).hex, recipe: "{}", parameters: part.parameters,
                    bytes: 4 * part.parameters, trainExamples: 32, trainTokens: 4321, steps: 8, seconds: 2.25,
                    firstLoss: 3.5, lastLoss: 2.5, validationLoss: index == 0 ? 2.75 : nil))
        }
    }

    private struct Row: Decodable {
        var task: String
        var kind: String
        var rank: Int
        var parameters: Int
        var bytes: Int
        var model: String
        var examples: Int
        var tokens: Int
        var seconds: Double
        var first_loss: Double
        var validation_loss: Double?
        var sha256: String
        var recipe_hash: String
    }

    @Test("lists task, size, base model, training and hashes, sorted by task")
    func list() throws {
        let result = try BraidBinary.run("adapters", "--database", database, "--format", "json")
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let rows = try JSONDecoder().decode([Row].self, from: Data(result.output.utf8))
        #expect(rows.map(\.task) == ["reply", "summarize", "summarize+translate/es"])
        let row = rows[1]
        #expect(row.kind == "lora" && row.rank == 4 && row.parameters == 7424 && row.bytes == 29_696)
        #expect(row.model == "Tiny" && row.examples == 32 && row.tokens == 4321 && row.seconds == 2.25)
        #expect(row.first_loss == 3.5 && row.validation_loss == 2.75 && rows[0].validation_loss == nil)
        #expect(row.sha256.count == 64 && row.recipe_hash.count == 64)
        let table = try BraidBinary.run("adapters", "list", "--database", database).output
        #expect(table.contains(row.sha256.prefix(12)) && !table.contains(row.sha256.prefix(13)))
        let csv = try BraidBinary.run("adapters", "--database", database, "--format", "csv").output
        #expect(csv.split(separator: "\r\n").count == 4)
    }

    @Test("exports an adapter by task, number or hash, as a folder or a file")
    func export() throws {
        func export(_ arguments: String...) throws -> BraidBinary.Result {
            try BraidBinary.run(["adapters", "export", "--database", database] + arguments, in: scratch.url)
        }
        let adapter = try PEFTAdapterFolder(Fixtures.url("tiny/lora")).read()
        #expect(try export("summarize", "-o", "folder").status == 0)
        #expect(try PEFTAdapterFolder(scratch.path("folder")).read() == adapter)
        #expect(try export("1", "-o", "file.gguf", "--model", model).status == 0)
        #expect(try GGUFAdapterFile(scratch.path("file.gguf")).read().adapter == adapter)
        let hash = ContentHash(parts: ["task": "reply"]).hex
        #expect(try export(String(hash.prefix(8)), "-o", "heads.gguf", "--heads", "4", "--kv-heads", "2").status == 0)
        #expect(try Data(contentsOf: scratch.path("heads.gguf")) == Data(contentsOf: scratch.path("file.gguf")))
        // The model that is used anyway, where it is the one that the adapter was trained for.
        let usual = try BraidBinary.run(
            ["adapters", "export", "--database", database, "reply", "-o", "usual.gguf"], in: scratch.url,
            environment: ["BRAID_MODEL": model])
        #expect(usual.status == 0, "\(usual.errors)")
        let failures = [
            (try export("summarize", "-o", "none.gguf"), "--heads"),
            (try export("summarize", "-o", "folder"), "--force"),
            (try export("sumarize", "-o", "none"), "summarize"),
        ]
        for (result, word) in failures {
            #expect(result.status == 1 && result.errors.contains(word), "\(result.errors)")
        }
        let file = try FileHandle(
            forWritingTo: scratch.path("Adapters").appending(path: "calibration-2/adapter_model.safetensors"))
        try file.seekToEnd()
        try file.write(contentsOf: Data([0]))
        let changed = try export("summarize+translate/es", "-o", "none")
        #expect(changed.status == 1 && changed.errors.contains("not those that were stored"), "\(changed.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("none").path))
        #expect(try export("summarize").status == 64)
    }

    @Test("explains itself", arguments: [["adapters"], ["adapters", "list"], ["adapters", "export"]])
    func help(arguments: [String]) throws {
        let result = try BraidBinary.run(arguments + ["--help"])
        #expect(result.status == 0 && result.output.contains("Example"))
    }
}
