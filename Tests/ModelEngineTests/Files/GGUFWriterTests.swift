import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("Writing GGUF files")
struct GGUFWriterTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test("What is written is read, in its order, each tensor at a multiple of 32 bytes")
    func roundTrip() throws {
        let url = scratch.path("a.gguf")
        let tensors = [
            GGUFWriter.Tensor(name: "b", shape: [2, 3], values: [1, -2, 3, .leastNonzeroMagnitude, 5, 6]),
            GGUFWriter.Tensor(name: "a", shape: [5], values: [1, 2, 3, 4, 5]),
            GGUFWriter.Tensor(name: "ü", shape: [1, 9], values: (0..<9).map(Float.init)),
        ]
        let metadata: [(key: String, value: GGUFWriter.Value)] = [
            ("z", .string("Grüße 🧵\n")), ("a", .unsigned32(.max)), ("m", .float32(-0.1)), ("e", .string("")),
        ]
        try GGUFWriter.write(metadata: metadata, tensors: tensors, to: url)
        let file = try GGUFFile(contentsOf: url)
        #expect(file.version == 3 && file.tensors.map(\.name) == ["b", "a", "ü"])
        #expect(file.tensors.map(\.dimensions) == [[3, 2], [5], [9, 1]])
        for tensor in tensors { #expect(try file.dequantized(tensor.name) == tensor.values) }
        #expect(file.tensors.allSatisfy { $0.range.lowerBound % 32 == 0 && $0.type == .f32 })
        #expect(file.metadata["z"] == .string("Grüße 🧵\n") && file.metadata["e"] == .string(""))
        #expect(file.metadata["a"] == .unsigned(4_294_967_295))
        #expect(try file.metadata.float("m") == -0.1)
    }

    @Test("Names that are empty or given twice are refused, and no file is made")
    func names() {
        let one = GGUFWriter.Tensor(name: "a", shape: [1], values: [1])
        let nameless = GGUFWriter.Tensor(name: "", shape: [1], values: [1])
        let url = scratch.path("a.gguf")
        for tensors in [[one, one], [nameless]] {
            #expect(
                modelError { try GGUFWriter.write(metadata: [], tensors: tensors, to: url) }?.code == .badFormat)
        }
        for keys in [["k", "k"], [""]] {
            let metadata = keys.map { (key: $0, value: GGUFWriter.Value.unsigned32(1)) }
            #expect(
                modelError { try GGUFWriter.write(metadata: metadata, tensors: [], to: url) }?.code == .badFormat)
        }
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }

    @Test("Layers and names of weights belong together in every family")
    func layout() throws {
        for architecture in ModelConfiguration.supportedArchitectures {
            let layout = try ProjectionLayout(architecture: architecture)
            for projection in Projection.allCases {
                let site = AdapterSite(layer: 12, projection: projection)
                #expect(layout.site(ofWeight: layout.weightName(of: site)) == site)
            }
            #expect(layout.interleavesHeads == (architecture == "llama"))
        }
        #expect(modelError { _ = try ProjectionLayout(architecture: "lemma") }?.code == .unsupportedArchitecture)
    }
}
