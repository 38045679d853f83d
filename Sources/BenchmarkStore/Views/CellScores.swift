import GRDB

/// The answers of one cell with their scores in a few metrics, ascending by example.
package struct CellScores: Sendable {
    /// The examples that have an answer.
    package fileprivate(set) var examples: [Int64] = []
    /// For each metric one value an answer; NaN where it has no such score.
    package fileprivate(set) var values: [[Double]]
}

/// The document of an example, and the document's cluster of near-duplicates.
package struct ExampleDocument: Sendable {
    package let example, document: Int64
    package let cluster: String
}

extension BenchmarkDatabase {
    /// Reads the scores of a cell without its texts: they come from the indices alone.
    package func scores(ofCell cell: Int64, signatures: [String]) throws -> CellScores {
        try read { db in
            let joins = signatures.indices.map { number in
                """
                LEFT JOIN prediction_scores AS score\(number) ON score\(number).prediction_id = predictions.id
                    AND score\(number).metric_id = (SELECT id FROM metrics WHERE signature = ?)
                """
            }
            let columns = ["predictions.example_id"] + signatures.indices.map { "score\($0).value" }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(columns.joined(separator: ", ")) FROM predictions \(joins.joined(separator: "\n"))
                    WHERE predictions.cell_id = ? ORDER BY predictions.example_id
                    """)
            var result = CellScores(values: signatures.map { _ in [] })
            let arguments = signatures.map(\.databaseValue) + [cell.databaseValue]
            let rows = try Row.fetchCursor(statement, arguments: StatementArguments(arguments))
            while let row = try rows.next() {
                result.examples.append(row[0])
                for place in result.values.indices {
                    result.values[place].append(row.hasNull(atIndex: place + 1) ? .nan : row[place + 1])
                }
            }
            return result
        }
    }

    /// The documents of a setting's examples of all splits.
    package func exampleDocuments(ofSetting setting: Int64) throws -> [ExampleDocument] {
        try read { db in
            let sql = "SELECT id, document_id, cluster FROM examples WHERE setting_id = ?"
            return try Row.fetchAll(db, sql: sql, arguments: [setting]).map {
                ExampleDocument(example: $0[0], document: $0[1], cluster: $0[2])
            }
        }
    }

    /// A setting's examples by the names of their corpora and documents.
    package func examplesByName(ofSetting setting: Int64) throws -> [Int64] {
        try read { db in
            try Int64.fetchAll(
                db,
                sql: """
                    SELECT examples.id FROM examples
                    JOIN documents ON documents.id = examples.document_id
                    JOIN corpora ON corpora.id = documents.corpus_id
                    WHERE setting_id = ? ORDER BY corpora.name, documents.key, examples.id
                    """, arguments: [setting])
        }
    }

    /// How many references of the first examples of a setting's split each writer wrote: first ones, and further ones.
    package func referenceOrigins(
        ofSetting setting: Int64, split: Split, limit: Int
    ) throws -> [(origin: String, first: Int, further: Int)] {
        try read { db in
            let chosen = "SELECT * FROM examples WHERE setting_id = ? AND split = ? ORDER BY position LIMIT ?"
            return try Row.fetchAll(
                db,
                sql: """
                    WITH chosen AS (\(chosen))
                    SELECT origin, sum(is_first), sum(1 - is_first) FROM (
                        SELECT reference_origin AS origin, 1 AS is_first FROM chosen
                        UNION ALL
                        SELECT further_references.origin, 0
                        FROM chosen JOIN further_references ON further_references.example_id = chosen.id)
                    GROUP BY origin ORDER BY origin
                    """, arguments: [setting, split, limit]
            ).map { ($0[0], $0[1], $0[2]) }
        }
    }
}
