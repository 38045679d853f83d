import BenchmarkStore

/// What an ingest stored.
public struct IngestReport: Sendable {
    /// The corpus's name.
    public let name: String
    /// The corpus's version.
    public let version: String
    /// The format that it was read as, and whether that was found by looking.
    public let format: (name: String, wasRecognised: Bool)
    /// SPDX identifier of the licence.
    public let licence: String
    /// Whether the corpus is new, was there already or took another's place, with its row number.
    public let outcome: StoreOutcome
    /// SHA-256 over the manifest and all files.
    public let contentHash: String
    /// The files, with how many records of each were kept and which were not; empty where the corpus was there already.
    public let files: [CorpusFile]
    /// How many documents of each kind; kinds without any are left out.
    public let documents: [DocumentKind: Int]
    /// How many summaries, replies, translations and rewrites.
    public let texts: Int
    /// The warnings, and the errors of records that were left out; at most 10,000.
    public let problems: [CorpusProblem]

    /// How many records were not kept; blank lines are none.
    public var rejected: Int { files.reduce(0) { $0 + $1.seen - $1.records } }

    init(_ source: CorpusSource, outcome: StoreOutcome, contentHash: String, tally: IngestTally) {
        name = source.manifest.name
        version = source.manifest.version
        format = (source.format.about.name, source.wasRecognised)
        licence = source.manifest.licence
        self.outcome = outcome
        self.contentHash = contentHash
        files = tally.files
        documents = tally.kinds
        texts = tally.texts
        problems = tally.problems
    }
}
