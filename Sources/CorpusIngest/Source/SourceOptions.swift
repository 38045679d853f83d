import BenchmarkStore

/// Languages and tones that a source offers beside its own text.
public struct SourceTargets: Hashable, Sendable {
    /// Languages with their English names.
    public var languages: [CorpusManifest.Language]
    /// Tones with their words for prompts.
    public var tones: [CorpusManifest.Tone]
    /// BCP 47 code of the source text, where the files tell it and it is not that of the data set.
    public var source: String?

    /// Targets, none by default.
    public init(
        languages: [CorpusManifest.Language] = [], tones: [CorpusManifest.Tone] = [], source: String? = nil
    ) {
        self.languages = languages
        self.tones = tones
        self.source = source
    }
}

/// What the user says about a source, from options, a profile or a manifest; nil where nothing was said.
public struct SourceOptions: Hashable, Sendable {
    /// Which turns of a conversation become replies.
    public enum Replies: String, CaseIterable, Hashable, Sendable {
        /// The last turn at a change of speaker: one document a conversation.
        case last
        /// Each turn at a change of speaker: several documents that begin alike and share their split.
        case every
    }

    /// The format's name.
    public var format: String?
    /// The corpus's name.
    public var name: String?
    /// Its version.
    public var version: String?
    /// A title of one line.
    public var title: String?
    /// One sentence on what it holds.
    public var description: String?
    /// SPDX identifier of the licence.
    public var licence: String?
    /// How to cite it.
    public var citation: String?
    /// BCP 47 code of the source text.
    public var language: String?
    /// Targets of translation; names may be left to ICU.
    public var languages: [CorpusManifest.Language]?
    /// Tones of the source's rewrites.
    public var tones: [CorpusManifest.Tone]?
    /// Who wrote the references.
    public var origin: String?
    /// The split of all records, where the files do not tell.
    public var split: Split?
    /// Which turns of a conversation become replies.
    public var replies: Replies = .last
    /// What a column or key holds, for formats with a mapping: `summary` → `highlights`.
    public var columns: [String: String] = [:]
    /// The kind of document that a mapping makes.
    public var kind: DocumentKind?
    /// Whether lower-cased, tokenised text has its escapes and blanks taken back, where a format is of such text.
    public var detokenise = false

    /// Options that say nothing.
    public init() {}
}
