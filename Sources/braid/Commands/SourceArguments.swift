import ArgumentParser
import BenchmarkStore
import CorpusIngest

/// What a user may say about a source; formats of known data sets need nothing of it.
struct SourceArguments: ParsableArguments {
    @Option(help: "How the files are read. Default: found by looking. `braid ingest --formats` lists all.")
    var format: String?

    @Option(help: "The corpus's name: lower-case letters, digits and hyphens.")
    var name: String?

    @Option(help: "The corpus's version, as its authors give it.")
    var corpusVersion: String?

    @Option(help: "A title of one line.")
    var title: String?

    @Option(help: "One sentence on what it holds.")
    var description: String?

    @Option(help: "The licence, an SPDX identifier such as CC-BY-4.0, or LicenseRef- and a name for others.")
    var licence: String?

    @Option(help: "How to cite it.")
    var citation: String?

    @Option(help: "Language of the source text, a BCP 47 code. Default: en, or what the format knows.")
    var language: String?

    @Option(
        help: "A language to take translations of, as code or code=Name. Repeat for several; default: all there are.")
    var translation: [String] = []

    @Option(help: "A tone, as name=words for prompts, such as \"witty=in a witty tone\". Repeat for several.")
    var tone: [String] = []

    @Option(help: "Who wrote the references: person, post-edited, project or model:<name>.")
    var origin: String?

    @Option(help: "The split of all records: train, validation or test. Default: what the files' names tell.")
    var split: Split?

    @Option(help: "What a mapping makes: dialogue, conversation, sentence or message.")
    var kind: DocumentKind?

    @Option(help: "Which turns of a conversation become replies: last, or every one at a change of speaker.")
    var replies: SourceOptions.Replies = .last

    @Option(help: "What a column or key holds, as what=column, such as summary=highlights. Repeat for several.")
    var column: [String] = []

    @Flag(help: "Take back tokenisation and escapes, where a format is of tokenised text.")
    var detokenise = false

    /// The options as the readers take them.
    func options() throws -> SourceOptions {
        var options = SourceOptions()
        options.format = format
        options.name = name
        options.version = corpusVersion
        options.title = title
        options.description = description
        options.licence = licence
        options.citation = citation
        options.language = language
        options.origin = origin
        options.split = split
        options.kind = kind
        options.replies = replies
        options.detokenise = detokenise
        options.languages = translation.isEmpty ? nil : try Self.languages(translation)
        options.tones = tone.isEmpty ? nil : try Self.tones(tone)
        for text in column {
            let parts = Self.parts(text)
            guard let column = parts.value else {
                throw ValidationError("--column needs what and column with \"=\" between them, not \"\(text)\".")
            }
            options.columns[parts.name] = column
        }
        return options
    }

    /// Languages from `code` or `code=Name`.
    static func languages(_ texts: [String]) throws -> [CorpusManifest.Language] {
        try texts.map { text in
            let parts = Self.parts(text)
            guard parts.name.isLanguageTag, parts.value != "" else {
                throw ValidationError("--translation needs a BCP 47 code such as \"es\", not \"\(text)\".")
            }
            return CorpusManifest.Language(code: parts.name, name: parts.value ?? LanguageName.english(parts.name))
        }
    }

    /// Tones from `name=words for prompts`.
    static func tones(_ texts: [String]) throws -> [CorpusManifest.Tone] {
        try texts.map { text in
            let parts = Self.parts(text)
            guard parts.name.isSlug else {
                throw ValidationError(
                    "A tone's name must be lower-case letters, digits and hyphens, not \"\(parts.name)\".")
            }
            guard let words = parts.value, !words.isEmpty else {
                throw ValidationError(
                    "--tone needs words for prompts: \"\(parts.name)=in a \(parts.name) tone\", for example.")
            }
            return CorpusManifest.Tone(name: parts.name, instruction: words)
        }
    }

    /// The text before the first `=`, and what follows it.
    private static func parts(_ text: String) -> (name: String, value: String?) {
        guard let sign = text.firstIndex(of: "=") else { return (text, nil) }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
}

extension Split: ExpressibleByArgument {}
extension DocumentKind: ExpressibleByArgument {}
extension SourceOptions.Replies: ExpressibleByArgument {}
