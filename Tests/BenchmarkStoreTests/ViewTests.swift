import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// Numbers by hand; each test says how they come about.
@Suite struct ViewTests {
    func close(_ left: Double?, _ right: Double) -> Bool { left.map { abs($0 - right) < 1e-9 } ?? false }

    /// Two settings of one family, so a document's number is the mean over both: 20, 30, 45.
    /// Mean 95/3; deviations −35/3, −5/3, 40/3; SE² = (1225 + 25 + 1600)/9 / 6 = 475/9.
    @Test func theLeaderboardIsByDocument() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 10, "b": 20, "c": 60]),
            ("linear", "summarize+translate/fr", ["a": 30, "b": 40, "c": 30]),
            ("linear", "summarize+rewrite/witty", ["a": 1, "b": 2, "c": 3]),
        ])
        let rows = try scored.database.leaderboard(ofRun: scored.run.id)
        #expect(rows.map(\.family) == ["summarize+rewrite", "summarize+translate"])
        let row = rows[1]
        #expect(row.method == "linear" && row.methodTitle == "LINEAR" && row.methodFamily == "data-free merge")
        #expect(row.metric == "rougeL" && row.signature == rougeL.signature)
        #expect(row.documents == 3 && row.clusters == 3)
        #expect(close(row.mean, 95.0 / 3))
        #expect(close(row.standardError, (475.0 / 9).squareRoot()))
        #expect(row.cellsComplete == 2 && row.cellsExpected == 2)
        let documents = try scored.database.documentScores(ofRun: scored.run.id, signature: rougeL.signature)
        #expect(documents.filter { $0.family == "summarize+translate" }.map(\.value) == [20, 30, 45])
        #expect(documents.map(\.settings) == [1, 1, 1, 2, 2, 2])
        #expect(try scored.database.leaderboard(ofRun: 999) == [])
    }

    /// `a~1` and `a~2` are one cluster. Mean 26; sums of deviations by cluster −28, 4, 24;
    /// SE = √(3/2 · (784 + 16 + 576)) / 4 = √2064 / 4.
    @Test func nearDuplicatesCountAsOneClusterInErrors() throws {
        let values = ["a~1": 10.0, "a~2": 14, "b": 30, "c": 50]
        let scored = try ScoredRun([("linear", "summarize+translate/es", values)])
        let row = try #require(try scored.database.leaderboard(ofRun: scored.run.id).first)
        #expect(row.documents == 4 && row.clusters == 3)
        #expect(close(row.mean, 26))
        #expect(close(row.standardError, 2064.0.squareRoot() / 4))
        let setting = try #require(try scored.database.bySetting(ofRun: scored.run.id).first)
        #expect(close(setting.mean, 26) && close(setting.standardError, 2064.0.squareRoot() / 4))
    }

    /// A document that one setting lacks counts with the settings it has: a → 20, b → 20 alone.
    @Test func missingPredictionsLeaveTheCellIncomplete() throws {
        let scored = try ScoredRun([
            ("full", "summarize+translate/es", ["a": 10, "b": 20]),
            ("full", "summarize+translate/fr", ["a": 10, "b": 20]),
            ("part", "summarize+translate/es", ["a": 10, "b": 20]),
            ("part", "summarize+translate/fr", ["a": 30]),
            ("less", "summarize+translate/es", ["a": 10, "b": 20]),
        ])
        let rows = try scored.database.leaderboard(ofRun: scored.run.id)
        #expect(rows.map(\.method) == ["full", "part", "less"])
        #expect(rows.map(\.cellsComplete) == [2, 1, 1])
        #expect(rows.map(\.cellsExpected) == [2, 2, 2])
        #expect(rows.map(\.mean) == [15, 20, 15])
        let settings = try scored.database.bySetting(ofRun: scored.run.id)
        #expect(
            settings.map { "\($0.method) \($0.target ?? "") \($0.predictions)/\($0.expected)" } == [
                "full es 2/2", "part es 2/2", "less es 2/2", "full fr 2/2", "part fr 1/2",
            ])
        #expect(settings.map(\.settingPosition) == [0, 0, 0, 1, 1])
    }

    @Test func oneDocumentHasNoStandardError() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 33.3])])
        let row = try #require(try scored.database.leaderboard(ofRun: scored.run.id).first)
        #expect(row.mean == 33.3 && row.standardError == nil)
        #expect(try scored.database.byLanguage(ofRun: scored.run.id).first?.standardError == nil)
        #expect(
            try scored.database.pairedDifferences(
                ofRun: scored.run.id, family: "summarize+translate", signature: rougeL.signature) == [])
    }

    @Test func equalScoresHaveNoError() throws {
        let values = Dictionary(uniqueKeysWithValues: (0..<7).map { ("d\($0)", 33.3) })
        let scored = try ScoredRun([("linear", "summarize+translate/es", values)])
        let error = try #require(try scored.database.leaderboard(ofRun: scored.run.id).first?.standardError)
        #expect(error < 1e-13)
    }

    /// Dialogues: 10, 20 → mean 15, SE 5. Conversations: 40, 60, 80 → mean 60, SE² = 800/6.
    /// Together (15 + 60)/2 = 37.5 with SE = √(25 + 800/6)/2.
    @Test func languagesAndTonesWeighTheTwoMainTasksAlike() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 10, "b": 20]),
            ("linear", "reply+translate/es", ["x": 40, "y": 60, "z": 80]),
            ("linear", "reply+translate/fr", ["x": 1, "y": 1, "z": 4]),
            ("linear", "reply+rewrite/witty", ["x": 5, "y": 5, "z": 5]),
        ])
        let rows = try scored.database.byLanguage(ofRun: scored.run.id)
        #expect(rows.map(\.target) == ["es", "fr"])
        #expect(rows.map(\.mainTasks) == [2, 1])
        #expect(rows.map(\.documents) == [5, 3])
        #expect(rows[0].targetLabel == "Es")
        #expect(close(rows[0].mean, 37.5))
        #expect(close(rows[0].standardError, (25 + 800.0 / 6).squareRoot() / 2))
        #expect(close(rows[1].mean, 2) && close(rows[1].standardError, 1))
        let tones = try scored.database.byTone(ofRun: scored.run.id)
        #expect(tones.map(\.target) == ["witty"])
        #expect(tones[0].mean == 5 && tones[0].standardError == 0)
    }

    /// Only examples that both answered count. Document a: (+4 + 8)/2 = 6; b: only es, −2; c: only the other method.
    /// Mean 2, SE² = (16 + 16)/2 = 16.
    @Test func differencesAreOfTheSameExamples() throws {
        let scored = try ScoredRun([
            ("one", "summarize+translate/es", ["a": 14, "b": 18, "c": 90]),
            ("one", "summarize+translate/fr", ["a": 28]),
            ("two", "summarize+translate/es", ["a": 10, "b": 20]),
            ("two", "summarize+translate/fr", ["a": 20, "b": 50]),
        ])
        let rows = try scored.database.pairedDifferences(
            ofRun: scored.run.id, family: "summarize+translate", signature: rougeL.signature)
        #expect(rows.map(\.methodA) == ["one", "two"])
        #expect(rows.map(\.methodB) == ["two", "one"])
        #expect(rows.map(\.documents) == [2, 2])
        #expect(rows.map(\.meanDifference) == [2, -2])
        #expect(rows.map(\.standardError) == [4, 4])
        #expect(
            try scored.database.pairedDifferences(
                ofRun: scored.run.id, family: "summarize+translate", signature: "other") == [])
    }

    /// 5 of 1,000 parameters are 0.5 %; each prediction took 0.5 s and 4 tokens.
    @Test func efficiencyIsForOneComposition() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 10, "b": 20]), ("linear", "summarize+translate/fr", ["a": 1]),
        ])
        let idle = try scored.database.saveMethods([method("idle", position: 9)])[0]
        let setting = try #require(scored.cells.values.first).settingID
        try scored.database.saveCell(
            CellRecord(runID: scored.run.id, methodID: idle.id, settingID: setting, passes: 2, expected: 2))
        let rows = try scored.database.efficiency(ofRun: scored.run.id)
        #expect(rows.map(\.method) == ["linear", "idle"])
        #expect(rows.map(\.cells) == [2, 1])
        #expect(rows[0].extraParameters == 5 && rows[0].percentOfBase == 0.5 && rows[0].compositionBytes == 20)
        #expect(rows[0].passes == 1 && rows[0].trainingTokens == 100 && rows[0].trainingSeconds == 2)
        #expect(rows[0].secondsPerExample == 0.5 && rows[0].generatedTokens == 4)
        #expect(rows[1].passes == 2 && rows[1].percentOfBase == 0 && rows[1].secondsPerExample == nil)
    }

    @Test func outputsCarryAllThatTheyAnswer() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 10, "b": 20]), ("ties", "reply+rewrite/witty", ["x": 30]),
        ])
        let rows = try scored.database.outputs(ofRun: scored.run.id)
        #expect(rows.map(\.documentKey) == ["x", "a", "b"])
        let row = rows[1]
        #expect(row.setting == "summarize+translate/es" && row.family == "summarize+translate")
        #expect(row.main == "summarize" && row.auxiliary == "translate/es" && row.targetKind == .language)
        #expect(row.corpus == "summarize" && row.split == .test && row.topic == "test" && row.input == "Ilse: a")
        #expect(row.instruction == "Do summarize and translate/es." && row.reference == "Reference for a")
        #expect(row.output == "answer" && row.finish == .stop && row.promptTokens == 10 && row.seconds == 0.5)
        #expect(try scored.database.outputs(ofRun: scored.run.id, setting: "reply+rewrite/witty") == [rows[0]])
        #expect(try scored.database.outputs(ofRun: scored.run.id, method: "linear") == Array(rows[1...]))
        let scores = try scored.database.exampleScores(ofRun: scored.run.id, signature: rougeL.signature)
        #expect(scores.map(\.value) == [30, 10, 20])
        #expect(scores.map(\.predictionID) == rows.map(\.predictionID))
    }

    @Test func anExampleHasTheAnswersOfAllMethodsSideBySide() throws {
        let scored = try ScoredRun([
            ("ties", "summarize+translate/es", ["a": 10, "b": 20]), ("dare-ties", "summarize+translate/es", ["a": 30]),
        ])
        try scored.database.execute("UPDATE predictions SET text = 'say \"a\"' WHERE id = 1")
        let rows = try scored.fixture.values(
            """
            SELECT document_key, input, methods, outputs, outputs ->> 'dare-ties' FROM example_outputs
            WHERE run_id = \(scored.run.id) ORDER BY document_key
            """)
        #expect(
            rows == [
                ["a", "Ilse: a", 2, #"{"ties":"say \"a\"","dare-ties":"answer"}"#, "answer"],
                ["b", "Ilse: b", 1, #"{"ties":"answer"}"#, nil],
            ])
    }

    @Test func licencesSayHowMuchABuildHasOfACorpus() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 1, "b": 2]), ("linear", "summarize+translate/fr", ["a": 1]),
            ("linear", "reply+rewrite/witty", ["x": 1]),
        ])
        try scored.database.insertCorpus(corpus("unused", keys: ["u"]))
        try scored.database.execute(
            """
            INSERT INTO build_exclusions (build_id, document_id, reason)
                SELECT \(scored.run.buildID), id, 'is too long' FROM documents WHERE key = 'x'
            """)
        let rows = try scored.fixture.values(
            """
            SELECT build, corpus, licence, rejected, documents, documents_used, documents_excluded, examples
            FROM licences ORDER BY corpus
            """)
        #expect(
            rows == [
                ["main", "reply", "Apache-2.0", 1, 1, 1, 1, 1], ["main", "summarize", "Apache-2.0", 1, 2, 2, 0, 4],
                [nil, "unused", "Apache-2.0", 1, 1, 0, 0, 0],
            ])
    }

    /// DuckDB runs the views that it finds in the file, and stops at this one already when it lists them.
    @Test func crossJoinsHaveNoCondition() throws {
        let views = try StoreFixture().values("SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
        #expect(views.count == SchemaDescription.current.relations.count(where: \.isView))
        for view in views {
            guard case .text(let name) = view[0], case .text(let sql) = view[1] else { continue }
            #expect(sql.firstMatch(of: #/CROSS JOIN \w+( AS \w+)?\s+ON/#) == nil, "\(name)")
        }
    }

    @Test func provenanceNamesModelBuildAndCorpora() throws {
        let scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 1]), ("linear", "reply+rewrite/witty", ["x": 1]),
        ])
        let row = try #require(try scored.database.provenance(ofRun: scored.run.id))
        #expect(row.runKey == "run" && row.profile == "smoke" && row.model == "tiny" && row.build == "main")
        #expect(row.threads == 2 && row.seed == 7 && row.finishedAt == nil && row.braidVersion == BraidVersion.current)
        struct Corpus: Decodable { let name, version, licence, contentHash: String }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let corpora = try decoder.decode([Corpus].self, from: Data(row.corpora.utf8))
        #expect(corpora.map(\.name) == ["reply", "summarize"])
        #expect(corpora.allSatisfy { $0.licence == "Apache-2.0" && $0.contentHash.count == 64 })
        #expect(try scored.database.provenance(ofRun: 999) == nil)
    }

    @Test func anyQueryCanBeReadIntoATypeOfOnesOwn() throws {
        struct Best: Decodable, Equatable { let runID: Int64, bestMean: Double, target: String? }
        let scored = try ScoredRun([
            ("one", "summarize+translate/es", ["a": 14, "b": 18]),
            ("two", "summarize+translate/es", ["a": 10, "b": 20]),
        ])
        let rows = try scored.database.rows(
            Best.self, "SELECT run_id, max(mean) AS best_mean, NULL AS target FROM leaderboard WHERE family = ?",
            arguments: ["summarize+translate"])
        #expect(rows == [Best(runID: scored.run.id, bestMean: 16, target: nil)])
    }
}
