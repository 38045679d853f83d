import Foundation
import TestSupport
import Testing

@Suite("braid bench store")
struct StoreBenchTests {
    @Test("measures runs of several sizes, as JSON, and leaves nothing behind")
    func json() throws {
        let folder = try ScratchFolder()
        let run = try BraidBinary.run(
            "bench", "store", "--predictions", "392", "800", "--repetitions", "1", "--scratch", folder.url.path,
            "--format", "json")
        #expect(run.status == 0)
        struct Output: Decodable {
            struct Row: Decodable {
                var predictions, scores, databaseBytes, reportBytes, reportPeakBytes: Int
                var predictionsPerSecond, leaderboardSeconds, reportSeconds: Double
            }
            var version: Int
            var runs: [Row]
        }
        let output = try JSONDecoder().decode(Output.self, from: Data(run.output.utf8))
        // One answer of each method and setting; one method lacks its last ones.
        #expect(output.version == 1 && output.runs.map(\.predictions) == [391, 783])
        for row in output.runs {
            #expect(row.scores > 11 * row.predictions && row.scores <= 13 * row.predictions)
            #expect(row.databaseBytes > 100_000 && row.reportBytes > 10_000 && row.reportPeakBytes > 1_000_000)
            #expect(row.predictionsPerSecond > 0 && row.leaderboardSeconds > 0 && row.reportSeconds > 0)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
}
