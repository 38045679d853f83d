import GRDB

extension BenchmarkDatabase {
    /// Stores methods, or finds those of the same name and parameters and renews their titles and positions.
    ///
    /// - Returns: The stored methods in the order of the argument.
    public func saveMethods(_ methods: [MethodRecord]) throws -> [MethodRecord] {
        try write { db in
            try methods.map { method in
                try method.insert(
                    into: db,
                    onConflict: """
                        ON CONFLICT (name, parameters) DO UPDATE SET title = excluded.title, family = excluded.family,
                        reference = excluded.reference, position = excluded.position
                        """)
                return try Self.stored(
                    MethodRecord.fetchOne(
                        db, sql: "SELECT * FROM methods WHERE name = ? AND parameters = ?",
                        arguments: [method.name, method.parameters]))
            }
        }
    }

    /// All methods by position.
    public func methods() throws -> [MethodRecord] {
        try read { try MethodRecord.fetchAll($0, sql: "SELECT * FROM methods ORDER BY position, name, parameters") }
    }

    /// The run with that key, nil when there is none.
    public func run(forKey key: String) throws -> RunRecord? {
        try read { try Self.run(forKey: key, in: $0) }
    }

    /// The run with the same key, or else this one, newly stored; so an interrupted run goes on.
    ///
    /// A found run keeps what was written at its start; only its data decide whether it is complete.
    public func findOrCreateRun(_ run: RunRecord) throws -> RunRecord {
        try write { db in
            try run.insert(into: db, onConflict: "ON CONFLICT (run_key) DO NOTHING")
            return try Self.stored(Self.run(forKey: run.runKey, in: db))
        }
    }

    /// All runs, the latest first.
    public func runs() throws -> [RunRecord] {
        try read { try RunRecord.fetchAll($0, sql: "SELECT * FROM runs ORDER BY started_at DESC, id DESC") }
    }

    /// Notes that a run is complete, and settles its methods (see `settle`).
    ///
    /// - Throws: `StoreError`: `.notFound` when there is no such run, `.conflict` when predictions are missing.
    public func finishRun(_ run: Int64, at moment: Timestamp = .now()) throws {
        try write { db in
            let missing = try Int.fetchOne(
                db,
                sql: """
                    SELECT coalesce(sum(max(0, expected
                        - (SELECT count(*) FROM predictions WHERE cell_id = cells.id))), 0)
                    FROM cells WHERE run_id = ?
                    """, arguments: [run])
            guard missing == 0 else {
                throw StoreError(.conflict, "run \(run) still lacks \(missing ?? 0) predictions; resume it first")
            }
            try db.execute(sql: "UPDATE runs SET finished_at = ? WHERE id = ?", arguments: [moment, run])
            guard db.changesCount == 1 else { throw StoreError(.notFound, "there is no run \(run)") }
            try Standings.settle(run, in: db)
        }
    }

    /// Removes a run with its cells, predictions and scores.
    ///
    /// - Throws: `StoreError` with code `.notFound` when there is no such run.
    public func deleteRun(_ run: Int64) throws {
        try write { db in
            try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [run])
            guard db.changesCount == 1 else { throw StoreError(.notFound, "there is no run \(run)") }
        }
    }

    /// Stores cells, or finds those of the same run, method and setting and renews their costs and plan.
    ///
    /// - Returns: The stored cells in the order of the argument.
    /// - Throws: `StoreError` with code `.invalid` when two methods of the run have one name and other parameters.
    public func saveCells(_ cells: [CellRecord]) throws -> [CellRecord] {
        try write { db in
            try cells.map { cell in
                try cell.insert(
                    into: db,
                    onConflict: """
                        ON CONFLICT (run_id, method_id, setting_id) DO UPDATE SET adapter_id = excluded.adapter_id,
                        extra_parameters = excluded.extra_parameters, composition_bytes = excluded.composition_bytes,
                        passes = excluded.passes, training_tokens = excluded.training_tokens,
                        training_seconds = excluded.training_seconds, expected = excluded.expected,
                        search_id = excluded.search_id
                        """)
                return try Self.stored(
                    CellRecord.fetchOne(
                        db, sql: "SELECT * FROM cells WHERE run_id = ? AND method_id = ? AND setting_id = ?",
                        arguments: [cell.runID, cell.methodID, cell.settingID]))
            }
        }
    }

    /// Stores one cell as `saveCells` does.
    @discardableResult
    public func saveCell(_ cell: CellRecord) throws -> CellRecord {
        try Self.stored(saveCells([cell]).first)
    }

    /// The cells of a run in the order in which they were planned.
    public func cells(ofRun run: Int64) throws -> [CellRecord] {
        try read {
            try CellRecord.fetchAll($0, sql: "SELECT * FROM cells WHERE run_id = ? ORDER BY id", arguments: [run])
        }
    }
}

extension BenchmarkDatabase {
    private static func run(forKey key: String, in db: Database) throws -> RunRecord? {
        try RunRecord.fetchOne(db, sql: "SELECT * FROM runs WHERE run_key = ?", arguments: [key])
    }
}
