import BenchmarkStore

/// BConTrasT: customers who write German and agents who write English, each turn translated by a person.
public struct BConTrasT: SourceFormat {
    public static let about = FormatDescription(
        name: "bcontrast", title: "BConTrasT JSON", yields: "conversations, the reply in English and German",
        layout: """
            One JSON object: the conversation's id, then a list of turns with `utteranceID`, `speaker`, `source`, `target`. \
            Agents write English and are translated into German, customers the other way round: the conversation comes in \
            with all turns in one language (English by default), the reply in both. In a blind test all targets are empty; \
            such conversations are counted and left out.
            """,
        dataset: DatasetFacts(
            name: "bcontrast", version: "2020",
            description: "Customers and agents planning errands, in English and German, translated by people.",
            licence: "CC-BY-SA-4.0",
            citation: "Farajian, Lopes, Martins, Maruf, Haffari. Findings of the WMT 2020 Shared Task on Chat "
                + "Translation. WMT 2020."))

    /// What each speaker writes.
    private static let ownLanguage = ["agent": "en", "customer": "de"]

    private let language: String
    private let replies: ReplyMaker

    public init(_ options: SourceOptions) {
        language = options.language ?? "en"
        replies = ReplyMaker(replies: options.replies)
    }

    public static func recognises(_ probe: FileProbe) -> Bool {
        probe.begins(with: "{") && probe.contains("\"utteranceID\"") && probe.contains("\"target\"")
    }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        if let language = options.language, !["en", "de"].contains(language) {
            throw CorpusError(
                .incomplete, "the language must be en or de, in which these conversations are: \"\(language)\"",
                file: files.first?.path)
        }
        return files.map { SourceUnit($0, split: options.split ?? SplitName.split(inNameOf: $0)) }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(languages: [CorpusManifest.Language(code: options.language == "de" ? "en" : "de")])
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        try JSONItems.read(unit.file, into: sink) { key, value, fields in
            guard let key else {
                fields.note(.wrongType, at: "", "the file is a list: it must be an object of conversations")
                return []
            }
            fields.record = key
            guard case .array(let values) = value else {
                fields.note(.wrongType, at: key, "\(key) is \(value.kindName): it must be a list of turns")
                return []
            }
            let turns = values.enumerated().compactMap { index, value in
                fields.object(value, at: "[\(index)]").flatMap { self.turn($0, &fields) }
            }
            guard fields.isSound else { return [] }
            guard turns.contains(where: { $0.target != nil }) || turns.isEmpty else {
                fields.note(.blindTest)
                return []
            }
            let spoken = turns.enumerated().compactMap { spokenTurn($1, number: $0 + 1, &fields) }
            guard fields.isSound else { return [] }
            return replies.documents(of: spoken, key: key, split: unit.split, fields: &fields)
        }
    }

    /// A turn as it stands in the file.
    private struct RawTurn {
        let speaker: String
        let source: String
        let target: String?
    }

    private func turn(_ object: JSONObject, _ fields: inout FieldReader) -> RawTurn? {
        guard let speaker = fields.text("speaker", of: object, oneLine: true),
            let source = fields.text("source", of: object, oneLine: true),
            let value = fields.required("target", of: object)
        else { return nil }
        guard case .string(let target) = value else {
            fields.note(.wrongType, at: object.path(of: "target"), "target is \(value.kindName): it must be a string")
            return nil
        }
        guard Self.ownLanguage[speaker] != nil else {
            fields.note(
                .badValue, at: object.path(of: "speaker"),
                "speaker is \"\(speaker)\": it must be agent or customer, since that tells the language")
            return nil
        }
        let path = object.path(of: "target")
        return RawTurn(speaker: speaker, source: source, target: fields.optional(target, at: path, oneLine: true))
    }

    /// The turn in the corpus's language, with its translation where there is one.
    private func spokenTurn(_ turn: RawTurn, number: Int, _ fields: inout FieldReader) -> SpokenTurn? {
        let other = language == "de" ? "en" : "de"
        if Self.ownLanguage[turn.speaker] == language {
            if turn.target == nil { fields.note(.noReference) }
            return SpokenTurn(
                speaker: turn.speaker, text: turn.source,
                translations: turn.target.map { [SpokenTurn.Translation(language: other, text: $0)] } ?? [])
        }
        guard let target = turn.target else {
            fields.note(
                .empty, at: "[\(number - 1)].target",
                "turn \(number) has no translation into \"\(language)\", so the conversation has a gap")
            return nil
        }
        return SpokenTurn(
            speaker: turn.speaker, text: target,
            translations: [SpokenTurn.Translation(language: other, text: turn.source)])
    }
}

extension Irregularity {
    /// A conversation of a test set whose translations are held back.
    static let blindTest = Irregularity(
        "blind-test", "all translations are empty, as in a blind test: there are no references, and it is left out")
}

extension FileProbe {
    /// Whether the first byte that is no white space is this one.
    func begins(with character: Character) -> Bool {
        head[...].withoutByteOrderMark.first { !$0.isJSONSpace }.map { Character(Unicode.Scalar($0)) } == character
    }

    /// Whether the head holds a text.
    func contains(_ text: String) -> Bool { !head.ranges(of: Array(text.utf8)).isEmpty }
}
