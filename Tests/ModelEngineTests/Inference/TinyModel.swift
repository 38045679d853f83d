import Foundation
import ModelEngine
import TestSupport
import Testing

/// The tiny model of the fixtures and what belongs to it.
enum TinyModel {
    /// A model of the test's own: only one piece of work at a time may run on a model, and tests run side by side.
    static func load(
        _ file: String = "tiny-llama.gguf", threads: Int = 2, precision: WeightPrecision = .float32
    ) throws -> LanguageModel {
        try LanguageModel(contentsOf: Fixtures.url("tiny/\(file)"), threads: threads, precision: precision)
    }

    /// The adapter in `tiny/lora`: rank 4, alpha 8.
    static func lora() throws -> LoRAAdapter {
        try adapter(GoldenTensors("tiny/lora/adapter_model.safetensors"), rank: 4, scaling: 2)
    }

    /// An adapter from tensors under PEFT keys.
    static func adapter(
        _ tensors: GoldenTensors, rank: Int, scaling: Float, layers: Int = 2
    ) throws -> LoRAAdapter {
        var adapter = LoRAAdapter()
        for layer in 0..<layers {
            for projection in Projection.allCases {
                let site = AdapterSite(layer: layer, projection: projection)
                let a = try tensors["base_model.model.\(site).lora_A.weight"]
                let b = try tensors["base_model.model.\(site).lora_B.weight"]
                adapter.factors[site] = LoRAFactors(
                    rank: rank, inputs: a.count / rank, outputs: b.count / rank, a: a, b: b, scaling: scaling)
            }
        }
        return adapter
    }

    /// A random adapter for some projections, strong enough to change what the tiny model says.
    static func randomAdapter(
        _ configuration: ModelConfiguration, rank: Int, projections: [Projection] = Projection.allCases, seed: Int
    ) -> LoRAAdapter {
        var noise = Noise(seed)
        var adapter = LoRAAdapter()
        for site in configuration.sites where projections.contains(site.projection) {
            let shape = configuration.shape(of: site.projection)
            adapter.factors[site] = LoRAFactors(
                rank: rank, inputs: shape.inputs, outputs: shape.outputs,
                a: noise.array(rank * shape.inputs, scale: 0.3), b: noise.array(shape.outputs * rank, scale: 0.3),
                scaling: 1.5)
        }
        return adapter
    }

    /// The same adapter with B = 0, as a new LoRA starts: it changes nothing.
    static func idle(_ adapter: LoRAAdapter) -> LoRAAdapter {
        LoRAAdapter(
            factors: adapter.factors.mapValues {
                LoRAFactors(
                    rank: $0.rank, inputs: $0.inputs, outputs: $0.outputs, a: $0.a,
                    b: [Float](repeating: 0, count: $0.b.count), scaling: $0.scaling)
            })
    }

    /// Random prompts of ordinary tokens (no specials), of the lengths given.
    static func prompts(_ lengths: [Int], seed: Int) -> [[Int32]] {
        var noise = Noise(seed)
        return lengths.map { length in (0..<length).map { _ in Int32(3 + noise.index(below: 297)) } }
    }
}

/// The tensors of a golden safetensors file as float32, read by the format's rules alone: a little-endian u64 with the
/// header's length, the header as JSON, then the bytes that its offsets point into.
struct GoldenTensors {
    private var tensors: [String: [Float]] = [:]

    private struct Entry: Decodable {
        var dtype: String?
        var data_offsets: [Int]?
    }

    init(_ path: String) throws {
        let data = try Fixtures.data(path)
        let length = data.withUnsafeBytes { Int(UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self))) }
        let entries = try JSONDecoder().decode([String: Entry].self, from: data.dropFirst(8).prefix(length))
        for (name, entry) in entries {
            guard entry.dtype == "F32", let range = entry.data_offsets else { continue }
            let start = 8 + length + range[0]
            tensors[name] = data.withUnsafeBytes { bytes in
                (0..<(range[1] - range[0]) / 4).map {
                    Float(
                        bitPattern: UInt32(
                            littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
                }
            }
        }
    }

    subscript(name: String) -> [Float] {
        get throws { try #require(tensors[name], "no tensor \(name)") }
    }
}
