import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Reading and writing of whole folders.
struct PEFTAdapterFolderTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func `PEFT's own folder is read with its scaling`() throws {
        let adapter = try PEFTAdapterFolder(Fixtures.url("tiny/lora")).read()
        #expect(adapter.sites.count == 14)
        #expect(try adapter == GoldenTensors("tiny/lora/adapter_model.safetensors").adapter(scaling: 2))
    }

    @Test func `an adapter survives writing and reading bit by bit`() throws {
        let adapter = try PEFTAdapterFolder(Fixtures.url("tiny/lora")).read()
        let folder = PEFTAdapterFolder(scratch.path("copy"))
        try folder.write(adapter, baseModel: "tiny-llama")
        #expect(try folder.read() == adapter)
        let text = try String(contentsOf: folder.configurationFile, encoding: .utf8)
        #expect(text.contains("\"r\": 4,") && text.contains("\"lora_alpha\": 8,"))
        #expect(text.contains("\"base_model_name_or_path\": \"tiny-llama\""))
        #expect(text.contains("\"rank_pattern\": {},") && text.hasSuffix("}\n"))
    }

    @Test func `ranks and scalings that differ by layer survive too`() throws {
        var adapter = LoRAAdapter.random(seed: 1, rank: 3, scaling: 0.1, sites: [.query(0), .query(1), .down(1)])
        adapter.factors[.query(1)] =
            LoRAAdapter.random(seed: 2, rank: 5, scaling: -1.7, sites: [.query(1)])
            .factors[.query(1)]
        adapter.factors[.query(11)] =
            LoRAAdapter.random(seed: 3, rank: 1, scaling: 0, sites: [.query(11)])
            .factors[.query(11)]
        let folder = PEFTAdapterFolder(scratch.path("mixed"))
        try folder.write(adapter)
        #expect(try folder.read() == adapter)
        let text = try String(contentsOf: folder.configurationFile, encoding: .utf8)
        #expect(text.contains("\"model.layers.1.self_attn.q_proj\": 5"))
        #expect(text.contains("\"model.layers.11.self_attn.q_proj\": 1"))
    }

    @Test func `what a merge makes of adapters with unlike layers can be written and read`() throws {
        let partial = LoRAAdapter.random(seed: 2, rank: 2, sites: [.down(1)])
        let merged = try Concatenation.merge([.random(seed: 1), partial])
        let folder = PEFTAdapterFolder(scratch.path("merged"))
        try folder.write(merged)
        #expect(try folder.read() == merged)
    }

    @Test func `equal adapters give equal bytes`() throws {
        let folders = ["one", "two"].map { PEFTAdapterFolder(scratch.path($0)) }
        for folder in folders { try folder.write(.random(seed: 5)) }
        #expect(try Data(contentsOf: folders[0].tensorFile) == Data(contentsOf: folders[1].tensorFile))
        #expect(try Data(contentsOf: folders[0].configurationFile) == Data(contentsOf: folders[1].configurationFile))
    }

    @Test func `a folder is replaced only when allowed, and nothing is left beside it`() throws {
        let folder = PEFTAdapterFolder(scratch.path("adapter"))
        try folder.write(.random(seed: 1))
        let error = #expect(throws: MergeError.self) { try folder.write(.random(seed: 2)) }
        #expect(error?.code == .alreadyExists)
        #expect(try folder.read() == .random(seed: 1))
        try folder.write(.random(seed: 2), replacing: true)
        #expect(try folder.read() == .random(seed: 2))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path()) == ["adapter"])
    }

    @Test func `what cannot be written leaves nothing behind`() throws {
        var broken = LoRAAdapter.random(seed: 1)
        broken.factors[.query(0)]?.a[0] = .nan
        let flat = LoRAAdapter(factors: [
            .query(0): LoRAFactors(rank: 0, inputs: 4, outputs: 4, a: [], b: [], scaling: 1)
        ])
        let folder = PEFTAdapterFolder(scratch.path("never"))
        for (adapter, code) in [(broken, MergeError.Code.notFinite), (LoRAAdapter(), .noAdapters), (flat, .badAdapter)]
        {
            let error = #expect(throws: MergeError.self) { try folder.write(adapter) }
            #expect(error?.code == code)
        }
        let blocked = scratch.path("file")
        try Data([1]).write(to: blocked)
        let error = #expect(throws: MergeError.self) {
            try PEFTAdapterFolder(blocked.appending(path: "inside")).write(.random(seed: 1))
        }
        #expect(error?.code == .unwritableFile)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path()) == ["file"])
    }

    @Test func `biases survive, and layers without one get zeros in the file alone`() throws {
        var adapter = LoRAAdapter.random(seed: 1, sites: [.query(0), .query(1), .down(1)])
        adapter.factors[.query(0)]?.bias = [1, -2, 0, 0.5, 1e-3]
        let folder = PEFTAdapterFolder(scratch.path("biased"))
        try folder.write(adapter)
        #expect(try folder.read() == adapter)
        let text = try String(contentsOf: folder.configurationFile, encoding: .utf8)
        #expect(text.contains("\"lora_bias\": true,"))
        let tensors = try SafetensorsFile(contentsOf: folder.tensorFile).tensors.filter { $0.name.hasSuffix(".bias") }
        #expect(tensors.map(\.shape) == [[5], [5], [5]])
    }

    @Test func `a bias alone is written with factors that add nothing`() throws {
        let bias = LoRAFactors(rank: 0, inputs: 6, outputs: 5, a: [], b: [], scaling: 0.3, bias: [1, 2, 3, 4, 5])
        let folder = PEFTAdapterFolder(scratch.path("bias"))
        try folder.write(LoRAAdapter(factors: [.query(0): bias]))
        let read = try #require(try folder.read().factors[.query(0)])
        #expect(read.bias == bias.bias && read.scaling == 0.3 && read.rank == 1)
        #expect(read.update.allSatisfy { $0 == 0 })
    }

    @Test func `a pickle is refused with advice`() throws {
        let folder = PEFTAdapterFolder(scratch.path("pickle"))
        try folder.write(.random(seed: 1))
        let pickle = folder.url.appending(path: "adapter_model.bin")
        try Data([0x80, 2]).write(to: pickle)
        #expect(try folder.read() == .random(seed: 1), "the safe file counts where both are there")
        try FileManager.default.removeItem(at: folder.tensorFile)
        let error = #expect(throws: MergeError.self) { try folder.read() }
        #expect(error?.code == .unsupportedOption && error?.file?.hasSuffix("adapter_model.bin") == true)
        #expect(error?.message.contains("safe_serialization") == true)
    }

    @Test func `the base model's name is found`() throws {
        let folder = PEFTAdapterFolder(scratch.path("named"))
        #expect(folder.baseModel == nil)
        try folder.write(.random(seed: 1), baseModel: "some/model")
        #expect(folder.baseModel == "some/model")
        try folder.write(.random(seed: 1), replacing: true)
        #expect(folder.baseModel == nil)
    }
}
