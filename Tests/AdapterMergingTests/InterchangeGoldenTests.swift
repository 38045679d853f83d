import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Adapters on their way between this program, PEFT and llama.cpp; the golden files are theirs.
struct InterchangeGoldenTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private struct Logits: Decodable {
        struct Sequence: Decodable {
            var tokens: [Int32]
            var positions: [Int]
            var logits: [[Float]]
        }
        var sequences: [Sequence]
    }

    private func folder(_ name: String) -> PEFTAdapterFolder {
        PEFTAdapterFolder(Fixtures.url("interchange/\(name)"))
    }

    @Test(arguments: ["uneven", "biased"])
    func `of PEFT's folder the bytes are written that PEFT was then given`(_ name: String) throws {
        let theirs = folder("\(name)-peft")
        let ours = PEFTAdapterFolder(scratch.path(name))
        try ours.write(theirs.read(), baseModel: theirs.baseModel)
        let golden = folder("\(name)-braid")
        #expect(try Data(contentsOf: ours.tensorFile) == Data(contentsOf: golden.tensorFile))
        #expect(try Data(contentsOf: ours.configurationFile) == Data(contentsOf: golden.configurationFile))
        #expect(try golden.read() == theirs.read())
    }

    @Test func `uneven ranks, alphas and rank-stabilised scaling are PEFT's`() throws {
        let adapter = try folder("uneven-peft").read()
        func site(_ layer: Int, _ projection: Projection) -> LoRAFactors? {
            adapter.factors[AdapterSite(layer: layer, projection: projection)]
        }
        #expect(adapter.factors.count == 13 && site(0, .output) == nil)
        #expect(site(0, .query)?.rank == 2 && site(1, .down)?.rank == 6 && site(0, .down)?.rank == 4)
        #expect(site(0, .up)?.rank == 3 && site(1, .up)?.rank == 4)
        #expect(site(0, .gate)?.scaling == 3 && site(1, .key)?.scaling == 1.5 && site(1, .value)?.scaling == 2.75)
        #expect(site(1, .query)?.scaling == Float(6 / 2.0.squareRoot()))
        #expect(try folder("biased-peft").read().factors.values.allSatisfy { $0.bias != nil && $0.rank == 3 })
    }

    @Test(arguments: ["uneven", "biased"])
    func `PEFT with our folder gives our logits`(_ name: String) throws {
        let model = try LanguageModel(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"), threads: 1)
        let adapter = try PreparedAdapter(folder("\(name)-braid").read(), for: model.configuration)
        let generator = Generator(model)
        let golden = try Fixtures.json(Logits.self, "interchange/\(name)-logits.json")
        #expect(golden.sequences.count == 4)
        for sequence in golden.sequences {
            let ours = try generator.logits(of: sequence.tokens, adapter: adapter)
            for (position, row) in zip(sequence.positions, sequence.logits) {
                #expect(largestDifference(Array(ours[position * 300..<(position + 1) * 300]), row) < 1e-4)
            }
        }
    }

    /// A tiny model and PEFT's folder for it, by the name of llama.cpp's file.
    private static let models = [
        "tiny": ("tiny/tiny-llama.gguf", "tiny/lora"),
        "llama3": ("architectures/llama3.gguf", "architectures/llama3-lora"),
        "qwen2": ("architectures/qwen2.gguf", "architectures/qwen2-lora"),
        "qwen3": ("architectures/qwen3.gguf", "architectures/qwen3-lora"),
        "stablelm": ("architectures/stablelm.gguf", "architectures/stablelm-lora"),
        "gemma3": ("architectures/gemma3.gguf", "architectures/gemma3-lora"),
    ]

    private func configuration(_ path: String) throws -> ModelConfiguration {
        try ModelConfiguration(gguf: GGUFFile(contentsOf: Fixtures.url(path)))
    }

    @Test(arguments: models.keys.sorted())
    func `what llama.cpp's converter made of a folder is read as that folder`(_ name: String) throws {
        let (model, folder) = try #require(Self.models[name])
        let file = GGUFAdapterFile(Fixtures.url("interchange/llama-cpp/\(name).gguf"))
        let configuration = try configuration(model)
        let contents = try file.read(heads: AttentionHeads(configuration))
        #expect(try contents.adapter == PEFTAdapterFolder(Fixtures.url(folder)).read())
        #expect(contents.architecture == configuration.architecture)
    }

    @Test(arguments: models.keys.sorted())
    func `our file holds the tensors of llama.cpp's converter`(_ name: String) throws {
        let (model, folder) = try #require(Self.models[name])
        let configuration = try configuration(model)
        let place = scratch.path("ours.gguf")
        try GGUFAdapterFile(place).write(
            PEFTAdapterFolder(Fixtures.url(folder)).read(), architecture: configuration.architecture,
            heads: AttentionHeads(configuration))
        let ours = try GGUFFile(contentsOf: place)
        let theirs = try GGUFFile(contentsOf: Fixtures.url("interchange/llama-cpp/\(name).gguf"))
        #expect(Set(ours.tensors.map(\.name)) == Set(theirs.tensors.map(\.name)))
        for tensor in theirs.tensors {
            #expect(ours.tensor(named: tensor.name)?.dimensions == tensor.dimensions)
            #expect(try ours.dequantized(tensor.name) == theirs.dequantized(tensor.name), "\(tensor.name)")
        }
        for key in ["general.type", "general.architecture", "adapter.type", "adapter.lora.alpha"] {
            #expect(ours.metadata[key] == theirs.metadata[key], "\(key)")
        }
    }

    @Test func `half precision is widened`() throws {
        let heads = AttentionHeads(queries: 4, keyValues: 2)
        let half = try GGUFAdapterFile(Fixtures.url("interchange/llama-cpp/tiny-f16.gguf")).read(heads: heads).adapter
        let whole = try PEFTAdapterFolder(Fixtures.url("tiny/lora")).read()
        #expect(half.sites == whole.sites && half != whole)
        // Entries are below 0.5, where a half's last place is 2⁻¹² at most.
        #expect(largestDifference(half, whole) < 0x1p-12)
    }

    @Test func `the file that llama.cpp was given is what is written of uneven layers`() throws {
        let theirs = folder("uneven-peft")
        let adapter = try theirs.read()
        let heads = AttentionHeads(queries: 4, keyValues: 2)
        let file = GGUFAdapterFile(scratch.path("uneven.gguf"))
        try file.write(adapter, heads: heads, baseModel: theirs.baseModel)
        #expect(try Data(contentsOf: file.url) == Fixtures.data("interchange/uneven-braid.gguf"))
        let read = try file.read()
        #expect(read.heads == heads && read.baseModel == "tiny-llama" && read.adapter.sites == adapter.sites)
        for site in adapter.sites {
            #expect(largestDifference(read.adapter.update(site), adapter.update(site)) < 1e-7)
        }
    }

    private struct Greedy: Decodable {
        struct Row: Decodable {
            var model: String
            var adapter: String
            var prompt: [Int32]
            var tokens: [Int32]
            /// How far the adapter moves a logit.
            var moved: Float
            var logits: [Float]
        }
        var rows: [Row]
    }

    @Test(arguments: models.keys.sorted() + ["uneven"])
    func `llama.cpp with our file says what the engine says`(_ name: String) throws {
        let (path, adapter) = Self.models[name] ?? ("tiny/tiny-llama.gguf", "interchange/uneven-peft")
        let model = try LanguageModel(contentsOf: Fixtures.url(path), threads: 1)
        let prepared = try PreparedAdapter(
            PEFTAdapterFolder(Fixtures.url(adapter)).read(), for: model.configuration)
        let rows = try Fixtures.json(Greedy.self, "interchange/greedy.json").rows.filter { $0.adapter == name }
        #expect(rows.count == 4)
        let generator = Generator(model)
        for row in rows {
            let logits = try generator.logits(of: row.prompt, adapter: prepared)
            let difference = largestDifference(Array(logits.suffix(300)), row.logits)
            // llama.cpp takes GELU, which only Gemma has, from a table of half-precision numbers.
            #expect(difference < (name == "gemma3" ? 0.01 : 1e-4) && row.moved > 1, "\(difference)")
            var sequence = row.prompt
            for token in row.tokens {
                let last = try generator.logits(of: sequence, adapter: prepared).suffix(300)
                let best = last.indices.max { last[$0] < last[$1] } ?? last.startIndex
                #expect(Int32(best - last.startIndex) == token)
                sequence.append(token)
            }
        }
    }
}
