import GRDB

/// One ingested source: its names, licence and the hash of its content.
public struct CorpusRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "corpora"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Unique together with `version`.
    public var name: String
    /// Version of the content.
    public var version: String
    /// Title, one sentence.
    public var title: String
    /// Description, one sentence.
    public var description: String
    /// SPDX identifier, such as `Apache-2.0`.
    public var licence: String
    /// How to cite it.
    public var citation: String
    /// BCP 47 code of the source text, such as `en`.
    public var language: String
    /// Who wrote the references: `project`, `person` or `model:<name>`.
    public var origin: String
    /// The manifest as JSON text.
    public var manifest: String
    /// SHA-256 over everything that was ingested, lower-case hex.
    public var contentHash: String
    /// When, ISO 8601 in UTC.
    public var ingestedAt: Timestamp

    /// A corpus; `manifest` must be JSON text and `contentHash` 64 hex digits.
    public init(
        id: Int64 = 0, name: String, version: String, title: String, description: String = "", licence: String,
        citation: String = "", language: String, origin: String, manifest: String = "{}", contentHash: String,
        ingestedAt: Timestamp = .now()
    ) {
        self.id = id
        self.name = name
        self.version = version
        self.title = title
        self.description = description
        self.licence = licence
        self.citation = citation
        self.language = language
        self.origin = origin
        self.manifest = manifest
        self.contentHash = contentHash
        self.ingestedAt = ingestedAt
    }
}

/// One source file of a corpus, with how many of its records were taken and how many rejected.
public struct CorpusFileRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "corpus_files"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its corpus.
    public var corpusID: Int64
    /// Relative to the corpus folder; unique in the corpus.
    public var path: String
    /// What the file holds: a document kind, or the name of the source format.
    public var kind: String
    /// SHA-256 of the file's bytes, lower-case hex.
    public var sha256: String
    /// Size.
    public var bytes: Int
    /// Records that became documents.
    public var records: Int
    /// Records that were refused; each has a row in `rejects`.
    public var rejected: Int

    /// A file; the store fills in `corpusID`.
    public init(
        id: Int64 = 0, corpusID: Int64 = 0, path: String, kind: String, sha256: String, bytes: Int, records: Int,
        rejected: Int = 0
    ) {
        self.id = id
        self.corpusID = corpusID
        self.path = path
        self.kind = kind
        self.sha256 = sha256
        self.bytes = bytes
        self.records = records
        self.rejected = rejected
    }
}

/// A record of a source file that was not taken, and why.
public struct RejectRecord: StoredRecord {
    /// The table that holds the rows.
    public static let databaseTableName = "rejects"

    /// Row number; 0 until the store has assigned one.
    public var id: Int64
    /// Its file.
    public var corpusFileID: Int64
    /// Counted from 1; nil where the format has no lines.
    public var line: Int?
    /// The record's own name where it has one, else an extract of its text.
    public var record: String
    /// Why it was refused.
    public var reason: String

    /// A refused record; the store fills in `corpusFileID`.
    public init(id: Int64 = 0, corpusFileID: Int64 = 0, line: Int?, record: String, reason: String) {
        self.id = id
        self.corpusFileID = corpusFileID
        self.line = line
        self.record = record
        self.reason = reason
    }
}
