import GRDB

/// A reference answer of an example, with who wrote it.
public struct ReferenceText: Hashable, Sendable {
    /// The answer.
    public let text: String
    /// Who wrote it: `project`, `person`, `post-edited` or `model:<name>`.
    public let origin: String

    /// A reference answer.
    public init(text: String, origin: String) {
        self.text = text
        self.origin = origin
    }
}

extension BenchmarkDatabase {
    /// The references of a split's examples beyond the first, in their order, by the number of the example.
    ///
    /// Examples with one reference, which is their record's, are not in it.
    public func furtherReferences(ofSetting setting: Int64, split: Split) throws -> [Int64: [ReferenceText]] {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT example_id, text, origin FROM further_references
                    WHERE example_id IN (SELECT id FROM examples WHERE setting_id = ? AND split = ?)
                    ORDER BY example_id, position
                    """, arguments: [setting, split])
            var references: [Int64: [ReferenceText]] = [:]
            for row in rows {
                references[row["example_id"], default: []].append(
                    ReferenceText(text: row["text"], origin: row["origin"]))
            }
            return references
        }
    }

    /// All references of an example, the first one first; empty when there is no such example.
    public func references(ofExample id: Int64) throws -> [ReferenceText] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT 0 AS position, reference AS text, reference_origin AS origin FROM examples WHERE id = ?1
                    UNION ALL SELECT position, text, origin FROM further_references WHERE example_id = ?1
                    ORDER BY position
                    """, arguments: [id]
            ).map { ReferenceText(text: $0["text"], origin: $0["origin"]) }
        }
    }
}
