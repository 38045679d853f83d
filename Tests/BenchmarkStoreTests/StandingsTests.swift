import BenchmarkStore
import GRDB
import TestSupport
import Testing

@Suite("Means that are stored")
struct StandingsTests {
    /// The views that show stored means, with what makes a row theirs.
    private static let views = [
        "leaderboard": "run_id, method, family, signature", "by_setting": "run_id, method, setting, signature",
        "by_language": "run_id, method, target, signature", "by_tone": "run_id, method, target, signature",
        "efficiency": "run_id, method",
    ]

    /// Two main tasks, languages and tones, near-duplicates, missing answers, three methods and two metrics.
    private static func run() throws -> ScoredRun {
        let settings = [
            "summarize+translate/es", "summarize+translate/fr", "summarize+rewrite/witty", "reply+translate/es",
        ]
        let keys = ["a", "b", "c~1", "c~2", "d"]
        var scores: [(method: String, setting: String, values: [String: Double])] = []
        for (m, method) in ["linear", "ties", "cat"].enumerated() {
            for (s, setting) in settings.enumerated() {
                var values: [String: Double] = [:]
                for (k, key) in keys.enumerated() where (m + s + k) % 7 != 6 {
                    values[key] = Double((m * 37 + s * 11 + k * 23) % 41) * 1.1 + 0.3
                }
                scores.append((method, setting, values))
            }
        }
        let run = try ScoredRun(scores)
        try run.database.saveMetrics([MetricRecord(signature: "language|version:test", name: "language", scale: "0-1")])
        let language = (1...20).filter { $0 % 3 > 0 }.map {
            ScoreRecord(
                predictionID: Int64($0), metric: "language", signature: "language|version:test", value: Double($0 % 2))
        }
        try run.database.saveScores(language)
        return run
    }

    /// The views as they are, and as they are when nothing is settled; the latter is computed in a transaction that is
    /// taken back.
    private static func compare(_ run: ScoredRun, _ comment: Comment) throws {
        struct Rollback: Error {}
        var shown: [String: [Row]] = [:]
        var live: [String: [Row]] = [:]
        func read(_ db: Database) throws -> [String: [Row]] {
            try views.reduce(into: [:]) { result, view in
                result[view.key] = try Row.fetchAll(db, sql: "SELECT * FROM \(view.key) ORDER BY \(view.value)")
            }
        }
        do {
            try run.database.write { db in
                shown = try read(db)
                try db.execute(sql: "DELETE FROM cell_totals")
                live = try read(db)
                throw Rollback()
            }
        } catch is Rollback {}
        for view in views.keys.sorted() {
            let (left, right) = (shown[view] ?? [], live[view] ?? [])
            #expect(left.count == right.count, "\(view): \(comment)")
            for (row, other) in zip(left, right) {
                let isSame = zip(row.databaseValues, other.databaseValues).allSatisfy { pair in
                    guard case .double(let a) = pair.0.storage, case .double(let b) = pair.1.storage else {
                        return pair.0 == pair.1
                    }
                    return abs(a - b) <= 1e-12 * max(abs(a), abs(b), 1)
                }
                #expect(isSame, "\(view): \(comment)\n\(row)\n\(other)")
            }
        }
        #expect(!(shown["leaderboard"] ?? []).isEmpty)
    }

    private static func settled(_ run: ScoredRun) throws -> Int64? { try run.fixture.count("cell_totals") }

    @Test("the views show the same as when they compute every mean")
    func settling() throws {
        let run = try Self.run()
        #expect(try Self.settled(run) == 0)
        try Self.compare(run, "not settled")
        try run.database.settle(run: run.run.id)
        #expect(try Self.settled(run) == 12)
        #expect(try run.fixture.count("standings") ?? 0 > 12 * 2)
        try Self.compare(run, "settled")
        let before = try run.fixture.values("SELECT * FROM standings")
        try run.database.settle(run: run.run.id)
        #expect(try run.fixture.values("SELECT * FROM standings") == before)
    }

    @Test(
        "whatever changes a number sends its method's means back to be computed",
        arguments: [
            "DELETE FROM predictions WHERE id = 3", "UPDATE predictions SET seconds = 9 WHERE id = 3",
            "UPDATE predictions SET generated_tokens = 9 WHERE id = 3",
            "UPDATE prediction_scores SET value = 99 WHERE prediction_id = 3",
            "DELETE FROM prediction_scores WHERE prediction_id = 3",
            "INSERT INTO prediction_scores SELECT 3, id, 1 FROM metrics WHERE name = 'language'",
            "INSERT OR REPLACE INTO prediction_scores SELECT 3, id, 1 FROM metrics",
            """
            INSERT INTO predictions (cell_id, example_id, text, prompt_tokens, generated_tokens, finish, seconds, created_at)
            SELECT cells.id, examples.id, '', 0, 0, 'stop', 3, '2026-01-01T00:00:00Z'
            FROM cells JOIN examples USING (setting_id)
            WHERE (cells.id, examples.id) NOT IN (SELECT cell_id, example_id FROM predictions) LIMIT 1
            """,
            "DELETE FROM cells WHERE id = 1", "DELETE FROM cells WHERE id = 2",
            "DELETE FROM cells WHERE id = 1; UPDATE cells SET method_id = 1 WHERE id = 5",
            "UPDATE examples SET cluster = 'one'", "UPDATE settings SET family = 'one'",
            "UPDATE settings SET target = 'xx' WHERE target = 'fr'", "UPDATE settings SET main = 'summarize'",
        ])
    func changes(sql: String) throws {
        let run = try Self.run()
        try run.database.settle(run: run.run.id)
        try run.database.execute(sql)
        try Self.compare(run, "\(sql)")
        try run.database.settle(run: run.run.id)
        try Self.compare(run, "settled after \(sql)")
        #expect(try Self.settled(run) == run.fixture.count("cells"))
    }

