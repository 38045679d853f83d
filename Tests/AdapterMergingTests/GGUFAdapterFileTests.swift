import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Reading and writing of llama.cpp's LoRA files, and what is refused.
struct GGUFAdapterFileTests {
    private let scratch: ScratchFolder
    private let heads = AttentionHeads(queries: 2, keyValues: 1)

    init() throws { scratch = try ScratchFolder() }

    /// Six numbers in, twelve out: two heads of six rows, or one of twelve.
    private func adapter(_ scaling: Float = 2, rank: Int = 3, seed: UInt64 = 1) -> LoRAAdapter {
        let sites = Projection.allCases.map { AdapterSite(layer: 4, projection: $0) }
        return .random(seed: seed, rank: rank, scaling: scaling, sites: sites, outputs: 12)
    }

    @Test(arguments: ModelConfiguration.supportedArchitectures)
    func `an adapter of one scaling survives bit by bit`(_ architecture: String) throws {
        let file = GGUFAdapterFile(scratch.path("a.gguf"))
        for scaling: Float in [2, -0.75, 1e-3] {
            try file.write(adapter(scaling), architecture: architecture, heads: heads, replacing: true)
            let contents = try file.read()
            #expect(contents.adapter.factors.mapValues(\.b) == adapter(scaling).factors.mapValues(\.b))
            #expect(largestDifference(contents.adapter, adapter(scaling)) == 0, "\(scaling)")
            #expect(contents.architecture == architecture && contents.heads == heads && contents.baseModel == nil)
        }
    }

    @Test func `unequal scalings are put into B, and a scaling of 0 is not taken for 1`() throws {
        var adapter = adapter()
        for (index, scaling) in [Float(0), 0.3, 2, -7, 2].enumerated() {
            adapter.factors[AdapterSite(layer: 4, projection: Projection.allCases[index])]?.scaling = scaling
        }
        let site = AdapterSite(layer: 5, projection: .up)
        adapter.factors[site] = LoRAAdapter.random(seed: 9, rank: 1, scaling: 0.7, sites: [site]).factors[site]
        let file = GGUFAdapterFile(scratch.path("a.gguf"))
        try file.write(adapter, heads: heads)
        let read = try file.read().adapter
        #expect(read.sites == adapter.sites)
        for site in adapter.sites {
            #expect(read.factors[site]?.a == adapter.factors[site]?.a)
            #expect(largestDifference(read.update(site), adapter.update(site)) < 2e-6, "\(site)")
        }
        var silent = self.adapter(0)
        silent.factors = silent.factors.filter { $0.key.projection == .up }
        try file.write(silent, replacing: true)
        #expect(try file.read().adapter.factors.values.allSatisfy { $0.b.allSatisfy { $0 == 0 } })
    }

    @Test func `only the llama family reorders rows, and only those of q and k`() throws {
        let file = GGUFAdapterFile(scratch.path("a.gguf"))
        for architecture in ModelConfiguration.supportedArchitectures {
            try file.write(adapter(), architecture: architecture, heads: heads, replacing: true)
            let stored = try file.read(order: .file).adapter
            for (site, factors) in adapter().factors {
                let moves = architecture == "llama" && [.query, .key].contains(site.projection)
                #expect((stored.factors[site]?.b != factors.b) == moves, "\(architecture) \(site)")
                #expect(stored.factors[site]?.a == factors.a)
            }
        }
        // Rows 0…5 of the first head: halves 0 1 2 and 3 4 5 become 0 3 1 4 2 5.
        let rows = (0..<12).map(Float.init)
        let site = AdapterSite(layer: 0, projection: .query)
        let numbered = LoRAAdapter(factors: [
            site: LoRAFactors(rank: 1, inputs: 1, outputs: 12, a: [1], b: rows, scaling: 1)
        ])
        try file.write(numbered, heads: heads, replacing: true)
        #expect(try file.read(order: .file).adapter.factors[site]?.b == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
        #expect(try file.read().adapter == numbered)
    }

    @Test func `the heads are asked for only where they are needed`() throws {
        let file = GGUFAdapterFile(scratch.path("a.gguf"))
        #expect(refuses(.missingHeads) { try file.write(adapter()) })
        try file.write(adapter(), order: .file)
        #expect(refuses(.missingHeads) { _ = try file.read() })
        #expect(refuses(.badAdapter) { _ = try file.read(heads: AttentionHeads(queries: 5, keyValues: 1)) })
        #expect(try file.read(order: .file).adapter == adapter())
        var others = adapter()
        others.factors = others.factors.filter { ![.query, .key].contains($0.key.projection) }
        try file.write(others, replacing: true)
        #expect(try file.read().adapter == others)
        try file.write(adapter(), heads: heads, replacing: true)
        #expect(refuses(.badAdapter) { _ = try file.read(heads: AttentionHeads(queries: 1, keyValues: 1)) })
    }

