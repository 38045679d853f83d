import BenchmarkStore
import TextMetrics

/// Finds texts, sentences and passages that are not in the language that their key says.
///
/// The corpus is its own training text: the documents are dealt into folds, and the texts of each fold are judged by an
/// identifier trained on the other folds under the languages that their keys declare. So a fault is never judged by
/// itself, new languages need no data of ours, and a few faults in hundreds of texts do not bend the identifier.
struct LanguageCheck {
    /// How many folds the documents are dealt into.
    static let folds = 5
    /// Fewer texts in a language than this teach too little to judge by.
    static let leastTexts = 24
    /// More texts in a language than this teach nothing more.
    static let mostTexts = 400
    /// A whole text with fewer letters is not judged.
    static let leastLetters = 12
    /// A sentence or passage with fewer letters is not judged by itself.
    static let leastPartLetters = 16
    /// How much likelier, in nats, another language must be for a whole text or one of its sentences.
    ///
    /// (Everyday corpus, English, Spanish, French and German, 3,900 texts and 6,300 sentences of this length: 99.7 % lead
    /// by 8 nats or more for their own language; for another language none leads by more than 0.8.)
    static let margin = 8.0
    /// How much likelier another language must be for a passage of `passageWords` words.
    ///
    /// (17,500 passages of the same: 99 % lead by 16 for their own; names and numbers make another lead by 4.6 at most.)
    static let passageMargin = 16.0
    /// How many words a passage inside a sentence has.
    static let passageWords = 8

    /// One text with the language that it should be in.
    private struct Field {
        let key: String
        let language: String
        let text: String
    }

    /// The problems found, in the order of the documents, and notes on what could not be judged.
    static func run(_ corpus: Corpus) -> (problems: [CorpusProblem], notes: [String]) {
        let fields = corpus.documents.map { Self.fields(of: $0, source: corpus.manifest.language) }
        var texts: [String: Int] = [:]
        for field in fields.joined() { texts[field.language, default: 0] += 1 }
        let languages = texts.keys.sorted().filter { texts[$0, default: 0] >= leastTexts }
        var notes: [String] = []
        for language in texts.keys.sorted() where !languages.contains(language) {
            notes.append(
                "language \(language) was not checked: \(texts[language, default: 0]) texts, \(leastTexts) are needed")
        }
        guard languages.count >= 2 else {
            notes.append("languages were not told apart: that needs two languages with \(leastTexts) texts each")
            return ([], notes)
        }
        var problems = [[CorpusProblem]](repeating: [], count: fields.count)
        for fold in 0..<folds {
            let others = fields.enumerated().filter { $0.offset % folds != fold }.flatMap { $0.element }
            let training = languages.flatMap { language in
                Self.sample(others.filter { $0.language == language }.map(\.text)).map {
                    (language: language, text: $0)
                }
            }
            guard let identifier = try? LanguageIdentifier(training: training) else {
                notes.append("languages were not checked in a fifth of the corpus: the rest has too little text")
                continue
            }
            for index in stride(from: fold, to: fields.count, by: folds) {
                problems[index] = fields[index].filter { languages.contains($0.language) }.compactMap {
                    problem(of: $0, in: corpus.documents[index], identifier: identifier)
                }
            }
        }
        return (problems.flatMap(\.self), notes)
    }

    /// At most `mostTexts` of the texts, evenly spread.
    private static func sample(_ texts: [String]) -> [String] {
        guard texts.count > mostTexts else { return texts }
        return (0..<mostTexts).map { texts[$0 * texts.count / mostTexts] }
    }

    /// What is wrong with one text, if anything.
    private static func problem(
        of field: Field, in document: CorpusDocument, identifier: LanguageIdentifier
    ) -> CorpusProblem? {
        guard let whole = identifier.detect(field.text), whole.letters >= leastLetters else { return nil }
        if whole.language != field.language, whole.margin >= margin {
            return CorpusProblem(
                .wrongLanguage, file: document.file, line: document.line, record: document.key, key: field.key,
                message: "\(field.key) should be in \(field.language) but reads like \(whole.language): "
                    + "\"\(excerpt(field.text))\"")
        }
        let foreign =
            SentenceSplitter.sentences(of: field.text).lazy.compactMap { sentence in
                foreignPart(sentence, of: field, margin: margin, identifier: identifier)
            }.first
            ?? passages(field.text).lazy.compactMap { passage in
                foreignPart(passage, of: field, margin: passageMargin, identifier: identifier)
            }.first
        guard let foreign else { return nil }
        return CorpusProblem(
            .mixedLanguages, file: document.file, line: document.line, record: document.key, key: field.key,
            message: "\(field.key) should be in \(field.language) but has a part that reads like "
                + "\(foreign.language): \"\(excerpt(foreign.part))\"")
    }

    /// The part with its language, if that is clearly not the field's.
    private static func foreignPart(
        _ part: String, of field: Field, margin: Double, identifier: LanguageIdentifier
    ) -> (language: String, part: String)? {
        guard let found = identifier.detect(part), found.letters >= leastPartLetters,
            found.language != field.language, found.margin >= margin
        else { return nil }
        return (found.language, part)
    }

    /// The runs of `passageWords` words at every fourth word; a foreign run of three words more holds a whole one.
    private static func passages(_ text: String) -> [String] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return stride(from: 0, through: words.count - passageWords, by: 4).map {
            words[$0..<$0 + passageWords].joined(separator: " ")
        }
    }

    private static func fields(of document: CorpusDocument, source: String) -> [Field] {
        // Varieties such as `pt-BR` and `pt-PT`, or formal and informal German, are one language here.
        let source = LanguageTag.detected(source)
        let own =
            document.turns.isEmpty
            ? [Field(key: "text", language: source, text: document.text)]
            : document.turns.enumerated().map { index, turn in
                Field(key: "turns[\(index)].text", language: source, text: turn.text)
            }
        return own
            + document.versions.map { version in
                Field(
                    key: version.keyPath,
                    language: version.variantKind == .language ? LanguageTag.detected(version.variant) : source,
                    text: version.text)
            }
    }

    private static func excerpt(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 60 ? line : line.prefix(57) + "…"
    }
}
