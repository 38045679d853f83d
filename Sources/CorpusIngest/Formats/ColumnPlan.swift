import BenchmarkStore

/// What the columns of a mapping hold, checked.
struct ColumnPlan: Sendable {
    /// What a column may hold, beside `translations.<code>` and `tones.<name>`.
    static let roles = ["id", "topic", "text", "dialogue", "turns", "summary", "reply", "speaker", "split"]

    /// The kind of document that a record makes.
    let kind: DocumentKind
    /// The columns by what they hold.
    private let columns: [String: String]
    /// The columns of translations, by language.
    let translations: [(code: String, column: String)]
    /// The columns of rewrites, by tone.
    let tones: [(name: String, column: String)]

    /// The plan that options ask for.
    ///
    /// - Throws: `CorpusError.incomplete` saying what is missing, unknown, or means nothing for the kind of document.
    init(_ options: SourceOptions) throws(CorpusError) {
        func fail(_ message: String) -> CorpusError { CorpusError(.incomplete, "the mapping of columns \(message)") }
        func variants(_ prefix: String) -> [(String, String)] {
            options.columns.filter { $0.key.hasPrefix(prefix) && $0.key.count > prefix.count }
                .map { (String($0.key.dropFirst(prefix.count)), $0.value) }.sorted { $0.0 < $1.0 }
        }
        translations = variants("translations.").map { (code: $0.0, column: $0.1) }
        tones = variants("tones.").map { (name: $0.0, column: $0.1) }
        columns = options.columns.filter { Self.roles.contains($0.key) }
        guard !options.columns.isEmpty else {
            throw fail("is empty: say what which column holds, such as summary=highlights")
        }
        for what in options.columns.keys.sorted() where columns[what] == nil {
            guard
                translations.contains(where: { "translations." + $0.code == what })
                    || tones.contains(where: { "tones." + $0.name == what })
            else {
                throw fail(
                    "has \"\(what)\": it must be one of \(Self.roles.joined(separator: ", ")), translations.<language> or "
                        + "tones.<tone>")
            }
        }
        for (code, _) in translations where !code.isLanguageCode {
            throw fail("has \"translations.\(code)\": \"\(code)\" must be a BCP 47 code such as \"es\"")
        }
        if let wanted = options.languages {
            for (code, _) in translations where !wanted.contains(where: { $0.code == code }) {
                throw fail(
                    "has \"translations.\(code)\", which is not among the languages asked for: name it there too")
            }
        }
        let named = (options.languages ?? []).map(\.code)
        for (code, _) in translations where !named.contains(code) && !LanguageName.isKnown(code) {
            throw fail("has \"translations.\(code)\": \(LanguageName.wanted(code))")
        }
        let hasTurns = columns["dialogue"] != nil || columns["turns"] != nil
        if let kind = options.kind {
            self.kind = kind
        } else if columns["summary"] != nil {
            kind = .dialogue
        } else if hasTurns {
            kind = .conversation
        } else if !tones.isEmpty {
            kind = .message
        } else if !translations.isEmpty {
            kind = .sentence
        } else {
            throw fail(
                "does not tell which kind of document a record is: name dialogue, conversation, sentence or message")
        }
        let allowed: [String]
        switch kind {
        case .dialogue: allowed = ["dialogue", "turns", "summary"]
        case .conversation: allowed = ["dialogue", "turns", "reply", "speaker"]
        case .sentence, .message: allowed = ["text"]
        }
        for what in Self.roles where columns[what] != nil && !["id", "topic", "split"].contains(what) {
            guard allowed.contains(what) else {
                throw fail("has \"\(what)\", which means nothing for a \(kind.rawValue)")
            }
        }
        switch kind {
        case .dialogue, .conversation:
            guard hasTurns else { throw fail("lacks \"dialogue\" (or \"turns\"): a \(kind.rawValue) needs it") }
            guard columns["dialogue"] == nil || columns["turns"] == nil else {
                throw fail("has both \"dialogue\" and \"turns\": keep one")
            }
            if kind == .conversation, columns["reply"] == nil {
                guard translations.isEmpty, tones.isEmpty, columns["speaker"] == nil else {
                    throw fail("lacks \"reply\", which its translations, tones or speaker belong to")
                }
            }
        case .sentence, .message:
            guard columns["text"] != nil else { throw fail("lacks \"text\": a \(kind.rawValue) needs it") }
            if kind == .sentence ? !tones.isEmpty : !translations.isEmpty {
                throw fail(
                    "has \(kind == .sentence ? "tones" : "translations"), which mean nothing for a \(kind.rawValue)")
            }
        }
    }

    /// The column that holds something; nil where the mapping names none.
    subscript(what: String) -> String? { columns[what] }
    /// The column of the turns.
    var turns: String? { columns["dialogue"] ?? columns["turns"] }
    /// All columns that are read, each once.
    var all: [String] {
        Set(columns.values).union(translations.map(\.column)).union(tones.map(\.column)).sorted()
    }
    /// What the versions of a document are of it.
    var role: TextRole {
        switch kind {
        case .dialogue: .summary
        case .conversation: .reply
        case .sentence: .translation
        case .message: .rewrite
        }
    }
}
