import BenchmarkStore

/// Files of any data set, where the user says which column or key holds what.
public struct ColumnMapping: SourceFormat {
    public static let about = FormatDescription(
        name: "columns", title: "JSON Lines, JSON, CSV or TSV with a mapping of columns", yields: "anything",
        layout: """
            One object a line, one JSON list of objects, or CSV or TSV with a header; the user says which column holds \
            `id`, `topic`, `split`, `text`, `dialogue` (or `turns`), `summary`, `reply`, `speaker`, `translations.<language>` \
            and `tones.<tone>`. A name with dots leads into objects: `translation.es`. A dialogue is a text of `Name: words` \
            lines, or a list of such lines, of objects (`speaker` and `text`, or `from`/`role` and `value`/`content`), or of \
            mere words, which are then given to `A` and `B` in turn. A list of texts is several references. In CSV a list is \
            written as JSON or as Python prints it. A conversation without a column for the reply yields its own turns as \
            replies.
            """)

    private let options: SourceOptions

    public init(_ options: SourceOptions) { self.options = options }

    /// No: only the user can say what the columns hold.
    public static func recognises(_ probe: FileProbe) -> Bool { false }

    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        _ = try ColumnPlan(options)
        let data = files.count == 1 ? files : files.filter { !$0.isNote && Shape.named($0.name) != nil }
        return data.map { SourceUnit($0, split: options.split ?? SplitName.split(inNameOf: $0)) }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        guard let plan = try? ColumnPlan(options) else { return SourceTargets() }
        return SourceTargets(
            languages: plan.translations.map { CorpusManifest.Language(code: $0.code) },
            tones: plan.tones.map { CorpusManifest.Tone(name: $0.name, instruction: "in a \($0.name) tone") })
    }

    /// How a file is laid out.
    private enum Shape {
        case lines
        case whole
        case delimited(DelimitedReader.Dialect)

        /// The shape that a name tells.
        static func named(_ name: String) -> Shape? {
            switch name.lowercased().split(separator: ".").last {
            case "jsonl", "ndjson": .lines
            case "json": .whole
            case "csv": .delimited(.csv)
            case "tsv", "tab": .delimited(.tsv)
            default: nil
            }
        }

        /// The shape of a file, by its first bytes where its name does not tell.
        static func of(_ file: SourceFile) throws(CorpusError) -> Shape {
            let probe = FileProbe(file: file, head: try file.head())
            switch probe.head[...].withoutByteOrderMark.first(where: { !$0.isJSONSpace }) {
            case UInt8(ascii: "["): return .whole
            // Many files called .json are lines of objects.
            case UInt8(ascii: "{"): return probe.firstObjectKeys.isEmpty && !probe.isCut ? .whole : .lines
            default:
                if case .delimited(let dialect)? = named(file.name) { return .delimited(dialect) }
                return .delimited(probe.firstLine?.contains("\t") == true ? .tsv : .csv)
            }
        }
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let reader = ColumnReader(
            plan: try ColumnPlan(options), maker: ReplyMaker(replies: options.replies), stem: unit.file.stem,
            split: unit.split)
        switch try Shape.of(unit.file) {
        case .lines:
            try JSONLines.read(unit.file, into: sink) { object, fields in
                reader.documents(of: .object(object.members), key: nil, &fields)
            }
        case .whole:
            try JSONItems.read(unit.file, into: sink) { key, value, fields in
                guard let object = fields.object(value, at: "") else { return [] }
                return reader.documents(of: .object(object.members), key: key, &fields)
            }
        case .delimited(let dialect):
            try DelimitedRecords.read(unit.file, dialect, columns: reader.plan.all, into: sink) { record, fields in
                let members = zip(record.header.names, record.fields).map {
                    JSONMember(key: $0, value: $1.isEmpty ? .null : ColumnReader.list(in: $1) ?? .string($1))
                }
                return reader.documents(of: .object(members), key: nil, &fields)
            }
        }
    }
}
