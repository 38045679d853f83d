import Foundation
import ModelEngine
import TestSupport
import Testing

/// The tensors of a golden safetensors file, read without the engine's own reader.
struct GoldenTensors {
    struct Tensor {
        var type: String
        var shape: [Int]
        var bytes: Data

        var floats: [Float] {
            stride(from: 0, to: bytes.count, by: 4).map { start in
                let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[bytes.startIndex + start + $1]) << (8 * $1) }
                return Float(bitPattern: word)
            }
        }

        var flags: [Bool] { bytes.map { $0 != 0 } }
    }

    private struct Entry: Decodable {
        // Missing in the entry `__metadata__`.
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    var tensors: [String: Tensor] = [:]

    /// Header length (eight bytes, little-endian), JSON header, data.
    init(_ path: String) throws {
        let data = try Fixtures.data(path)
        let length = (0..<8).reduce(0) { $0 | Int(data[$1]) << (8 * $1) }
        let header = try JSONDecoder().decode([String: Entry].self, from: data[8..<8 + length])
        for (name, entry) in header {
            guard let type = entry.dtype, let shape = entry.shape, let offsets = entry.offsets else { continue }
            tensors[name] = Tensor(
                type: type, shape: shape, bytes: data[(8 + length + offsets[0])..<(8 + length + offsets[1])])
        }
    }

    /// The adapter under PEFT's keys after a prefix.
    func adapter(prefix: String = "", scaling: Float) throws -> LoRAAdapter {
        var result = LoRAAdapter()
        for site in Self.sites {
            let key = "\(prefix)base_model.model.\(site)"
            guard let a = tensors["\(key).lora_A.weight"], let b = tensors["\(key).lora_B.weight"] else { continue }
            result.factors[site] = LoRAFactors(
                rank: a.shape[0], inputs: a.shape[1], outputs: b.shape[0], a: a.floats, b: b.floats, scaling: scaling)
        }
        return result
    }

    private static let sites = (0..<2).flatMap { layer in
        Projection.allCases.map { AdapterSite(layer: layer, projection: $0) }
    }
}

/// The contents of `peft-merges/index.json` with its adapters.
struct GoldenMerges {
    struct Index: Decodable {
        struct Input: Decodable {
            var name: String
            var file: String
            var rank: Int
            var alpha: Float
        }

        var inputs: [Input]
        var merges: [Merge]
    }

    struct Merge: Decodable, Sendable, CustomTestStringConvertible {
        var file: String
        var prefix: String
        var combinationType: String
        var majoritySignMethod: String?
        var density: Double?
        var adapters: [String]
        var weights: [Double]
        var rank: Int

        var testDescription: String { "\(file)/\(prefix)" }
    }

    let index: Index
    let inputs: [String: LoRAAdapter]

    init() throws {
        index = try Fixtures.json(Index.self, "peft-merges/index.json")
        var inputs: [String: LoRAAdapter] = [:]
        for input in index.inputs {
            inputs[input.name] = try GoldenTensors("peft-merges/\(input.file)")
                .adapter(scaling: input.alpha / Float(input.rank))
        }
        self.inputs = inputs
    }

    /// All merges of some kinds.
    static func merges(_ kinds: String...) -> [Merge] {
        ((try? GoldenMerges().index.merges) ?? []).filter { kinds.contains($0.combinationType) }
    }

    func adapters(of merge: Merge) -> [LoRAAdapter] { merge.adapters.compactMap { inputs[$0] } }
}
