import BenchmarkStore

/// What an ingest stored.
public struct IngestReport: Sendable {
    /// The corpus's name.
    public let name: String
    /// The corpus's version.
    public let version: String
    /// Whether the corpus is new, was there already or took another's place, with its row number.
    public let outcome: StoreOutcome
    /// SHA-256 over the manifest and all files.
    public let contentHash: String
    /// The files, with how many records of each were kept and which were not.
    public let files: [CorpusFile]
    /// How many documents of each kind; kinds without any are left out.
    public let documents: [DocumentKind: Int]
    /// How many summaries, replies, translations and rewrites.
    public let texts: Int
    /// How many groups of documents share a text, or nearly do; each will lie in one split.
    public let sharedClusters: Int
    /// How many documents repeat, or nearly repeat, one of another stored corpus.
    public let repeatsOfOtherCorpora: Int
    /// The warnings, and the errors of records that were left out.
    public let problems: [CorpusProblem]

    /// How many lines were not kept.
    public var rejected: Int { files.reduce(0) { $0 + $1.rejects.count } }

    init(corpus: Corpus, outcome: StoreOutcome, clusters: [String], storedClusters: Set<String>) {
        name = corpus.manifest.name
        version = corpus.manifest.version
        self.outcome = outcome
        contentHash = corpus.contentHash
        files = corpus.files
        documents = Dictionary(grouping: corpus.documents, by: \.kind).mapValues(\.count)
        texts = corpus.documents.reduce(0) { $0 + $1.versions.count }
        sharedClusters = Dictionary(grouping: clusters, by: \.self).values.count { $0.count > 1 }
        repeatsOfOtherCorpora = clusters.count { storedClusters.contains($0) }
        problems = corpus.problems
    }
}
