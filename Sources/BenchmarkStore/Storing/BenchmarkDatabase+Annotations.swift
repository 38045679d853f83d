import GRDB

/// A model's answer to one request, kept so that the same request is never sent twice.
public struct AnnotationRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "annotations"

    /// SHA-256 of the request, which names it.
    public var requestHash: String
    /// The model's name.
    public var model: String
    /// The request as JSON text.
    public var request: String
    /// What the model answered.
    public var answer: String
    /// When, ISO 8601 in UTC.
    public var createdAt: Timestamp

    /// An answer to a request.
    public init(requestHash: String, model: String, request: String, answer: String, createdAt: Timestamp = .now()) {
        self.requestHash = requestHash
        self.model = model
        self.request = request
        self.answer = answer
        self.createdAt = createdAt
    }
}

extension BenchmarkDatabase {
    /// The answer to a request that was sent before; nil for a new one.
    public func annotation(_ requestHash: String) throws -> AnnotationRecord? {
        try read {
            try AnnotationRecord.fetchOne(
                $0, sql: "SELECT * FROM annotations WHERE request_hash = ?", arguments: [requestHash])
        }
    }

    /// Keeps an answer, and adds it to the texts of the documents that asked for it, in one transaction.
    ///
    /// A document that has a text of that role and variant already, by whomever, keeps it alone.
    ///
    /// - Returns: how many texts were added.
    @discardableResult
    public func saveAnnotation(_ annotation: AnnotationRecord, as texts: [DocumentTextRecord]) throws -> Int {
        try write { db in
            try annotation.insert(into: db, onConflict: "ON CONFLICT (request_hash) DO NOTHING")
            var added = 0
            for text in texts {
                let exists = try Bool.fetchOne(
                    db,
                    sql: """
                        SELECT 1 FROM document_texts
                        WHERE document_id = ? AND role = ? AND variant_kind = ? AND variant = ? LIMIT 1
                        """,
                    arguments: [text.documentID, text.role.rawValue, text.variantKind.rawValue, text.variant])
                if exists == true { continue }
                try text.insert(into: db)
                added += 1
            }
            return added
        }
    }

    /// Replaces the description of a corpus, where an annotation gave it a further language or tone.
    ///
    /// The content hash stays: it is that of the source files, which have not changed.
    public func updateManifest(ofCorpus corpus: Int64, to manifest: String) throws {
        try write { db in
            try db.execute(sql: "UPDATE corpora SET manifest = ? WHERE id = ?", arguments: [manifest, corpus])
        }
    }
}