    @Test("predictions that are deleted and stored again count once, whatever batch they come in")
    func again() throws {
        let run = try Self.run()
        try run.database.settle(run: run.run.id)
        let cell = try #require(run.cells["ties summarize+translate/es"])
        let before = try run.database.leaderboard(ofRun: run.run.id)
        let predictions = try run.database.predictions(ofCell: cell.id)
        let scores = try run.database.scores(ofCell: cell.id)
        try run.database.deletePredictions(predictions.map(\.id))
        #expect(try Self.settled(run) == 11)
        #expect(try run.database.leaderboard(ofRun: run.run.id) != before)
        try Self.compare(run, "deleted")
        for prediction in predictions {
            try run.database.savePrediction(prediction, scores: scores.filter { $0.predictionID == prediction.id })
            try Self.compare(run, "storing again")
        }
        try run.database.settle(run: run.run.id)
        #expect(try run.database.leaderboard(ofRun: run.run.id) == before)
        try Self.compare(run, "stored again")
    }

    @Test("a transaction that is taken back leaves means and scores as they were")
    func rollback() throws {
        let run = try Self.run()
        try run.database.settle(run: run.run.id)
        let before = try run.database.leaderboard(ofRun: run.run.id)
        let example = try #require(
            try run.database.missingExamples(ofCell: run.cells["cat reply+translate/es"]?.id ?? 0).first)
        let bad = ScoreRecord(metric: "unknown", signature: "unknown", value: 1)
        let prediction = PredictionRecord(
            cellID: run.cells["cat reply+translate/es"]?.id ?? 0, exampleID: example.id, text: "", finish: .stop)
        #expect(throws: StoreError.self) {
            try run.database.savePrediction(prediction, scores: [score(50), bad])
        }
        #expect(try Self.settled(run) == 12)
        #expect(try run.database.leaderboard(ofRun: run.run.id) == before)
        try Self.compare(run, "rolled back")
    }

    @Test("only the methods that changed are computed; finishing a run settles it, and deleting it leaves nothing")
    func lifetime() throws {
        let run = try Self.run()
        try run.database.settle(run: run.run.id)
        try run.database.execute("UPDATE prediction_scores SET value = value + 1 WHERE prediction_id = 1")
        #expect(try Self.settled(run) == 11)
        try Self.compare(run, "one method changed")
        try run.database.execute(
            "UPDATE cells SET expected = (SELECT count(*) FROM predictions WHERE cell_id = cells.id)")
        try run.database.finishRun(run.run.id)
        #expect(try Self.settled(run) == 12)
        try Self.compare(run, "finished")
        try run.database.deleteRun(run.run.id)
        for table in ["standings", "cell_totals", "prediction_scores"] { #expect(try run.fixture.count(table) == 0) }
    }

    @Test("scores too large to add up are left to the views")
    func overflow() throws {
        let run = try Self.run()
        try run.database.execute("UPDATE prediction_scores SET value = 1.7e308 WHERE prediction_id < 4")
        try run.database.settle(run: run.run.id)
        #expect(try Self.settled(run) == 8)
        #expect(!(try run.database.leaderboard(ofRun: run.run.id)).isEmpty)
    }

    @Test("a batch of many predictions stores every score")
    func batches() throws {
        let run = try Self.run()
        let cell = try #require(run.cells["cat reply+translate/es"])
        try run.database.deletePredictions(try run.database.predictions(ofCell: cell.id).map(\.id))
        let metrics = (0..<40).map { MetricRecord(signature: "many|\($0)", name: "many") }
        try run.database.saveMetrics(metrics)
        let batch = try run.database.missingExamples(ofCell: cell.id).map { example in
            ScoredPrediction(
                PredictionRecord(cellID: cell.id, exampleID: example.id, text: "x", finish: .stop),
                scores: metrics.map { ScoreRecord(metric: $0.name, signature: $0.signature, value: Double(example.id)) }
            )
        }
        #expect(try run.database.savePredictions(batch) == 5)
        let scores = try run.database.scores(ofCell: cell.id)
        #expect(scores.count == 200)
        for prediction in try run.database.predictions(ofCell: cell.id) {
            let own = scores.filter { $0.predictionID == prediction.id }
            #expect(own.count == 40 && own.allSatisfy { $0.value == Double(prediction.exampleID) })
        }
    }
}
