import GRDB

/// Stores predictions and scores one after another within one transaction, with every statement prepared once.
final class PredictionWriter {
    /// What becomes of a score that is there already.
    enum Existing {
        case refuse
        case renew
    }

    /// How many scores one statement stores. A statement costs more than a row, mostly because triggers are behind it.
    private static let rowsAtOnce = 64

    private let db: Database
    private let predictions: RowInsert
    private let score: RowInsert
    private let severalScores: RowInsert
    /// Scores that wait until there are enough for one statement.
    private var waiting: [(prediction: Int64, metric: Int64, value: Double)] = []
    private let settingOfCell: Statement
    private let settingOfExample: Statement
    /// Numbers and names of metrics by signature.
    private let metrics: [String: (id: Int64, name: String)]
    /// The last cell that was asked for, and its setting.
    private var cell: (id: Int64, setting: Int64?)?

    init(_ db: Database, existing: Existing = .refuse) throws {
        self.db = db
        predictions = try RowInsert(
            db,
            """
            INSERT INTO predictions (cell_id, example_id, text, intermediate, prompt_tokens, generated_tokens, finish,
                seconds, created_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (cell_id, example_id) DO NOTHING
            """)
        let renewing = "ON CONFLICT (prediction_id, metric_id) DO UPDATE SET value = excluded.value"
        func insert(_ rows: Int) throws -> RowInsert {
            let marks = Array(repeating: "(?, ?, ?)", count: rows).joined(separator: ", ")
            return try RowInsert(
                db,
                """
                INSERT INTO prediction_scores (prediction_id, metric_id, value) VALUES \(marks)
                \(existing == .renew ? renewing : "")
                """)
        }
        score = try insert(1)
        severalScores = try insert(Self.rowsAtOnce)
        settingOfCell = try db.cachedStatement(sql: "SELECT setting_id FROM cells WHERE id = ?")
        settingOfExample = try db.cachedStatement(sql: "SELECT setting_id FROM examples WHERE id = ?")
        let rows = try Row.fetchAll(db.cachedStatement(sql: "SELECT signature, id, name FROM metrics"))
        metrics = Dictionary(rows.map { ($0[0] as String, ($0[1] as Int64, $0[2] as String)) }) { first, _ in first }
    }

    /// Stores a prediction.
    ///
    /// - Returns: The new row's number; nil where its cell has one for the example already.
    /// - Throws: `StoreError` with code `.invalid` when the example is not of the cell's setting.
    func insert(_ prediction: PredictionRecord) throws -> Int64? {
        try checkBelongs(prediction)
        predictions.bind(prediction.cellID)
        predictions.bind(prediction.exampleID)
        predictions.bind(prediction.text)
        predictions.bind(prediction.intermediate)
        predictions.bind(Int64(prediction.promptTokens))
        predictions.bind(Int64(prediction.generatedTokens))
        predictions.bind(prediction.finish.rawValue)
        predictions.bind(prediction.seconds)
        predictions.bind(prediction.createdAt.rawValue)
        return try predictions.run() ? db.lastInsertedRowID : nil
    }

    /// Stores a score of a prediction, at the latest with `finish`.
    ///
    /// - Throws: `StoreError` with code `.invalid` when the value is not finite (SQLite stores NaN as NULL and takes
    ///   infinity; neither can be averaged), or the metric is not known.
    func insert(_ score: ScoreRecord, ofPrediction prediction: Int64) throws {
        guard score.value.isFinite else {
            throw StoreError(.invalid, "a \(score.metric) score is \(score.value); store finite numbers only")
        }
        guard let metric = metrics[score.signature], metric.name == score.metric else {
            throw StoreError(
                .invalid, "a score is of the unknown metric \(score.metric) '\(score.signature)'; save that first")
        }
        waiting.append((prediction, metric.id, score.value))
        if waiting.count == Self.rowsAtOnce {
            for row in waiting { bind(row, to: severalScores) }
            try run(severalScores)
            waiting.removeAll(keepingCapacity: true)
        }
    }

    /// Stores the scores that still wait.
    ///
    /// - Throws: `StoreError` with code `.invalid` when there is no such prediction, as `insert` may too.
    func finish() throws {
        for row in waiting {
            bind(row, to: score)
            try run(score)
        }
        waiting = []
    }

    private func bind(_ row: (prediction: Int64, metric: Int64, value: Double), to statement: RowInsert) {
        statement.bind(row.prediction)
        statement.bind(row.metric)
        statement.bind(row.value)
    }

    private func run(_ statement: RowInsert) throws {
        do {
            _ = try statement.run()
        } catch let error as DatabaseError where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY {
            throw StoreError(.invalid, "a score is of an unknown prediction; save that first")
        }
    }

    /// An example of another setting would count for the wrong column.
    private func checkBelongs(_ prediction: PredictionRecord) throws {
        if cell?.id != prediction.cellID {
            cell = (prediction.cellID, try Int64.fetchOne(settingOfCell, arguments: [prediction.cellID]))
        }
        let setting = try Int64.fetchOne(settingOfExample, arguments: [prediction.exampleID])
        guard let setting, setting == cell?.setting else {
            throw StoreError(
                .invalid, "example \(prediction.exampleID) is not of the setting of cell \(prediction.cellID)")
        }
    }
}
