import GRDB

extension BenchmarkDatabase {
    /// Stores a model, or finds the one with the same file hash and renews its name and description.
    public func saveModel(_ model: ModelRecord) throws -> ModelRecord {
        try write { db in
            try model.insert(
                into: db,
                onConflict: """
                    ON CONFLICT (sha256) DO UPDATE SET name = excluded.name, architecture = excluded.architecture,
                    file_name = excluded.file_name, parameters = excluded.parameters, file_type = excluded.file_type
                    """)
            return try Self.stored(
                ModelRecord.fetchOne(db, sql: "SELECT * FROM models WHERE sha256 = ?", arguments: [model.sha256]))
        }
    }

    /// All models by name.
    public func models() throws -> [ModelRecord] {
        try read { try ModelRecord.fetchAll($0, sql: "SELECT * FROM models ORDER BY name, id") }
    }

    /// The model whose file has that SHA-256, nil when there is none.
    public func model(sha256: String) throws -> ModelRecord? {
        try read { try ModelRecord.fetchOne($0, sql: "SELECT * FROM models WHERE sha256 = ?", arguments: [sha256]) }
    }

    /// Stores a trained adapter with the steps and the validation losses of its training.
    ///
    /// An adapter of the same model and recipe with the same weights is left as it is. One with other weights (trained
    /// again because its file was lost, on another kind of machine) takes its place, unless a run has used it.
    ///
    /// - Throws: `StoreError`: `.conflict` when a run has used the stored adapter, whose weights differ; `.invalid`
    ///   when the content breaks the schema.
    @discardableResult
    public func insertAdapter(
        _ adapter: AdapterRecord, steps: [TrainingStepRecord] = [], validation: [ValidationLossRecord] = []
    ) throws -> StoreOutcome {
        try write { db in
            let stored = try Self.adapter(model: adapter.modelID, recipeHash: adapter.recipeHash, in: db)
            if let stored {
                if stored.sha256 == adapter.sha256 {
                    // The weights may have moved to another folder.
                    try db.execute(
                        sql: "UPDATE adapters SET path = ? WHERE id = ?", arguments: [adapter.path, stored.id])
                    return .unchanged(id: stored.id)
                }
                let uses = try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM cells WHERE adapter_id = ?", arguments: [stored.id])
                guard uses == 0 else {
                    throw StoreError(
                        .conflict,
                        """
                        the adapter for '\(adapter.task)' has been evaluated with other weights (\(stored.sha256)); \
                        change its recipe, for example the seed
                        """)
                }
                try db.execute(sql: "DELETE FROM adapters WHERE id = ?", arguments: [stored.id])
            }
            let id = try adapter.insert(into: db)
            for var step in steps {
                step.adapterID = id
                try step.insert(into: db)
            }
            for var loss in validation {
                loss.adapterID = id
                try loss.insert(into: db)
            }
            return stored == nil ? .inserted(id: id) : .replaced(id: id)
        }
    }

    /// The adapter that a recipe gave for a model, nil when it has not been trained.
    public func adapter(model: Int64, recipeHash: String) throws -> AdapterRecord? {
        try read { try Self.adapter(model: model, recipeHash: recipeHash, in: $0) }
    }

    /// The adapter of that number, nil when there is none.
    public func adapter(_ id: Int64) throws -> AdapterRecord? {
        try read { try AdapterRecord.fetchOne($0, sql: "SELECT * FROM adapters WHERE id = ?", arguments: [id]) }
    }

    /// The adapters of a model, a build or both, in the order in which they were stored.
    public func adapters(model: Int64? = nil, build: Int64? = nil) throws -> [AdapterRecord] {
        try read {
            try AdapterRecord.fetchAll(
                $0,
                sql: """
                    SELECT * FROM adapters WHERE model_id = coalesce(?, model_id) AND build_id = coalesce(?, build_id)
                    ORDER BY id
                    """, arguments: [model, build])
        }
    }

    /// The steps of an adapter's training in order.
    public func trainingSteps(ofAdapter adapter: Int64) throws -> [TrainingStepRecord] {
        try read {
            try TrainingStepRecord.fetchAll(
                $0, sql: "SELECT * FROM training_steps WHERE adapter_id = ? ORDER BY step", arguments: [adapter])
        }
    }

    /// The validation losses of an adapter's training in order.
    public func validationLosses(ofAdapter adapter: Int64) throws -> [ValidationLossRecord] {
        try read {
            try ValidationLossRecord.fetchAll(
                $0, sql: "SELECT * FROM validation_losses WHERE adapter_id = ? ORDER BY step", arguments: [adapter])
        }
    }
}

extension BenchmarkDatabase {
    /// The row that was just written, which must be there.
    static func stored<Row>(_ row: Row?) throws -> Row {
        guard let row else { throw StoreError(.internalFault, "a row that was just stored is not there") }
        return row
    }

    private static func adapter(model: Int64, recipeHash: String, in db: Database) throws -> AdapterRecord? {
        try AdapterRecord.fetchOne(
            db, sql: "SELECT * FROM adapters WHERE model_id = ? AND recipe_hash = ?", arguments: [model, recipeHash])
    }
}
