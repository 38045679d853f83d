import BenchmarkStore

/// A corpus as read from its source, before anything is stored.
public struct Corpus: Sendable {
    /// The folder or file that it was read from, as it was given.
    public let folder: String
    /// What is known about it.
    public let manifest: CorpusManifest
    /// The files that were read, in order.
    public let files: [CorpusFile]
    /// The documents without fatal problems, in the order of files and records.
    public let documents: [CorpusDocument]
    /// What was found wrong, in the order of files and records, at most 100,000 problems; documents with an error are not in
    /// `documents`.
    public let problems: [CorpusProblem]
    /// SHA-256 over the hashes of the manifest and all files: the same for the same bytes, wherever they lie.
    public let contentHash: String

    /// How many problems are kept with their words.
    static let mostProblems = 100_000

    /// The errors among the problems.
    public var errors: [CorpusProblem] { problems.filter { $0.severity == .error } }
}

/// One file of a corpus and what was found in it.
public struct CorpusFile: Hashable, Sendable {
    /// The path in the corpus; of line-aligned files that of the first.
    public let path: String
    /// The format that it was read as.
    public let format: String
    /// SHA-256 of its bytes, lower-case hexadecimal.
    public let sha256: String
    /// Its size in bytes.
    public let bytes: Int
    /// The split that the source puts it in.
    public let split: Split?
    /// Records that were read, those that are not kept included.
    public internal(set) var seen = 0
    /// Documents made of them.
    public internal(set) var documents = 0
    /// Records that are not kept.
    public internal(set) var rejected = 0
    /// The same, and blank lines; at most 100,000.
    public internal(set) var rejects: [CorpusReject] = []
    /// What was odd or was changed, by record.
    public internal(set) var irregularities = IrregularityLog()

    /// Records that are kept.
    public var records: Int { seen - rejected }
}

/// A record of a file that is not kept, and why.
public struct CorpusReject: Hashable, Sendable {
    /// The line, from 1; the record's number where records are no lines.
    public let line: Int
    /// The record's id, or the beginning of it where it has none that can be read; empty for a blank line.
    public let record: String
    /// The messages of its problems.
    public let reason: String
}
