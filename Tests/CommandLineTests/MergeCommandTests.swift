import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("braid merge")
struct MergeCommandTests {
    private let scratch: ScratchFolder
    private let lora = Fixtures.url("tiny/lora").path
    private let uneven = Fixtures.url("interchange/uneven-peft").path
    private let biased = Fixtures.url("interchange/biased-peft").path
    private let model = Fixtures.url("tiny/tiny-llama.gguf").path

    init() throws { scratch = try ScratchFolder() }

    private func merge(_ arguments: String...) throws -> BraidBinary.Result {
        try BraidBinary.run(["merge"] + arguments, in: scratch.url)
    }

    private struct Row: Decodable {
        var output: String
        var method: String
        var settings: String
        var layers: Int
        var rank: String
        var parameters: Int
        var bytes: Int
        var seconds: Double
    }

    private func row(_ result: BraidBinary.Result) throws -> Row {
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        return try #require(try JSONDecoder().decode([Row].self, from: Data(result.output.utf8)).first)
    }

    /// One line, on standard error, exit code 1.
    private func expectFailure(_ result: BraidBinary.Result, _ words: String...) {
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(word): \(result.errors)") }
    }

    @Test("merges two folders, and says what came out")
    func folders() throws {
        let row = try row(
            merge("--method", "ties", "--density", "0.5", "--format", "json", lora, lora, "-o", "both"))
        #expect(row.output == "both" && row.method == "ties" && row.layers == 14 && row.rank == "4")
        #expect(row.settings == #"{"density":0.5,"majority-sign":"total","weights":[0.5,0.5]}"#)
        #expect(row.parameters == 7424 && row.bytes > 4 * 7424)
        let folder = scratch.path("both")
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder.path)).count == 2)
        let configuration = try String(contentsOf: folder.appending(path: "adapter_config.json"), encoding: .utf8)
        #expect(configuration.contains(#""base_model_name_or_path": "tiny-llama""#))
    }

    @Test("takes any number of adapters of unequal rank, parameters by name, and negative weights")
    func weights() throws {
        let three = try row(
            merge("--method", "cat", "--weights", "-1,0.5,2", "--format", "json", lora, uneven, lora, "-o", "three"))
        #expect(three.rank == "8-14" && three.settings == #"{"weights":[-1,0.5,2]}"#)
        let named = try row(
            merge(
                "--method", "cat", "--parameter", "weights=-1, 0.5,2", "--format", "json", lora, uneven, lora, "-o",
                "named"))
        #expect(named.settings == three.settings)
        for file in ["adapter_config.json", "adapter_model.safetensors"] {
            #expect(
                try Data(contentsOf: scratch.path("three/\(file)")) == Data(contentsOf: scratch.path("named/\(file)")))
        }
        let spread = try row(merge("--method", "cat", "--format", "json", lora, uneven, lora, lora, "-o", "four"))
        #expect(spread.settings == #"{"weights":[0.25,0.25,0.25,0.25]}"#)
    }

    @Test("warns of a merge that is nothing")
    func nothing() throws {
        let result = try merge("--method", "ties", "--density", "1e-9", lora, lora, "-o", "zeros")
        #expect(result.status == 0 && result.errors.hasPrefix("warning: every number of the merged update is 0"))
        #expect(try merge("--method", "ties", lora, lora, "-o", "both").errors.isEmpty)
    }

    @Test("converts one adapter there and back without a change")
    func conversion() throws {
        #expect(try merge(lora, "-o", "a.gguf", "--model", model).status == 0)
        #expect(try merge("a.gguf", "-o", "back").status == 0)
        let file = "adapter_model.safetensors"
        #expect(try merge(lora, "-o", "copy").status == 0)
        #expect(try Data(contentsOf: scratch.path("back/\(file)")) == Data(contentsOf: scratch.path("copy/\(file)")))
        #expect(try merge(lora, "-o", "b.gguf", "--heads", "4", "--kv-heads", "2").status == 0)
        #expect(try Data(contentsOf: scratch.path("a.gguf")) == Data(contentsOf: scratch.path("b.gguf")))
        #expect(try merge(lora, "-o", "q.gguf", "--architecture", "qwen2").status == 0)
        // Biases stay in folders.
        #expect(try merge(biased, "-o", "biased").status == 0)
        expectFailure(try merge(biased, "-o", "biased.gguf", "--model", model), "biased.gguf", "bias", "PEFT folder")
    }

    @Test("asks for the heads only where rows must be put in order")
    func heads() throws {
        let foreign = Fixtures.url("interchange/llama-cpp/tiny.gguf").path
        expectFailure(try merge(lora, "-o", "x.gguf"), "--model", "--heads", "--kv-heads")
        expectFailure(try merge(foreign, "-o", "x"), "tiny.gguf", "--model", "--heads")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("x").path))
        // From such files into such a file, the rows may stay as they are.
        #expect(try merge("--method", "ties", foreign, foreign, "-o", "kept.gguf").status == 0)
        #expect(try merge(foreign, lora, "--method", "cat", "--model", model, "-o", "mixed").status == 0)
        #expect(try merge("kept.gguf", "-o", "kept", "--model", model).status == 0)
        #expect(try merge("--method", "ties", lora, lora, "-o", "ties").status == 0)
        let file = "adapter_model.safetensors"
        #expect(try Data(contentsOf: scratch.path("kept/\(file)")) == Data(contentsOf: scratch.path("ties/\(file)")))
    }

    @Test("refuses adapters of another model or family")
    func otherModels() throws {
        let llama3 = Fixtures.url("architectures/llama3.gguf").path
        expectFailure(try merge(lora, "-o", "x", "--model", llama3), "tiny/lora", "q_proj", "128")
        let qwen = Fixtures.url("interchange/llama-cpp/qwen2.gguf").path
        let tiny = Fixtures.url("interchange/llama-cpp/tiny.gguf").path
        expectFailure(try merge("--method", "cat", qwen, tiny, "-o", "x.gguf"), "tiny.gguf", "llama", "qwen2")
        expectFailure(try merge(tiny, "-o", "x.gguf", "--architecture", "qwen2"), "tiny.gguf", "llama", "qwen2")
        let gemma = Fixtures.url("architectures/gemma3-lora").path
        expectFailure(try merge("--method", "cat", gemma, lora, "-o", "x"), "different models")
        expectFailure(try merge("nowhere", "-o", "x"), "nowhere", "PEFT")
        expectFailure(try merge("nowhere.gguf", "-o", "x"), "nowhere.gguf")
    }

    @Test("replaces nothing without being told to")
    func force() throws {
        #expect(try merge(lora, "-o", "out").status == 0)
        expectFailure(try merge(lora, "-o", "out"), "out", "--force")
        #expect(try merge(uneven, "-o", "out", "--force").status == 0)
        #expect(try merge(lora, "-o", "out.gguf", "--model", model).status == 0)
        expectFailure(try merge(lora, "-o", "out.gguf", "--model", model), "out.gguf", "--force")
    }

    @Test("replaces nothing but an adapter, whatever it is told")
    func foreignPlaces() throws {
        let files = FileManager.default
        try files.createDirectory(at: scratch.path("work/notes"), withIntermediateDirectories: true)
        try files.copyItem(at: Fixtures.url("tiny/lora"), to: scratch.path("work/input"))
        try files.copyItem(at: Fixtures.url("tiny/tiny-llama.gguf"), to: scratch.path("model.gguf"))
        expectFailure(try merge("work/input", "-o", "work", "--force"), "work", "not replaced")
        expectFailure(try merge(lora, "-o", ".", "--force"), "not replaced")
        expectFailure(
            try merge(lora, "-o", "model.gguf", "--force", "--model", model), "model.gguf", "not a GGUF adapter")
        #expect(files.contentsEqual(atPath: scratch.path("model.gguf").path, andPath: model))
        expectFailure(try merge("work/input", "-o", "work/input/new"), "inside the adapter work/input")
        #expect(try files.contentsOfDirectory(atPath: scratch.path("work").path).sorted() == ["input", "notes"])
        #expect(try files.contentsOfDirectory(atPath: scratch.path("work/input").path).count == 2)
        #expect(try merge(lora, "-o", "new/place/a.gguf", "--model", model).status == 0)
        #expect(try merge("work/input", "-o", "work/input", "--force").status == 0)
    }

    @Test("says which adapter is at fault, by its path")
    func faults() throws {
        let gemma = Fixtures.url("architectures/gemma3-lora").path
        expectFailure(
            try merge("--method", "ties", lora, uneven, "-o", "x"), "adapter 1 (\(lora))", "adapter 2 (\(uneven))")
        expectFailure(try merge("--method", "cat", lora, lora, gemma, "-o", "x"), "adapter 3 (\(gemma))")
        expectFailure(try merge("\(lora)/adapter_model.safetensors", "-o", "x"), "adapter_model", "give its folder")
        try Data("{}".utf8).write(to: scratch.path("config.json"))
        expectFailure(try merge(".", "-o", "x"), "adapter_config.json", "whole model's")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("x").path))
    }

    @Test(
        "has every merge of the register for one adapter and for several",
        arguments: MethodRegister.all.map { $0.descriptor })
    func everyMerge(method: MethodDescriptor) throws {
        guard method.family == .dataFreeMerge else { return }
        for count in method.name == "slerp" ? [1, 2] : [1, 5] {
            let inputs = Array(repeating: lora, count: count)
            let result = try BraidBinary.run(
                ["merge", "--method", method.name, "-o", "of-\(count)"] + inputs, in: scratch.url)
            #expect(result.status == 0, "\(count): \(result.errors)")
            #expect(try PEFTAdapterFolder(scratch.path("of-\(count)")).read().factors.count == 14)
        }
    }

    @Test("prints results and lists within 80 columns")
    func width() throws {
        let made = try merge("--method", "della", lora, lora, "-o", "both").output
        #expect(made.hasPrefix("both: 14 layers, rank ") && made.contains("della {"), "\(made)")
        let list = try merge("--list").output
        #expect(list.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let words = list.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("default 1/n each") && words.contains("default 1 each"))
        let one = try merge("--list", "--method", "slerp").output
        #expect(one.hasPrefix("slerp: ") && !one.contains("karcher"))
    }

    @Test("names the nearest method and parameter")
    func names() throws {
        expectFailure(try merge("--method", "tise", lora, lora, "-o", "x"), "did you mean 'ties'")
        expectFailure(
            try merge("--method", "ties", "--parameter", "densty=0.5", lora, lora, "-o", "x"), "did you mean 'density'")
        expectFailure(try merge("--method", "cat", "--density", "0.5", lora, lora, "-o", "x"), "density", "weights")
        expectFailure(try merge("--method", "ties", "--density", "2", lora, lora, "-o", "x"), "density", "at most 1")
        expectFailure(try merge("--method", "cat", "--weights", "1", lora, lora, "-o", "x"), "list of 2 numbers")
        expectFailure(try merge("--method", "lorahub", lora, lora, "-o", "x"), "searched for")
        for method in ["learnable-calibration", "multi-step", "zero-shot", "main-lora"] {
            expectFailure(try merge("--method", method, lora, lora, "-o", "x"), method, "braid run", "--list")
        }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("x").path))
    }

    @Test("gives wrong arguments exit code 64")
    func arguments() throws {
        #expect(try merge().status == 64)
        #expect(try merge(lora).status == 64)
        #expect(try merge(lora, lora, "-o", "x").errors.contains("--method"))
        #expect(try merge(lora, "-o", "x", "--kv-heads", "2").status == 64)
        #expect(try merge(lora, "-o", "x", "--model", model, "--heads", "4").status == 64)
        #expect(try merge(lora, "-o", "x", "--heads", "0").status == 64)
        #expect(try merge(lora, "-o", "x", "--method", "cat", "--parameter", "weights").status == 64)
        #expect(try merge(lora, "-o", "x", "--density", "0.5").errors.contains("--method"))
        #expect(try merge(lora, "-o", "").status == 64)
        let twice = ["--density", "0.5", "--parameter", "density=0.3"]
        #expect(
            try BraidBinary.run(["merge", "--method", "ties", lora, lora, "-o", "x"] + twice).errors
                .contains("given 2 times"))
    }

    @Test("lists the merges with parameters and references")
    func list() throws {
        let text = try merge("--list")
        #expect(text.status == 0)
        for word in ["ties: TIES", "density: ", "default 0.5", "arXiv 2306.01708", "cat: Concatenation"] {
            #expect(text.output.contains(word), "\(word)")
        }
        #expect(!text.output.contains("zero-shot") && !text.output.contains("learnable"))
        struct Entry: Decodable {
            var method: String
            var parameter: String?
            var reference: String
        }
        let entries = try JSONDecoder().decode(
            [Entry].self, from: Data(try merge("--list", "--format", "json").output.utf8))
        #expect(entries.contains { $0.method == "ties" && $0.parameter == "density" && $0.reference.contains("Yadav") })
    }

    @Test("explains itself")
    func help() throws {
        let help = try merge("--help").output
        for word in ["Example", "--density", "--kv-heads", "only converted"] { #expect(help.contains(word), "\(word)") }
        #expect(try BraidBinary.run("--help").output.contains("merge"))
    }
}
