import BenchmarkStore

/// The table of TED talks of Qi et al. 2018: one sentence a row, one language a column.
public struct TEDTalksTSV: SourceFormat {
    public static let about = FormatDescription(
        name: "ted-talks", title: "TED talks, tab-separated", yields: "sentences with translations into 59 languages",
        layout: """
            Files `all_talks_train.tsv`, `all_talks_dev.tsv`, `all_talks_test.tsv`: a header with `talk_name` and the \
            languages, then one sentence a row, without quoting. `__NULL__` stands where a talk has no such sentence. The text \
            is tokenised; `--detokenise` takes the tokeniser's blanks back. Rows without the source language, or without any \
            of the wanted ones, are counted and make no document.
            """,
        dataset: DatasetFacts(
            name: "ted-talks", version: "2018", description: "Subtitles of TED talks, translated by volunteers.",
            licence: "CC-BY-NC-ND-4.0",
            citation:
                "Qi et al. When and Why Are Pre-trained Word Embeddings Useful for Neural Machine Translation? NAACL "
                + "2018."))

    private static let talk = "talk_name"
    private static let dialect: DelimitedReader.Dialect = {
        var dialect = DelimitedReader.Dialect.tsv
        dialect.hasQuotes = false
        return dialect
    }()

    private let language: String
    private let wanted: Set<String>?
    private let detokenises: Bool

    public init(_ options: SourceOptions) {
        language = options.language ?? "en"
        wanted = options.languages.map { Set($0.map(\.code)) }
        detokenises = options.detokenise
    }

    public static func recognises(_ probe: FileProbe) -> Bool { probe.firstLine?.hasPrefix(talk + "\t") ?? false }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        var codes: Set<String> = []
        for unit in units { codes.formUnion((try? columns(of: unit.file))?.map(\.language) ?? []) }
        codes.remove(options.language ?? "en")
        return SourceTargets(languages: codes.sorted().map { CorpusManifest.Language(code: $0) })
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let columns = try Self.columns(of: unit.file)
        guard let source = columns.first(where: { $0.language == language }) else {
            throw CorpusError(
                .unreadable,
                "has no column for the source language \"\(language)\": its languages are "
                    + columns.map(\.language).joined(separator: ", "), file: unit.file.path)
        }
        let targets = columns.filter { $0.language != language && wanted?.contains($0.language) ?? true }
        let prefix = unit.file.keyPrefix(stem: unit.file.name.split(separator: ".").first.map(String.init) ?? "")
        try DelimitedRecords.read(unit.file, Self.dialect, columns: [Self.talk], into: sink) { record, fields in
            let key = "\(prefix)-\(record.number)"
            fields.record = key
            guard let text = text(source, of: record, &fields) else {
                fields.note(.noSource)
                return []
            }
            let versions = targets.compactMap { column in
                self.text(column, of: record, &fields).map {
                    CorpusVersion(role: .translation, variantKind: .language, variant: column.language, text: $0)
                }
            }
            guard !versions.isEmpty else {
                fields.note(.noTranslation)
                return []
            }
            let talk = fields.optional(record[Self.talk] ?? "", at: Self.talk, oneLine: true) ?? ""
            return [
                CorpusDocument(
                    kind: .sentence, key: key, topic: talk.replacing("_", with: " "), text: text, versions: versions,
                    split: unit.split, file: fields.file, line: fields.line, number: record.number)
            ]
        }
    }

    private typealias Column = (name: String, language: String)

    /// The columns that are languages; `calv` and the like, which are none that BCP 47 knows, keep their names.
    private static func columns(of file: SourceFile) throws(CorpusError) -> [Column] {
        try DelimitedReader(file, dialect).header.names.filter { $0 != talk && !$0.isEmpty }.map {
            (name: $0, language: LanguageCode.tag($0) ?? $0)
        }
    }

    /// The text of a column; nil where the talk has none.
    private func text(_ column: Column, of record: DelimitedRecord, _ fields: inout FieldReader) -> String? {
        guard let raw = record[column.name], !Self.isMissing(raw) else { return nil }
        return fields.optional(raw, at: column.name).map {
            fields.plain($0, language: column.language, detokenises: detokenises)
        }
    }

    /// Whether a field says that there is nothing: `__NULL__`, also as a tokeniser leaves it, `_ _ NULL _ _`.
    private static func isMissing(_ raw: String) -> Bool {
        raw.utf8.count < 32 && raw.filter { !$0.isWhitespace } == "__NULL__"
    }
}

extension Irregularity {
    /// A row has no text in the source language.
    static let noSource = Irregularity(
        "no-source", "the row has no text in the source language: nothing is made of it")
    /// A row has no text in any wanted language.
    static let noTranslation = Irregularity(
        "no-translation", "the row has no text in any of the target languages: nothing is made of it")
}
