import ArgumentParser
import ModelEngine
import SeededRandom

/// Which made-up adapters are merged: the sizes of a model's linear layers, and the rank.
struct MergeBenchShape: ParsableArguments {
    @Option(help: "Rank of each.")
    var rank = 32

    @Option(help: "Decoder blocks of the model.")
    var layers = 16

    @Option(help: "Its hidden size.")
    var hidden = 2048

    @Option(help: "Width of its feed-forward layers.")
    var feedForward = 8192

    @Option(help: "Width of its keys and values.")
    var keyValue = 512

    /// Refuses what would make no adapter, or more than memory holds.
    func check() throws {
        for (name, value) in [
            ("rank", rank), ("layers", layers), ("hidden", hidden), ("feed-forward", feedForward),
            ("key-value", keyValue),
        ] where !(1...65_536).contains(value) {
            throw ValidationError("--\(name) must be 1 to 65,536.")
        }
    }

    /// The shape in words.
    var summary: String {
        "rank \(rank), \(layers) layers, hidden \(hidden), feed-forward \(feedForward), keys and values \(keyValue)"
    }

    /// An adapter of numbers between −1 and 1 from a seed, on all seven projections.
    func adapter(seed: UInt64) -> LoRAAdapter {
        var factors: [AdapterSite: LoRAFactors] = [:]
        for layer in 0..<layers {
            for projection in Projection.allCases {
                let site = AdapterSite(layer: layer, projection: projection)
                var generator = SeededGenerator(seed: seed, purpose: "merge bench \(site)")
                let inputs = projection == .down ? feedForward : hidden
                let outputs =
                    switch projection {
                    case .query, .output, .down: hidden
                    case .key, .value: keyValue
                    case .gate, .up: feedForward
                    }
                func numbers(_ count: Int) -> [Float] {
                    (0..<count).map { _ in Float(generator.nextUniform() * 2 - 1) }
                }
                factors[site] = LoRAFactors(
                    rank: rank, inputs: inputs, outputs: outputs, a: numbers(rank * inputs),
                    b: numbers(rank * outputs), scaling: 2)
            }
        }
        return LoRAAdapter(factors: factors)
    }
}
