import BenchmarkStore
import Foundation
import ReportRendering
import TestSupport
import Testing

/// Where the store has means, and how a report reads its scores, changes nothing in it.
@Suite struct StoredMeansTests {
    private struct Score: Decodable {
        let method, setting, cluster, signature: String
        let document: Int64
        let value: Double
    }

    @Test(
        "a report says the same of stored means, of means computed now, and of every score read by itself",
        arguments: [(8, nil), (20, nil), (20, "ties")])
    func same(documents: Int, unfinished: String?) throws {
        let folder = try ScratchFolder()
        let sample = try SampleDatabase(folder.path("braid.sqlite"), documents: documents, unfinished: unfinished)
        let reader = try RunReader(sample.database)
        let now = try reader.input(.latest)
        var byScore = now
        byScore.book = nil
        byScore.scores = try sample.database.rows(Score.self, "SELECT * FROM example_scores").map {
            ScoreFacts(
                method: $0.method, setting: $0.setting, document: $0.document, cluster: $0.cluster,
                signature: $0.signature, value: $0.value)
        }
        #expect(byScore.scores.count > 1_000)
        try sample.database.settle(run: sample.run.id)
        let stored = try reader.input(.latest)
        let data = ReportData(stored, flips: 3_000)
        #expect(data == ReportData(now, flips: 3_000))
        #expect(data == ReportData(byScore, flips: 3_000))
        #expect(data.families.allSatisfy { $0.scores.contains { $0.estimate != nil } })
    }
}
