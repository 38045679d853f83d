import BenchmarkStore

/// A stored run with something of everything that `docs/sql.md` asks about.
struct GuideRun {
    let scored: ScoredRun
    var path: String { scored.fixture.path }

    init() throws {
        scored = try ScoredRun([
            ("linear", "summarize+translate/es", ["a": 10, "b": 20, "c~1": 4, "c~2": 4]),
            ("ties", "summarize+translate/es", ["a": 14, "b": 18, "c~1": 6, "c~2": 3]),
            ("linear", "summarize+translate/fr", ["a": 11, "b": 22, "c~1": 5, "c~2": 4]),
            ("ties", "summarize+translate/fr", ["a": 13, "b": 19, "c~1": 6, "c~2": 5]),
            ("linear", "summarize+rewrite/witty", ["a": 31, "b": 22]),
        ])
        try addScores()
        try addTraining()
        try addSearch()
    }

    /// Scores in further metrics, answers that were cut off, copies of the input, and near-duplicates.
    private func addScores() throws {
        try scored.database.saveMetrics([
            MetricRecord(signature: "chrF2++|version:test", name: "chrF++"),
            MetricRecord(signature: "language|version:test", name: "language", scale: "0-1"),
        ])
        try scored.database.execute(
            """
            INSERT INTO prediction_scores (prediction_id, metric_id, value)
                SELECT predictions.id, metrics.id, iif(metrics.name = 'language', predictions.id % 2, 10 + predictions.id % 7)
                FROM predictions CROSS JOIN metrics WHERE metrics.name <> 'rougeL';
            UPDATE predictions SET finish = 'length' WHERE id % 3 = 0;
            UPDATE predictions
                SET text = (SELECT examples.input FROM examples WHERE examples.id = predictions.example_id)
                WHERE id % 4 = 0;
            INSERT INTO duplicate_pairs (build_id, first_id, second_id, texts, similarity)
                SELECT \(scored.run.buildID), a.id, b.id, 'spoken', 0.9
                FROM documents AS a JOIN documents AS b ON a.key = 'c~1' AND b.key = 'c~2';
            """)
    }

    private func addTraining() throws {
        _ = try scored.database.insertAdapter(
            AdapterRecord(
                modelID: scored.run.modelID, buildID: scored.run.buildID, recipeHash: hash("recipe"), task: "summarize",
                kind: "lora", rank: 2, alpha: 4, seed: 7, path: "Adapters/summarize", sha256: hash("weights"),
                recipe: "{}", parameters: 10, bytes: 40, trainExamples: 4, trainTokens: 100, steps: 2, seconds: 1,
                firstLoss: 3, lastLoss: 2),
            validation: [
                ValidationLossRecord(epoch: 0, step: 0, loss: 3), ValidationLossRecord(epoch: 1, step: 2, loss: 2.5),
            ])
    }

    private func addSearch() throws {
        let search = try scored.database.findOrCreateSearch(
            SearchRecord(
                modelID: scored.run.modelID, buildID: scored.run.buildID, recipeHash: hash("search"), method: "ties",
                scope: .run, unit: "", split: .validation, examples: 4, budget: 2, recipe: "{}"))
        try scored.database.saveSearchEvaluation(
            SearchEvaluationRecord(
                searchID: search.id, number: 0, parameters: "{\"density\":0.5}", loss: 2.5, tokens: 100, seconds: 1))
        try scored.database.finishSearch(search.id, choosing: 0)
        try scored.database.execute(
            """
            UPDATE cells SET search_id = \(search.id) WHERE method_id = (SELECT id FROM methods WHERE name = 'ties')
            """)
    }
}
