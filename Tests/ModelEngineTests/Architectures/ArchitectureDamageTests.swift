import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("Architectures: damaged files")
struct ArchitectureDamageTests {
    /// A trap would end the whole test process, so that there is nothing more to expect.
    @Test(
        "Any byte of the header may be wrong: an error or a model that runs, never a trap",
        arguments: TinyArchitecture.allCases)
    func header(architecture: TinyArchitecture) throws {
        let intact = try Data(contentsOf: architecture.url)
        let folder = try ScratchFolder()
        let url = folder.path("damaged.gguf")
        let prefix = Data("\(try ModelConfiguration(gguf: GGUFFile(contentsOf: architecture.url)).architecture).".utf8)
        // The family's keys and the tensors' shapes are what the model's sizes come from.
        let keys = ranges(of: prefix, in: intact).map { $0.lowerBound..<$0.upperBound + 44 }
        let shapes = ranges(of: Data(".weight".utf8), in: intact).map { $0.upperBound..<$0.upperBound + 32 }
        let places = (keys + shapes).joined().filter { $0 < intact.count }
        var noise = Noise(intact.count)
        var failures = 0
        for _ in 0..<120 {
            var bytes = intact
            for _ in 0...noise.index(below: 2) {
                bytes[places[noise.index(below: places.count)]] = UInt8(noise.index(below: 256))
            }
            try bytes.write(to: url)
            if modelError({ try run(url) }) != nil { failures += 1 }
        }
        #expect(failures > 30)
    }

    private func run(_ url: URL) throws {
        _ = try Generator(LanguageModel(contentsOf: url, threads: 1)).logits(of: [1, 5, 9])
    }

    private func ranges(of pattern: Data, in data: Data) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = data.startIndex
        while let range = data.range(of: pattern, in: start..<data.endIndex) {
            found.append(range)
            start = range.upperBound
        }
        return found
    }
}
