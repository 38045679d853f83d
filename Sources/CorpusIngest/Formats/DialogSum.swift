import BenchmarkStore

/// DialogSum (Chen et al. 2021) as its repository has it today: JSON Lines, with one or three summaries a dialogue.
public struct DialogSum: SourceFormat {
    private static let topicLabel = "topic"

    public static let about = FormatDescription(
        name: "dialogsum", title: "DialogSum JSON Lines", yields: "dialogues with 1 or 3 summaries",
        layout: """
            One object a line: `fname` (the document's key), `dialogue` (lines of the form `#Person1#: words`), and \
            `summary` with `topic`, or `summary1`, `topic1` to `summary3`, `topic3` in the test split, whose first topic is \
            kept. The hidden test has dialogues without a summary; where its topic file is given too, the two are joined by \
            `fname`.
            """,
        dataset: DialogSumRecord.facts(version: "2024-12-05"))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        let keys = probe.firstObjectKeys
        return keys.contains("fname") && keys.isSubset(of: DialogSumRecord.keys)
    }

    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        let topics = files.filter { $0.name.hasSuffix(".topic.jsonl") }
        return files.filter { !topics.contains($0) }.map { file in
            let isHidden = file.name.contains("hiddentest")
            let topic = topics.first { $0.name == file.name.replacing(".dialogue.", with: ".topic.") }
            let parts = [SourceUnit.Part("", file)] + (topic.map { [SourceUnit.Part(topicLabel, $0)] } ?? [])
            return SourceUnit(parts, split: options.split ?? (isHidden ? .test : SplitName.split(inNameOf: file)))
        }
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let topics = try unit[Self.topicLabel].map { try Self.topics(of: $0, sink) } ?? [:]
        let split = unit.split
        try JSONLines.read(unit.file, into: sink) { object, fields in
            DialogSumRecord.documents(of: object, topics: topics, split: split, &fields)
        }
    }

    /// The topics by `fname`, of a file with one for each dialogue of another.
    private static func topics(of file: SourceFile, _ sink: RecordSink) throws -> [String: String] {
        var lines = LineReader(try file.open(), path: file.path)
        var topics: [String: String] = [:]
        while let line = try lines.next() {
            if line.isBlank { continue }
            var fields = FieldReader(file: file.path, line: lines.lines, isStrict: false)
            if let value = fields.json(line), let object = fields.object(value, at: ""),
                let name = fields.text("fname", of: object), let topic = fields.text("topic", of: object, oneLine: true)
            {
                topics[name] = topic
            }
            for problem in fields.problems { sink.note(problem) }
        }
        return topics
    }
}

/// DialogSum's release of May 2021, whose lines are Python dictionaries rather than JSON.
public struct DialogSum2021: SourceFormat {
    public static let about = FormatDescription(
        name: "dialogsum-2021", title: "DialogSum, release of 2021 (Python literals)",
        yields: "dialogues with 1 or 3 summaries",
        layout: """
            As `dialogsum`, but each line is a Python dictionary as `repr` prints it: `{'fname': 'dev_0', …}`. No such line \
            is JSON; each is noted as `python-literal`. `DialogSum_Data.zip` is read as it is.
            """,
        dataset: DialogSumRecord.facts(version: "2021-05-27"))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        guard let line = probe.firstLine, line.hasPrefix("{"), probe.firstObjectKeys.isEmpty,
            case .object(let members)? = try? PythonLiteral.parse(Array(line.utf8)[...])
        else { return false }
        let keys = Set(members.map(\.key))
        return keys.contains("fname") && keys.isSubset(of: DialogSumRecord.keys)
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let split = unit.split
        try JSONLines.readLines(unit.file, into: sink) { line, fields in
            guard let value = fields.pythonLiteral(line), let object = fields.object(value, at: "") else { return [] }
            fields.note(.pythonLiteral)
            return DialogSumRecord.documents(of: object, topics: [:], split: split, &fields)
        }
    }
}

/// What the releases of DialogSum have in common.
enum DialogSumRecord {
    static let keys: Set<String> = [
        "fname", "dialogue", "summary", "topic", "summary1", "topic1", "summary2", "topic2", "summary3", "topic3",
    ]

    static func facts(version: String) -> DatasetFacts {
        DatasetFacts(
            name: "dialogsum", version: version,
            description: "DialogSum: everyday spoken English dialogues with summaries by people",
            licence: "CC-BY-NC-SA-4.0",
            citation: "Chen, Liu, Chen and Zhang. DialogSum: A Real-Life Scenario Dialogue Summarization Dataset. "
                + "Findings of ACL-IJCNLP 2021, 5062-5074.")
    }

    static func documents(
        of object: JSONObject, topics: [String: String], split: Split?, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        let key = fields.text("fname", of: object, oneLine: true)
        fields.record = key
        let turns = fields.string("dialogue", of: object).map {
            PersonTag.lines.turns(of: $0, at: "dialogue", fields: &fields)
        }
        let names = ["", "1", "2", "3"].filter { object["summary" + $0] != nil }
        let summaries = names.compactMap { name in
            fields.string("summary" + name, of: object).map { (key: "summary" + name, raw: $0) }
        }
        let versions = fields.references(summaries, role: .summary)
        for version in versions { PersonTag.check(version.text, &fields) }
        if names.isEmpty { fields.note(.withoutReference) }
        guard let key, let turns else { return [] }
        if zip(turns, turns.dropFirst()).contains(where: { $0.speaker == $1.speaker }) {
            fields.note(.sameSpeakerTwice)
        }
        let topic = ["topic", "topic1"].first { object[$0] != nil }.flatMap { name in
            fields.string(name, of: object).flatMap { fields.optional($0, at: name, oneLine: true) }
        }
        return [
            CorpusDocument(
                kind: .dialogue, key: key, topic: topic ?? topics[key] ?? "", turns: turns, versions: versions,
                split: split, file: fields.file, line: fields.line, number: fields.number ?? 1)
        ]
    }
}

extension FieldReader {
    /// The value of a Python literal in a line's bytes; nil, and a fault with its column, where it is none.
    mutating func pythonLiteral(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        if let offset = bytes.firstInvalidUTF8 {
            let place = TextPosition(of: offset, in: bytes)
            note(
                .encoding, line: line ?? 1, column: place.column,
                "the text is not UTF-8 from here on: save the file as UTF-8")
            return nil
        }
        do {
            return try PythonLiteral.parse(bytes)
        } catch {
            note(.syntax, line: line ?? 1, column: error.column, "not a Python literal: \(error.message)")
            return nil
        }
    }
}

extension Irregularity {
    /// The record is a Python literal where JSON should stand.
    static let pythonLiteral = Irregularity("python-literal", "the record is a Python literal and not JSON")
    /// The source gives the record no reference at all.
    static let withoutReference = Irregularity("without-reference", "the source gives no reference for this record")
}
