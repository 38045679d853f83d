import BenchmarkStore

/// Alexa's point-of-view data (Lee et al. 2020): what to tell somebody, and the message as the assistant says it.
public struct AlexaPOV: SourceFormat {
    public static let about = FormatDescription(
        name: "alexa-pov", title: "Alexa point of view TSV", yields: "messages rephrased for their receiver",
        layout: """
            Tabs between two columns, `input` and `output`, with CSV's quotes. `@CN@` stands for the receiver's name and \
            `@SCN@` for the sender's. Each pair is a document with the tone `rephrased`; inputs that occur again, often far \
            apart and in both files, are documents of their own with the same text, which a build keeps in one split.
            """,
        dataset: DatasetFacts(
            name: "alexa-pov", version: "2020-10-08",
            description: "Alexa point of view: English messages told to an assistant, rephrased for their receiver",
            licence: "CDLA-Sharing-1.0",
            citation:
                "Lee, Zu, Buddi, Liang, Kulkarni and Fitzgerald. Converting the Point of View of Messages Spoken to "
                + "Virtual Assistants. Findings of EMNLP 2020."))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        probe.firstLine == "input\toutput"
            && probe.head.split(separator: 0x0A).dropFirst().prefix(100).contains {
                String(decoding: $0, as: UTF8.self).contains("@CN@")
            }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(tones: [RephrasedMessage.tone])
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let (split, stem) = (unit.split, unit.file.stem)
        try DelimitedRecords.read(unit.file, .tsv, columns: ["input", "output"], into: sink) { record, fields in
            let input = record["input"] ?? ""
            if !input.contains("@CN@") { fields.note(.noReceiver) }
            return RephrasedMessage.documents(
                input, rephrased: record["output"] ?? "", key: "\(stem)-\(record.number)", split: split, &fields)
        }
    }
}

/// Messages with the tone that the rephrasing data sets have.
enum RephrasedMessage {
    static let tone = CorpusManifest.Tone(name: "rephrased", instruction: "rephrased as a message to the receiver")

    static func documents(
        _ message: String, rephrased: String, key: String, split: Split?, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        fields.record = key
        let text = fields.cleaned(message, at: "the message", oneLine: true)
        let versions = fields.references(
            [("the rephrased message", rephrased)], role: .rewrite, kind: .tone, variant: tone.name)
        guard let text else { return [] }
        return [
            CorpusDocument(
                kind: .message, key: key, text: text, versions: versions, split: split, file: fields.file,
                line: fields.line, number: fields.number ?? 1)
        ]
    }
}

extension Irregularity {
    /// The place for the receiver's name is missing.
    static let noReceiver = Irregularity("no-receiver", "@CN@, the place for the receiver's name, is missing")
}
