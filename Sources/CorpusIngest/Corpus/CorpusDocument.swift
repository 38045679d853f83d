import BenchmarkStore
import TextMetrics

/// One record of a corpus: a dialogue, a conversation, a sentence or a message with its versions.
public struct CorpusDocument: Hashable, Sendable {
    /// What it is.
    public let kind: DocumentKind
    /// Its id, unique in the corpus.
    public let key: String
    /// What it is about, in a few words.
    public let topic: String
    /// Who said what; empty for sentences and messages.
    public let turns: [Turn]
    /// What a task reads: `Name: words` lines for a dialogue or conversation, the text itself otherwise.
    public let text: String
    /// Who replies, in a conversation.
    public let speaker: String?
    /// The summaries, replies, translations or rewrites, source first, then in the manifest's order.
    public let versions: [CorpusVersion]
    /// The split that the source itself puts it in; nil where it has none.
    public let split: Split?
    /// The file that it stands in, by its path in the corpus.
    public let file: String
    /// The line in that file, from 1; nil where records are no lines.
    public let line: Int?
    /// The place of its record in that file, from 1.
    public let number: Int
    /// SHA-256 of the compared form of the text: the document's name wherever equal texts must be found.
    public let textHash: String

    /// A document; its text is rendered from the turns where it has any.
    public init(
        kind: DocumentKind, key: String, topic: String = "", turns: [Turn] = [], text: String = "",
        speaker: String? = nil, versions: [CorpusVersion], split: Split? = nil, file: String, line: Int? = nil,
        number: Int
    ) {
        self.kind = kind
        self.key = key
        self.topic = topic
        self.turns = turns
        self.text = turns.isEmpty ? text : turns.rendered
        self.speaker = speaker
        self.versions = versions
        self.split = split
        self.file = file
        self.line = line
        self.number = number
        textHash = ContentHash(of: ComparedText.normalised(self.text)).hex
    }

    /// The words that say whether two documents are the same: what was said, without the speakers' names.
    package var spokenText: String {
        turns.isEmpty ? text : turns.map(\.text).joined(separator: "\n")
    }

    /// The source version of the summary or reply, if the document has one.
    package var source: CorpusVersion? { versions.first { $0.variantKind == .source } }

    /// What the versions translate or rewrite, with its key path.
    package var versionedText: (key: String, text: String) {
        source.map { ($0.keyPath, $0.text) } ?? ("text", text)
    }
}

extension [Turn] {
    /// The turns as a task reads them: one `Name: words` line each.
    package var rendered: String {
        map { "\($0.speaker): \($0.text)" }.joined(separator: "\n")
    }
}

/// One version of a document's summary, reply or text.
public struct CorpusVersion: Hashable, Sendable {
    /// What it is of its document.
    public let role: TextRole
    /// Whether it is the source, a translation or a tone.
    public let variantKind: VariantKind
    /// The language's code or the tone's name; empty for the source.
    public let variant: String
    /// The text.
    public let text: String
    /// Who wrote it: `project`, `person`, `post-edited` or `model:<name>`; nil for whoever wrote the corpus.
    public let origin: String?

    /// A version; several of one variant are told apart by their order.
    public init(
        role: TextRole, variantKind: VariantKind = .source, variant: String = "", text: String, origin: String? = nil
    ) {
        self.role = role
        self.variantKind = variantKind
        self.variant = variant
        self.text = text
        self.origin = origin
    }

    /// The path of the key that it was read from, such as `summary.tones.witty`.
    package var keyPath: String {
        let whole = role == .summary || role == .reply ? role.rawValue + "." : ""
        return switch variantKind {
        case .source: whole + "text"
        case .language: whole + "translations." + variant
        case .tone: whole + "tones." + variant
        }
    }
}
