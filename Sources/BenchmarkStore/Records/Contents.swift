/// A corpus with all that belongs to it, as it is handed to the store in one piece.
public struct CorpusContents: Sendable, Hashable {
    /// The corpus itself.
    public var corpus: CorpusRecord
    /// Its source files.
    public var files: [CorpusFileContents]
    /// Its documents in the order of their sources.
    public var documents: [DocumentContents]

    /// A whole corpus; foreign keys inside may be 0.
    public init(corpus: CorpusRecord, files: [CorpusFileContents], documents: [DocumentContents]) {
        self.corpus = corpus
        self.files = files
        self.documents = documents
    }
}

/// A source file with the records that were refused.
public struct CorpusFileContents: Sendable, Hashable {
    /// The file itself.
    public var file: CorpusFileRecord
    /// The records of the file that were refused.
    public var rejects: [RejectRecord]

    /// A file; `file.rejected` must be the number of rejects.
    public init(file: CorpusFileRecord, rejects: [RejectRecord] = []) {
        self.file = file
        self.rejects = rejects
    }
}

/// A document with its reference texts.
public struct DocumentContents: Sendable, Hashable {
    /// The document itself.
    public var document: DocumentRecord
    /// In the order of role, variant kind, variant when fetched from the store.
    public var texts: [DocumentTextRecord]

    /// A document with its texts.
    public init(document: DocumentRecord, texts: [DocumentTextRecord]) {
        self.document = document
        self.texts = texts
    }

    /// The reference text in one role and variant, if the document has it.
    public func text(_ role: TextRole, _ kind: VariantKind = .source, _ variant: String = "") -> DocumentTextRecord? {
        texts.first { $0.role == role && $0.variantKind == kind && $0.variant == variant }
    }
}

/// A build with its settings and examples, as it is handed to the store in one piece.
public struct BuildContents: Sendable, Hashable {
    /// The build itself.
    public var build: BuildRecord
    /// Row numbers of the corpora that it was made of.
    public var corpora: [Int64]
    /// Its settings with their examples.
    public var settings: [SettingContents]
    /// Documents of the corpora that were left out.
    public var exclusions: [BuildExclusionRecord]
    /// Documents of the corpora that share a text, or nearly do.
    public var duplicatePairs: [DuplicatePairRecord]

    /// A whole build; foreign keys inside may be 0, except for documents.
    public init(
        build: BuildRecord, corpora: [Int64], settings: [SettingContents], exclusions: [BuildExclusionRecord] = [],
        duplicatePairs: [DuplicatePairRecord] = []
    ) {
        self.build = build
        self.corpora = corpora
        self.settings = settings
        self.exclusions = exclusions
        self.duplicatePairs = duplicatePairs
    }
}

/// A setting with its examples of all splits.
public struct SettingContents: Sendable, Hashable {
    /// The setting itself.
    public var setting: SettingRecord
    /// Its examples of all splits.
    public var examples: [ExampleRecord]
    /// The references of its examples beyond the first, in order, by the example's document.
    public var furtherReferences: [Int64: [FurtherReferenceRecord]]

    /// A setting with its examples.
    public init(
        setting: SettingRecord, examples: [ExampleRecord],
        furtherReferences: [Int64: [FurtherReferenceRecord]] = [:]
    ) {
        self.setting = setting
        self.examples = examples
        self.furtherReferences = furtherReferences
    }
}

/// A prediction with its scores, saved together.
public struct ScoredPrediction: Sendable, Hashable {
    /// The prediction itself.
    public var prediction: PredictionRecord
    /// Its scores.
    public var scores: [ScoreRecord]

    /// A prediction; the scores' `predictionID` may be 0.
    public init(_ prediction: PredictionRecord, scores: [ScoreRecord]) {
        self.prediction = prediction
        self.scores = scores
    }
}

/// What became of something that was handed to the store.
public enum StoreOutcome: Sendable, Hashable {
    /// It is new.
    case inserted(id: Int64)
    /// The same content was already there; nothing changed.
    case unchanged(id: Int64)
    /// It took the place of other content under the same name.
    case replaced(id: Int64)

    /// The row number, whatever happened.
    public var id: Int64 {
        switch self {
        case .inserted(let id), .unchanged(let id), .replaced(let id): id
        }
    }
}
