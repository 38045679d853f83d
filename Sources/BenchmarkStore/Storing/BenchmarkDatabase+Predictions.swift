import GRDB

extension BenchmarkDatabase {
    /// The examples of a cell that have no prediction yet: what remains to be done, in the order of positions.
    ///
    /// A cell is planned for the first `expected` examples of its setting's split.
    ///
    /// - Throws: `StoreError` with code `.notFound` when there is no such cell.
    public func missingExamples(ofCell cell: Int64, split: Split = .test) throws -> [ExampleRecord] {
        try read { db in
            guard let row = try CellRecord.fetchOne(db, sql: "SELECT * FROM cells WHERE id = ?", arguments: [cell])
            else { throw StoreError(.notFound, "there is no cell \(cell)") }
            return try ExampleRecord.fetchAll(
                db,
                sql: """
                    SELECT * FROM (
                        SELECT * FROM examples WHERE setting_id = ? AND split = ? ORDER BY position LIMIT ?)
                    WHERE id NOT IN (SELECT example_id FROM predictions WHERE cell_id = ?) ORDER BY position
                    """, arguments: [row.settingID, split, row.expected, cell])
        }
    }

    /// Stores predictions with their scores in one short transaction; call it as soon as a batch is made.
    ///
    /// When it returns, the predictions survive the death of the process (see `BenchmarkDatabase`). A prediction that
    /// is already there is kept with its scores, and the new one is dropped: whoever wrote first is right.
    ///
    /// - Returns: How many predictions were new.
    /// - Throws: `StoreError` with code `.invalid` when a score's metric has not been saved, a score is not a finite
    ///   number, or an example is not of the cell's setting. Nothing is stored then.
    @discardableResult
    public func savePredictions(_ predictions: [ScoredPrediction]) throws -> Int {
        try write { db in
            let writer = try PredictionWriter(db)
            var saved = 0
            for entry in predictions {
                guard let id = try writer.insert(entry.prediction) else { continue }
                saved += 1
                for score in entry.scores { try writer.insert(score, ofPrediction: id) }
            }
            try writer.finish()
            return saved
        }
    }

    /// Stores one prediction with its scores as `savePredictions` does.
    ///
    /// - Returns: Whether it was new.
    @discardableResult
    public func savePrediction(_ prediction: PredictionRecord, scores: [ScoreRecord]) throws -> Bool {
        try savePredictions([ScoredPrediction(prediction, scores: scores)]) == 1
    }

    /// Stores or renews scores of stored predictions, as after scoring again or importing from elsewhere.
    ///
    /// - Throws: `StoreError` with code `.invalid` when a prediction does not exist, a metric has not been saved, or a
    ///   score is not a finite number. Nothing is stored then.
    public func saveScores(_ scores: [ScoreRecord]) throws {
        try write { db in
            let writer = try PredictionWriter(db, existing: .renew)
            for score in scores { try writer.insert(score, ofPrediction: score.predictionID) }
            try writer.finish()
        }
    }

    /// Makes metrics known, so that scores may be stored; a known signature only gets a new description.
    ///
    /// - Throws: `StoreError` with code `.conflict` when a signature is known under another name, direction or scale.
    public func saveMetrics(_ metrics: [MetricRecord]) throws {
        try write { db in
            for metric in metrics {
                let known = try MetricRecord.fetchOne(
                    db, sql: "SELECT * FROM metrics WHERE signature = ?", arguments: [metric.signature])
                if let known {
                    var same = known
                    same.id = metric.id
                    same.description = metric.description
                    guard same == metric else {
                        throw StoreError(
                            .conflict,
                            """
                            the signature '\(metric.signature)' is known as \(known.name) (\(known.direction.rawValue) \
                            is better, \(known.scale)); give the changed metric another signature
                            """)
                    }
                }
                var metric = metric
                metric.id = 0
                try metric.insert(
                    into: db, onConflict: "ON CONFLICT (signature) DO UPDATE SET description = excluded.description")
            }
        }
    }

    /// All metrics by name and signature.
    public func metrics() throws -> [MetricRecord] {
        try read { try MetricRecord.fetchAll($0, sql: "SELECT * FROM metrics ORDER BY name, signature") }
    }

    /// The predictions of a cell in the order of the examples' positions.
    public func predictions(ofCell cell: Int64) throws -> [PredictionRecord] {
        try read {
            try PredictionRecord.fetchAll(
                $0,
                sql: """
                    SELECT predictions.* FROM predictions JOIN examples ON examples.id = example_id
                    WHERE cell_id = ? ORDER BY split, position
                    """, arguments: [cell])
        }
    }

    /// The scores of a cell's predictions, by prediction and signature.
    public func scores(ofCell cell: Int64) throws -> [ScoreRecord] {
        try read {
            try ScoreRecord.fetchAll(
                $0,
                sql: """
                    SELECT scores.* FROM scores JOIN predictions ON predictions.id = prediction_id
                    WHERE cell_id = ? ORDER BY prediction_id, signature
                    """, arguments: [cell])
        }
    }
}
