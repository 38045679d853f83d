import GRDB

extension BenchmarkDatabase {
    /// Stores a corpus with its files, rejects, documents and texts.
    ///
    /// A corpus of the same name and version with the same content hash is left as it is.
    ///
    /// - Parameter replacing: Whether other content under the same name and version may be replaced.
    /// - Throws: `StoreError`: `.conflict` when other content has that name and version and `replacing` is false, or
    ///   when a build was made of it; `.invalid` when the content breaks the schema. Nothing is stored then.
    @discardableResult
    public func insertCorpus(_ contents: CorpusContents, replacing: Bool = false) throws -> StoreOutcome {
        try insertCorpus(contents.corpus, replacing: replacing) { writer in
            for file in contents.files {
                let record = file.file
                guard record.rejected == file.rejects.count else {
                    throw StoreError(
                        .invalid,
                        "\(record.path) counts \(record.rejected) rejected records but lists \(file.rejects.count); "
                            + "list all")
                }
                try writer.beginFile(
                    path: record.path, kind: record.kind, sha256: record.sha256, bytes: record.bytes)
                for reject in file.rejects { try writer.add(reject) }
                let documents = contents.documents.filter { $0.document.file == record.path }
                for document in documents { try Self.add(document, to: writer) }
                try writer.endFile()
            }
            let paths = Set(contents.files.map(\.file.path))
            for document in contents.documents where !paths.contains(document.document.file) {
                try Self.add(document, to: writer)
            }
        }
    }

    private static func add(_ document: DocumentContents, to writer: CorpusWriter) throws {
        guard try writer.add(document) else {
            throw StoreError(.invalid, "document '\(document.document.key)' occurs twice; give each its own key")
        }
    }

    /// Stores a corpus whose files and documents are written as they are read, in one transaction.
    ///
    /// A corpus of the same name and version with the same content hash is left as it is; `write` is not called then.
    ///
    /// - Parameters:
    ///   - corpus: the corpus; `contentHash` must be known beforehand.
    ///   - replacing: whether other content under the same name and version may be replaced.
    ///   - write: adds the files and documents; whatever it throws undoes everything.
    /// - Throws: as `insertCorpus(_:replacing:)`, and what `write` throws.
    @discardableResult
    public func insertCorpus(
        _ corpus: CorpusRecord, replacing: Bool = false, write body: (CorpusWriter) throws -> Void
    ) throws -> StoreOutcome {
        try write { db in
            let stored = try Self.corpus(named: corpus.name, version: corpus.version, in: db)
            if let stored {
                if stored.contentHash == corpus.contentHash { return .unchanged(id: stored.id) }
                try Self.makeRoom(for: corpus, replacing: replacing, stored: stored, in: db)
            }
            let id = try corpus.insert(into: db)
            let writer = try CorpusWriter(db, corpusID: id)
            try body(writer)
            try writer.finish()
            return stored == nil ? .inserted(id: id) : .replaced(id: id)
        }
    }

    /// All corpora by name and version.
    public func corpora() throws -> [CorpusRecord] {
        try read { try CorpusRecord.fetchAll($0, sql: "SELECT * FROM corpora ORDER BY name, version") }
    }

    /// The corpora that a build was made of, by name and version.
    public func corpora(ofBuild build: Int64) throws -> [CorpusRecord] {
        try read {
            try CorpusRecord.fetchAll(
                $0,
                sql: """
                    SELECT corpora.* FROM corpora JOIN build_corpora ON corpus_id = corpora.id
                    WHERE build_id = ? ORDER BY name, version
                    """, arguments: [build])
        }
    }

    /// The corpus of that name and version, nil when there is none.
    public func corpus(named name: String, version: String) throws -> CorpusRecord? {
        try read { try Self.corpus(named: name, version: version, in: $0) }
    }

    /// The source files of a corpus with their rejects, in the order in which they were stored.
    public func corpusFiles(ofCorpus corpus: Int64) throws -> [CorpusFileContents] {
        try read { db in
            let files = try CorpusFileRecord.fetchAll(
                db, sql: "SELECT * FROM corpus_files WHERE corpus_id = ? ORDER BY id", arguments: [corpus])
            let rejects = try RejectRecord.fetchAll(
                db,
                sql: """
                    SELECT rejects.* FROM rejects JOIN corpus_files ON corpus_files.id = corpus_file_id
                    WHERE corpus_id = ? ORDER BY rejects.id
                    """, arguments: [corpus])
            let byFile = Dictionary(grouping: rejects, by: \.corpusFileID)
            return files.map { CorpusFileContents(file: $0, rejects: byFile[$0.id] ?? []) }
        }
    }

    /// The documents of some corpora with their texts, in the order of the corpora and of their sources.
    ///
    /// - Parameter kinds: Which kinds of documents; nil for all.
    public func documents(ofCorpora corpora: [Int64], kinds: [DocumentKind]? = nil) throws -> [DocumentContents] {
        let wanted = kinds ?? DocumentKind.allCases
        return try read { db in
            var result: [DocumentContents] = []
            for corpus in corpora {
                let documents = try DocumentRecord.fetchAll(
                    db, sql: "SELECT * FROM documents WHERE corpus_id = ? ORDER BY id", arguments: [corpus])
                let texts = try DocumentTextRecord.fetchAll(
                    db,
                    sql: """
                        SELECT document_texts.* FROM document_texts JOIN documents ON documents.id = document_id
                        WHERE corpus_id = ? ORDER BY document_id, role, variant_kind, variant, position
                        """, arguments: [corpus])
                let byDocument = Dictionary(grouping: texts, by: \.documentID)
                for document in documents where wanted.contains(document.kind) {
                    result.append(DocumentContents(document: document, texts: byDocument[document.id] ?? []))
                }
            }
            return result
        }
    }

    /// One document with its texts, nil when there is none of that number.
    public func document(_ id: Int64) throws -> DocumentContents? {
        try read { db in
            let row = try DocumentRecord.fetchOne(db, sql: "SELECT * FROM documents WHERE id = ?", arguments: [id])
            guard let row else { return nil }
            let texts = try DocumentTextRecord.fetchAll(
                db,
                sql:
                    "SELECT * FROM document_texts WHERE document_id = ? ORDER BY role, variant_kind, variant, position",
                arguments: [id])
            return DocumentContents(document: row, texts: texts)
        }
    }
}

extension BenchmarkDatabase {
    static func corpus(named name: String, version: String, in db: Database) throws -> CorpusRecord? {
        try CorpusRecord.fetchOne(
            db, sql: "SELECT * FROM corpora WHERE name = ? AND version = ?", arguments: [name, version])
    }

    private static func makeRoom(
        for corpus: CorpusRecord, replacing: Bool, stored: CorpusRecord, in db: Database
    ) throws {
        let name = "corpus '\(corpus.name)' version \(corpus.version)"
        guard replacing else {
            throw StoreError(
                .conflict,
                "\(name) is stored with other content; raise the version in its manifest, or replace it with force")
        }
        let builds = try String.fetchAll(
            db, sql: "SELECT name FROM builds JOIN build_corpora ON build_id = id WHERE corpus_id = ? ORDER BY name",
            arguments: [stored.id])
        guard builds.isEmpty else {
            let list = builds.map { "'\($0)'" }.joined(separator: ", ")
            throw StoreError(
                .conflict, "\(name) cannot be replaced, since these builds were made of it: \(list); raise the version")
        }
        try db.execute(sql: "DELETE FROM corpora WHERE id = ?", arguments: [stored.id])
    }
}
