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
