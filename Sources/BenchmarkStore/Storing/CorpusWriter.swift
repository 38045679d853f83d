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
            db, table: "documents", first: "corpus_id", columns: DocumentRows.documentColumns,
            conflict: "ON CONFLICT (corpus_id, key) DO NOTHING")
        text = try BulkInsert(
            db, table: "document_texts", first: "document_id", columns: DocumentRows.textColumns)
    }

    /// Says that many documents are to come, so that an index is better made once at the end.
    public func expectManyDocuments() throws {
        guard !isTextIndexDropped else { return }
        try db.execute(sql: "DROP INDEX IF EXISTS documents_by_text")
        // The index of keys is written in another order than they come in: with SQLite's 2 MB its pages would go to the log
        // and be read from there again and again. The connection keeps no more than this, in KiB.
        try db.execute(sql: "PRAGMA cache_size = -32768")
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

    /// Adds documents with their texts.
    ///
    /// - Returns: the places, among these, of documents whose key the corpus has already; those were not added.
    /// - Throws: `StoreError.invalid` naming the document that breaks the schema.
    public func add(_ rows: DocumentRows) throws -> [Int] {
        var refused: [Int] = []
        try rows.bytes.withUnsafeBytes { bytes in
            var start = 0
            for (index, texts) in rows.texts.enumerated() {
                let end = start + DocumentRows.documentColumns.count
                let next = end + texts * DocumentRows.textColumns.count
                defer { start = next }
                do {
                    try document.execute(corpusID, rows.cells[start..<end], in: bytes)
                    guard db.changesCount == 1 else {
                        refused.append(index)
                        continue
                    }
                    let id = db.lastInsertedRowID
                    for cell in stride(from: end, to: next, by: DocumentRows.textColumns.count) {
                        try text.execute(id, rows.cells[cell..<cell + DocumentRows.textColumns.count], in: bytes)
                    }
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                    let key = rows.text(rows.cells[start])
                    throw StoreError(.invalid, "document '\(key)': \(error.message ?? "breaks the schema")")
                }
                file?.records += 1
            }
        }
        return refused
    }

    /// Adds one document with its texts; false where the corpus has one of that key already.
    func add(_ contents: DocumentContents) throws -> Bool {
        var rows = DocumentRows()
        rows.append(contents)
        return try add(rows).isEmpty
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
    static func append(_ turns: [Turn], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (index, turn) in turns.enumerated() {
            bytes.append(contentsOf: index == 0 ? #"{"speaker":"#.utf8 : #",{"speaker":"#.utf8)
            append(turn.speaker, to: &bytes)
            bytes.append(contentsOf: #","text":"#.utf8)
            append(turn.text, to: &bytes)
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
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
