import Foundation
import TestSupport
import Testing

@Suite("braid bench merge")
struct MergeBenchTests {
    @Test("prints a figure for each merge asked for, as JSON")
    func json() throws {
        let run = try BraidBinary.run(
            "bench", "merge", "--rank", "2", "--layers", "1", "--hidden", "8", "--feed-forward", "16", "--key-value",
            "4", "--only", "ties", "--only", "cat", "--repetitions", "1", "--format", "json")
        #expect(run.status == 0)
        struct Output: Decodable {
            struct Figure: Decodable {
                var name: String
                var seconds: Double
            }
            var version: Int
            var merges: [Figure]
        }
        let output = try JSONDecoder().decode(Output.self, from: Data(run.output.utf8))
        #expect(output.version == 1 && output.merges.map(\.name) == ["ties", "cat"])
        #expect(output.merges.allSatisfy { $0.seconds > 0 })
    }
}
