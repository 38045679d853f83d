import GRDB

/// An answer of a run with its scores, as it is compared with one that is made again.
package struct StoredAnswer: Sendable {
    package let cellID, exampleID: Int64
    package let method, setting, document: String
    package let text: String
    package let intermediate: String?
    /// Values by signature.
    package let scores: [String: Double]
}

extension BenchmarkDatabase {
    /// Copies the database, as it is at one moment, to a new file.
    package func copy(to path: String) throws {
        try withStoreErrors(file: path) { try connections.backup(to: DatabaseQueue(path: path)) }
    }

    /// The numbers of a run's predictions, in their order.
    package func predictionIDs(ofRun run: Int64) throws -> [Int64] {
        try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT predictions.id FROM predictions JOIN cells ON cells.id = cell_id WHERE run_id = ? ORDER BY 1
                    """, arguments: [run])
        }
    }

    /// A prediction with what it belongs to; nil where there is none of that number.
    package func answer(_ prediction: Int64) throws -> StoredAnswer? {
        try read { db in
            guard
                let row = try Row.fetchOne(
                    db,
                    sql: """
                        SELECT cell_id, example_id, methods.name AS method, settings.name AS setting,
                            documents.key AS document, predictions.text, intermediate
                        FROM predictions JOIN cells ON cells.id = cell_id JOIN methods ON methods.id = method_id
                            JOIN settings ON settings.id = cells.setting_id JOIN examples ON examples.id = example_id
                            JOIN documents ON documents.id = document_id
                        WHERE predictions.id = ?
                        """, arguments: [prediction])
            else { return nil }
            let scores = try Row.fetchAll(
                db, sql: "SELECT signature, value FROM scores WHERE prediction_id = ?", arguments: [prediction])
            return StoredAnswer(
                cellID: row["cell_id"], exampleID: row["example_id"], method: row["method"], setting: row["setting"],
                document: row["document"], text: row["text"], intermediate: row["intermediate"],
                scores: Dictionary(scores.map { ($0["signature"], $0["value"]) }) { first, _ in first })
        }
    }

    /// The number of the prediction of a cell for an example; nil where there is none.
    package func predictionID(cell: Int64, example: Int64) throws -> Int64? {
        try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT id FROM predictions WHERE cell_id = ? AND example_id = ?", arguments: [cell, example])
        }
    }

    /// Removes predictions with their scores, so that their run lacks them.
    package func deletePredictions(_ ids: [Int64]) throws {
        try write { db in
            for id in ids { try db.execute(sql: "DELETE FROM predictions WHERE id = ?", arguments: [id]) }
        }
    }
}
