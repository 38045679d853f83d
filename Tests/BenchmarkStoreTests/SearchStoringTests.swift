import BenchmarkStore
import Testing

@Suite struct SearchStoringTests {
    let scored: ScoredRun
    var database: BenchmarkDatabase { scored.database }

    init() throws {
        scored = try ScoredRun([
            ("ties", "summarize+translate/es", ["a": 1]), ("ties", "summarize+translate/fr", ["a": 1]),
            ("ties", "reply+rewrite/witty", ["x": 1]), ("linear", "summarize+translate/es", ["a": 1]),
        ])
    }

    func search(_ unit: String, recipe: String = "recipe") -> SearchRecord {
        SearchRecord(
            modelID: scored.run.modelID, buildID: scored.run.buildID, recipeHash: hash(recipe + unit), method: "ties",
            scope: .family, unit: unit, split: .validation, examples: 8, budget: 2, recipe: "{}")
    }

    func evaluation(_ search: SearchRecord, _ number: Int, loss: Double?) -> SearchEvaluationRecord {
        SearchEvaluationRecord(
            searchID: search.id, number: number, parameters: "{\"density\":0.\(number + 1)}", loss: loss, penalty: 0.5,
            tokens: 100, seconds: 1.5)
    }

    func use(_ search: SearchRecord, _ settings: String...) throws {
        for setting in settings {
            var cell = try #require(scored.cells["ties \(setting)"])
            cell.searchID = search.id
            #expect(try database.saveCell(cell).searchID == search.id)
        }
    }

    @Test func aSearchGoesOnWhereItStopped() throws {
        let first = try database.findOrCreateSearch(search("summarize+translate"))
        try database.saveSearchEvaluation(evaluation(first, 0, loss: 2))
        let again = try database.findOrCreateSearch(search("summarize+translate"))
        #expect(again == first && again.chosen == nil)
        // What was measured stays.
        try database.saveSearchEvaluation(evaluation(first, 0, loss: 9))
        try database.saveSearchEvaluation(evaluation(first, 1, loss: nil))
        #expect(try database.evaluations(ofSearch: first.id).map(\.loss) == [2, nil])
        try database.finishSearch(first.id, choosing: 0)
        #expect(try database.search(first.id)?.chosen == 0)
        #expect(try database.searches().map(\.id) == [first.id])
    }

    @Test func onlyAnEvaluationCanBeChosen() throws {
        let search = try database.findOrCreateSearch(search("summarize+translate"))
        for (id, number) in [(search.id, 0), (search.id + 1, 0)] {
            let error = try #require(throws: StoreError.self) { try database.finishSearch(id, choosing: number) }
            #expect(error.code == .notFound)
        }
    }

    @Test func aSharedSearchCountsOnce() throws {
        let shared = try database.findOrCreateSearch(search("summarize+translate"))
        let single = try database.findOrCreateSearch(search("reply+rewrite"))
        for number in 0..<2 { try database.saveSearchEvaluation(evaluation(shared, number, loss: Double(number))) }
        try database.saveSearchEvaluation(evaluation(single, 0, loss: 3))
        try database.finishSearch(shared.id, choosing: 0)
        try use(shared, "summarize+translate/es", "summarize+translate/fr")
        try use(single, "reply+rewrite/witty")
        let costs = try database.efficiency(ofRun: scored.run.id)
        #expect(costs.map(\.method) == ["ties", "linear"])
        // Three evaluations in all, for three settings.
        #expect(costs.map(\.searchEvaluations) == [1, 0])
        #expect(costs.map(\.searchTokens) == [100, 0])
        #expect(costs.map(\.searchSeconds) == [1.5, 0])
        let rows = try database.chosenParameters(ofRun: scored.run.id)
        #expect(rows.map(\.cells) == [2, 2, 1])
        #expect(rows.map(\.evaluations) == [2, 2, 1])
        #expect(rows.map(\.parameters) == ["{\"density\":0.1}", "{\"density\":0.1}", nil])
        #expect(rows.map(\.loss) == [0, 0, nil])
        #expect(rows.map(\.tokens) == [200, 200, 100])
    }

    @Test(arguments: ["test", "all"]) func theTestSplitIsRefused(split: String) throws {
        let stored = try database.findOrCreateSearch(search("summarize+translate"))
        #expect(throws: (any Error).self) {
            try database.execute("UPDATE searches SET split = '\(split)' WHERE id = \(stored.id)")
        }
    }
}
