import BenchmarkStore

/// A corpus as read from its source, before anything is stored.
public struct Corpus: Sendable {
    /// The folder that it was read from, as it was given.
    public let folder: String
    /// What the manifest says.
    public let manifest: CorpusManifest
    /// The files that were read, in the manifest's order.
    public let files: [CorpusFile]
    /// The documents without fatal problems, in the order of files and lines.
    public let documents: [CorpusDocument]
    /// Everything found wrong, in the order of files and lines; documents with an error are not in `documents`.
    public let problems: [CorpusProblem]
    /// SHA-256 over the hashes of the manifest and all files: the same for the same bytes, wherever they lie.
    public let contentHash: String

    /// The errors among the problems.
    public var errors: [CorpusProblem] { problems.filter { $0.severity == .error } }
}

/// One file of a corpus and what was found in it.
public struct CorpusFile: Hashable, Sendable {
    /// The path, relative to the corpus's folder.
    public let path: String
    /// The kind of its records.
    public let kind: DocumentKind
    /// SHA-256 of its bytes, lower-case hexadecimal.
    public let sha256: String
    /// Its size in bytes.
    public let bytes: Int
    /// Records that are kept.
    public let records: Int
    /// Lines that are not kept, blank ones included.
    public let rejects: [CorpusReject]
}

/// A line of a file that is not kept, and why.
public struct CorpusReject: Hashable, Sendable {
    /// The line, from 1.
    public let line: Int
    /// The record's id, or the beginning of the line where it has none that can be read.
    public let record: String
    /// The messages of its problems.
    public let reason: String
}
