import GRDB

extension BenchmarkDatabase {
    /// The search of the same model and recipe, or else this one, newly stored; so an interrupted search goes on.
    public func findOrCreateSearch(_ search: SearchRecord) throws -> SearchRecord {
        try write { db in
            try search.insert(into: db, onConflict: "ON CONFLICT (model_id, recipe_hash) DO NOTHING")
            return try Self.stored(
                SearchRecord.fetchOne(
                    db, sql: "SELECT * FROM searches WHERE model_id = ? AND recipe_hash = ?",
                    arguments: [search.modelID, search.recipeHash]))
        }
    }

    /// The search of that number, nil when there is none.
    public func search(_ id: Int64) throws -> SearchRecord? {
        try read { try SearchRecord.fetchOne($0, sql: "SELECT * FROM searches WHERE id = ?", arguments: [id]) }
    }

    /// All searches in the order in which they began.
    public func searches() throws -> [SearchRecord] {
        try read { try SearchRecord.fetchAll($0, sql: "SELECT * FROM searches ORDER BY id") }
    }

    /// Stores an evaluation; one of the same number that is there stays.
    public func saveSearchEvaluation(_ evaluation: SearchEvaluationRecord) throws {
        try write { db in
            _ = try evaluation.insert(into: db, onConflict: "ON CONFLICT (search_id, number) DO NOTHING")
        }
    }

    /// The evaluations of a search in the order in which they were made.
    public func evaluations(ofSearch search: Int64) throws -> [SearchEvaluationRecord] {
        try read {
            try SearchEvaluationRecord.fetchAll(
                $0, sql: "SELECT * FROM search_evaluations WHERE search_id = ? ORDER BY number", arguments: [search])
        }
    }

    /// Notes which evaluation a search has chosen, which ends it.
    ///
    /// - Throws: `StoreError` with code `.notFound` when there is no such search or evaluation.
    public func finishSearch(_ search: Int64, choosing number: Int) throws {
        try write { db in
            try db.execute(
                sql: """
                    UPDATE searches SET chosen = ? WHERE id = ?
                        AND EXISTS (SELECT 1 FROM search_evaluations WHERE search_id = searches.id AND number = ?)
                    """, arguments: [number, search, number])
            guard db.changesCount == 1 else {
                throw StoreError(.notFound, "there is no search \(search) with an evaluation \(number)")
            }
        }
    }

    /// What the searches of a run chose, by method and setting.
    public func chosenParameters(ofRun run: Int64) throws -> [ChosenParametersRow] {
        try rows(
            ChosenParametersRow.self,
            "SELECT * FROM chosen_parameters WHERE run_id = ? ORDER BY method_position, method, setting_position",
            arguments: [.integer(run)])
    }
}
