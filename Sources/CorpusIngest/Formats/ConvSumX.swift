import BenchmarkStore

/// ConvSumX (Chen et al. 2023): English dialogues and meetings with summaries in four languages, all by people.
public struct ConvSumX: SourceFormat {
    /// The languages of the summaries with the beginnings of their keys.
    private static let languages: [(code: String, prefixes: [String])] = [
        ("zh", ["zh"]), ("fr", ["fr"]), ("uk", ["uk", "ukr"]),
    ]

    public static let about = FormatDescription(
        name: "convsumx", title: "ConvSumX JSON Lines",
        yields: "dialogues with summaries in English, Chinese, French and Ukrainian",
        layout: """
            One object a line: `fname` (the document's key) and `en_summary`, `zh_summary`, `fr_summary`. DialogSumX has \
            `en_dialogue` with tags as in DialogSum, and `uk_summary`. QMSumX, meetings summarised under a question, has \
            `dialogue`, `en_query` and `ukr_summary`; the English question becomes the dialogue's first turn, with the \
            speaker `Query`, since the summary depends on it, and the questions in other languages are left out. \
            DialogSumX's dialogues are DialogSum's: its train and dev files come from DialogSum's dev, its test from the \
            test.
            """,
        dataset: DatasetFacts(
            name: "convsumx", version: "2024-03-23",
            description: "ConvSumX: English dialogues and meetings with summaries by people in four languages",
            licence: "CC-BY-NC-SA-4.0",
            citation:
                "Chen et al. Revisiting Cross-Lingual Summarization: A Corpus-based Study and A New Benchmark with "
                + "Improved Annotation. ACL 2023, 9332-9351."))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        // The transcript of a meeting may be longer than the probe's head.
        let keys = probe.head.starts(with: #"{"fname""#.utf8) ? probe.keysOfLongFirstLine : probe.firstObjectKeys
        return keys.isSuperset(of: ["fname", "en_summary", "zh_summary", "fr_summary"])
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(languages: languages.map { CorpusManifest.Language(code: $0.code) })
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let split = unit.split
        try JSONLines.read(unit.file, into: sink) { object, fields in
            Self.documents(of: object, split: split, &fields)
        }
    }

    private static func documents(
        of object: JSONObject, split: Split?, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        let key = fields.text("fname", of: object, oneLine: true)
        fields.record = key
        let isMeeting = object["en_dialogue"] == nil
        let dialogueKey = isMeeting ? "dialogue" : "en_dialogue"
        let lines = isMeeting ? TurnLines.names : PersonTag.lines
        var turns = fields.string(dialogueKey, of: object).map {
            lines.turns(of: $0, at: dialogueKey, fields: &fields)
        }
        if isMeeting, let query = fields.text("en_query", of: object, oneLine: true) {
            turns?.insert(Turn(speaker: "Query", text: query), at: 0)
        }
        var versions =
            fields.string("en_summary", of: object).map {
                fields.references([("en_summary", $0)], role: .summary)
            } ?? []
        for (code, prefixes) in languages {
            let names = prefixes.map { $0 + "_summary" }
            let name = names.first { object[$0] != nil } ?? names[0]
            guard let raw = fields.string(name, of: object) else { continue }
            versions += fields.references([(name, raw)], role: .summary, kind: .language, variant: code)
        }
        if !isMeeting {
            for version in versions { PersonTag.check(version.text, &fields) }
            let persons = Set(versions.map { Set(PersonTag.tags(in: $0.text).filter(PersonTag.isRegular)) })
            if persons.count > 1 { fields.note(.otherPersons) }
        }
        guard let key, let turns else { return [] }
        if zip(turns, turns.dropFirst()).contains(where: { $0.speaker == $1.speaker }) {
            fields.note(.sameSpeakerTwice)
        }
        return [
            CorpusDocument(
                kind: .dialogue, key: key, turns: turns, versions: versions, split: split, file: fields.file,
                line: fields.line, number: fields.number ?? 1)
        ]
    }
}

extension FileProbe {
    /// The keys of the JSON object in the first line, however long that is.
    fileprivate var keysOfLongFirstLine: Set<String> {
        guard firstLine == nil, let stream = try? file.open() else { return firstObjectKeys }
        var lines = LineReader(stream, path: file.path)
        guard let line = try? lines.next(), line.firstInvalidUTF8 == nil,
            case .object(let members)? = try? JSONParser.parse(line)
        else { return [] }
        return Set(members.map(\.key))
    }
}

extension Irregularity {
    /// A translated summary names other speakers than the English one.
    static let otherPersons = Irregularity(
        "other-persons", "the summaries do not all hold the same speakers' tags")
}
