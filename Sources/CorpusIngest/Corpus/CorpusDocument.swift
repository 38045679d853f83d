import BenchmarkStore

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
    /// The file that it stands in, relative to the corpus's folder.
    public let file: String
    /// The line in that file, from 1.
    public let line: Int

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
