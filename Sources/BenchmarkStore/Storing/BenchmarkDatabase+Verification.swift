import GRDB

/// An answer of a run with its scores, as it is compared with one that is made again.
package struct StoredAnswer: Sendable {
    package let predictionID, exampleID: Int64
    package let method, setting, document: String
    package let text: String
    package let intermediate: String?
    /// Values by signature.
    package var scores: [String: Double] = [:]
}

extension BenchmarkDatabase {
    /// Copies the database, as it is at one moment, to a new file.
    package func copy(to path: String) throws {
        try withStoreErrors(file: path) {
            try connections.backup(to: DatabaseQueue(path: path))
        }
    }

    /// Every answer of a run with its scores.
    package func answers(ofRun run: Int64) throws -> [StoredAnswer] {
        try read { db in
            var answers = try Row.fetchAll(
                db,
                sql: """
                    SELECT prediction_id, example_id, method, setting, document_key, output, intermediate
                    FROM outputs WHERE run_id = ? ORDER BY prediction_id
                    """, arguments: [run]
            ).map { row in
                StoredAnswer(
                    predictionID: row["prediction_id"], exampleID: row["example_id"], method: row["method"],
                    setting: row["setting"], document: row["document_key"], text: row["output"],
                    intermediate: row["intermediate"])
            }
            let places = Dictionary(uniqueKeysWithValues: answers.enumerated().map { ($1.predictionID, $0) })
            let scores = try Row.fetchCursor(
                db,
                sql: """
                    SELECT prediction_id, signature, value FROM scores
                    WHERE prediction_id IN (
                        SELECT predictions.id FROM predictions JOIN cells ON cells.id = cell_id WHERE run_id = ?)
                    """, arguments: [run])
            while let row = try scores.next() {
                guard let place = places[row["prediction_id"]] else { continue }
                answers[place].scores[row["signature"]] = row["value"]
            }
            return answers
        }
    }

    /// Removes predictions with their scores, so that their run lacks them.
    package func deletePredictions(_ ids: [Int64]) throws {
        try write { db in
            for id in ids { try db.execute(sql: "DELETE FROM predictions WHERE id = ?", arguments: [id]) }
        }
    }
}