    @Test func `what a file cannot hold is refused, and what is there is kept`() throws {
        let file = GGUFAdapterFile(scratch.path("a.gguf"))
        var biased = adapter()
        let site = AdapterSite(layer: 4, projection: .up)
        biased.factors[site]?.bias = [Float](repeating: 1, count: 12)
        var broken = adapter()
        broken.factors[site]?.b[0] = .infinity
        var huge = adapter(0.125)
        huge.factors[site]?.scaling = .greatestFiniteMagnitude
        let flat = LoRAAdapter(factors: [
            site: LoRAFactors(rank: 0, inputs: 4, outputs: 4, a: [], b: [], scaling: 1)
        ])
        let cases: [(LoRAAdapter, MergeError.Code)] = [
            (biased, .unsupportedOption), (broken, .notFinite), (huge, .notFinite), (flat, .badAdapter),
            (LoRAAdapter(), .noAdapters),
        ]
        for (adapter, code) in cases { #expect(refuses(code) { try file.write(adapter, heads: heads) }) }
        #expect(throws: ModelError.self) { try file.write(adapter(), architecture: "lemma", heads: heads) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path()).isEmpty)
        try file.write(adapter(), heads: heads)
        #expect(refuses(.alreadyExists) { try file.write(adapter(1), heads: heads) })
        #expect(try file.read().adapter == adapter())
    }

    /// Writes a small file with some keys changed or left out, and some tensors.
    private func file(
        _ changes: [String: GGUFWriter.Value?] = [:],
        _ tensors: [(name: String, shape: [Int])] = [
            ("blk.0.ffn_up.weight.lora_a", [2, 3]), ("blk.0.ffn_up.weight.lora_b", [4, 2]),
        ]
    ) throws -> GGUFAdapterFile {
        var keys: [String: GGUFWriter.Value] = [
            "general.architecture": .string("llama"), "general.type": .string("adapter"),
            "adapter.type": .string("lora"), "adapter.lora.alpha": .float32(6),
        ]
        for (key, value) in changes { keys[key] = value }
        let url = scratch.path("built.gguf")
        try GGUFWriter.write(
            metadata: keys.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            tensors: tensors.map {
                GGUFWriter.Tensor(name: $0.name, shape: $0.shape, values: (0..<$0.shape.reduce(1, *)).map(Float.init))
            }, to: url)
        return GGUFAdapterFile(url)
    }

    @Test func `the scaling is alpha over rank, and 1 where alpha is 0 or missing`() throws {
        let site = AdapterSite(layer: 0, projection: .up)
        #expect(try file().read().adapter.factors[site]?.scaling == 3)
        #expect(try file(["adapter.lora.alpha": .float32(0)]).read().adapter.factors[site]?.scaling == 1)
        #expect(try file(["adapter.lora.alpha": nil]).read().adapter.factors[site]?.scaling == 1)
    }

    @Test(arguments: [
        ("general.type", "model", "general.type", MergeError.Code.badFormat),
        ("adapter.type", "control", "adapter.type", .unsupportedOption),
        ("general.architecture", "lemma", "general.architecture", .unsupportedOption),
        ("adapter.alora.invocation_tokens", "x", "adapter.alora.invocation_tokens", .unsupportedOption),
    ])
    func `a file of another kind is refused by name`(
        _ key: String, _ value: String, _ named: String, _ code: MergeError.Code
    ) throws {
        let file = try file([key: .string(value)])
        let error = #expect(throws: MergeError.self) { try file.read() }
        #expect(error?.code == code && error?.key == named)
        #expect(error?.file?.hasSuffix("built.gguf") == true)
    }

    @Test func `a model is not taken for an adapter`() throws {
        let error = #expect(throws: MergeError.self) {
            try GGUFAdapterFile(Fixtures.url("tiny/tiny-llama.gguf")).read()
        }
        #expect(error?.code == .badFormat)
    }

    @Test(arguments: [
        ("token_embd.weight.lora_a", "embeddings"), ("output.weight.lora_b", "output layer"),
        ("blk.0.attn_norm.weight", "norm"), ("blk.0.ffn_up.weight", "lora_a"), ("blk.x.ffn_up.weight.lora_a", "lora_a"),
        ("blk.00.ffn_up.weight.lora_a", "lora_a"), ("blk.0.ffn_up_exps.weight.lora_a", "lora_a"),
        ("ffn_up.weight.lora_a", "lora_a"),
    ])
    func `tensors that are no factors of a projection are named`(_ name: String, _ word: String) throws {
        let file = try file([:], [(name, [2, 3])])
        let error = #expect(throws: MergeError.self) { try file.read() }
        #expect(error?.code == .unsupportedOption && error?.key == name && error?.message.contains(word) == true)
    }

    @Test(arguments: [
        [[2, 3]], [[3, 2], [4, 2]], [[2, 3], [2, 4]], [[6], [4, 2]], [[2, 3], [2, 2, 2]],
    ])
    func `factors that do not fit one another are named`(_ shapes: [[Int]]) throws {
        let names = ["blk.0.ffn_up.weight.lora_a", "blk.0.ffn_up.weight.lora_b"]
        let file = try file([:], Array(zip(names, shapes)).map { (name: $0, shape: $1) })
        let error = #expect(throws: MergeError.self) { try file.read() }
        #expect(error?.code == .badAdapter && error?.key?.hasPrefix("blk.0.ffn_up.weight.lora_") == true)
    }

    @Test func `a cut file is refused wherever it is cut`() throws {
        let whole = try Data(contentsOf: file().url)
        let cut = scratch.path("cut.gguf")
        for length in [0, 3, 20, 100, 200, whole.count / 2, whole.count - 33] {
            try whole.prefix(length).write(to: cut)
            #expect(throws: ModelError.self, "\(length)") { try GGUFAdapterFile(cut).read() }
        }
    }

    /// Whether `body` throws a `MergeError` of this code.
    private func refuses(_ code: MergeError.Code, _ body: () throws -> Void) -> Bool {
        do { try body() } catch { return (error as? MergeError)?.code == code }
        return false
    }
}
