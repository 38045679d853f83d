import GRDB

/// Writes the files and documents of one corpus inside the transaction that stores it; memory does not grow with them.
///
/// A file is begun, its documents and rejects are added as they are read, and it is ended with their numbers.
public final class CorpusWriter {
    private let db: Database
    private let corpusID: Int64
    private let document: BulkInsert
    private let text: BulkInsert
    private var file: (id: Int64, path: String, records: Int, rejected: Int)?
    private var isTextIndexDropped = false

    /// The index that is dropped for a large corpus and made anew at its end, with its definition.
    ///
    /// Hashes come in no order: kept up to date row by row, the index would touch a page for each (80,000 dialogues:
    /// 40 % slower).
    private static let textIndex = "CREATE INDEX documents_by_text ON documents (text_hash)"

    init(_ db: Database, corpusID: Int64) throws {
        self.db = db
        self.corpusID = corpusID
        document = try BulkInsert(
            db,
            sql: """
                INSERT INTO documents
                    (corpus_id, key, kind, topic, turns, text, speaker, text_hash, split, file, record)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (corpus_id, key) DO NOTHING
                """)
        text = try BulkInsert(
            db,
            sql: """
                INSERT INTO document_texts (document_id, role, variant_kind, variant, position, text, origin)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
    }

    /// Says that many documents are to come, so that an index is better made once at the end.
    public func expectManyDocuments() throws {
        guard !isTextIndexDropped else { return }
        try db.execute(sql: "DROP INDEX IF EXISTS documents_by_text")
        isTextIndexDropped = true
    }

    /// Begins a source file; what is added from here on belongs to it.
    public func beginFile(path: String, kind: String, sha256: String, bytes: Int) throws {
        let record = CorpusFileRecord(
            corpusID: corpusID, path: path, kind: kind, sha256: sha256, bytes: bytes, records: 0)
        file = (try record.insert(into: db), path, 0, 0)
    }

    /// Ends the file that was begun last.
    ///
    /// - Parameter records: how many records were taken; nil where each made one document.
    public func endFile(records: Int? = nil) throws {
        guard let file else { return }
        try db.execute(
            sql: "UPDATE corpus_files SET records = ?, rejected = ? WHERE id = ?",
            arguments: [records ?? file.records, file.rejected, file.id])
        self.file = nil
    }

    /// Adds a document with its texts.
    ///
    /// - Returns: false where the corpus has a document of that key already; nothing was added then.
    /// - Throws: `StoreError.invalid` naming the document where it breaks the schema.
    public func add(_ contents: DocumentContents) throws -> Bool {
        let row = contents.document
        do {
            try document.execute([
                .integer(corpusID), .text(row.key), .text(row.kind.rawValue), .text(row.topic),
                .text(row.turns.map(TurnsJSON.text)), .text(row.text), .text(row.speaker), .text(row.textHash),
                .text(row.split?.rawValue), .text(row.file.isEmpty ? (file?.path ?? "") : row.file),
                row.record.map { .integer(Int64($0)) } ?? .null,
            ])
            guard db.changesCount == 1 else { return false }
            let id = db.lastInsertedRowID
            for version in contents.texts {
                try text.execute([
                    .integer(id), .text(version.role.rawValue), .text(version.variantKind.rawValue),
                    .text(version.variant), .integer(Int64(version.position)), .text(version.text),
                    .text(version.origin),
                ])
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
            throw StoreError(.invalid, "document '\(row.key)': \(error.message ?? "breaks the schema")")
        }
        file?.records += 1
        return true
    }

    /// Adds a record that was not taken.
    public func add(_ reject: RejectRecord) throws {
        guard let file else { throw StoreError(.invalid, "a rejected record belongs to no file; begin one first") }
        var reject = reject
        reject.corpusFileID = file.id
        try reject.insert(into: db)
        self.file?.rejected += 1
    }

    /// Where the document of that key was read, as `file` and record number.
    public func place(ofKey key: String) throws -> (file: String, record: Int?)? {
        try Row.fetchOne(
            db, sql: "SELECT file, record FROM documents WHERE corpus_id = ? AND key = ?", arguments: [corpusID, key]
        ).map { ($0["file"], $0["record"]) }
    }

    func finish() throws {
        try endFile()
        if isTextIndexDropped { try db.execute(sql: Self.textIndex) }
    }
}

/// Turns as the canonical JSON text that `CanonicalJSON` would write, without its detour over `Codable`.
enum TurnsJSON {
    static func text(_ turns: [Turn]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(turns.reduce(2) { $0 + $1.text.utf8.count + $1.speaker.utf8.count + 28 })
        bytes.append(UInt8(ascii: "["))
        for (index, turn) in turns.enumerated() {
            bytes.append(contentsOf: index == 0 ? #"{"speaker":"#.utf8 : #",{"speaker":"#.utf8)
            append(turn.speaker, to: &bytes)
            bytes.append(contentsOf: #","text":"#.utf8)
            append(turn.text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var string = string
        string.withUTF8 { utf8 in
            // Runs without escapes, most often the whole text, are copied at once.
            var start = 0
            for (index, byte) in utf8.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5C {
                bytes.append(contentsOf: utf8[start..<index])
                bytes.append(contentsOf: escape(byte).utf8)
                start = index + 1
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8) -> String {
        switch byte {
        case 0x22: return #"\""#
        case 0x5C: return #"\\"#
        case 0x08: return #"\b"#
        case 0x09: return #"\t"#
        case 0x0A: return #"\n"#
        case 0x0C: return #"\f"#
        case 0x0D: return #"\r"#
        default:
            let digits = String(byte, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}
