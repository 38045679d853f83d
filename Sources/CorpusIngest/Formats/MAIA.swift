import BenchmarkStore

/// MAIA: customers and agents of a shop, each in their own language, translated by a machine and corrected by people.
public struct MAIA: SourceFormat {
    public static let about = FormatDescription(
        name: "maia", title: "MAIA CSV", yields: "conversations, the reply in two languages",
        layout: """
            CSV with a header: `doc_id`, `source_language`, `target_language`, `source_segment`, `mt_segment`, `pe_segment`, \
            `translation_direction` and others. The rows of a `doc_id` are a conversation; the direction names the speaker, \
            the two language columns say which language is which. All turns come in in one language (English by default), \
            the reply in both; the machine's own output is not read. Marks such as `#NAME#` stay as they are.
            """,
        dataset: DatasetFacts(
            name: "maia", version: "2022",
            description: "Conversations with customer service in two languages, post-edited by translators.",
            // The README names CC BY-ND and forbids commercial use beside it.
            licence: "LicenseRef-NC-ND-MAIA",
            citation:
                "Martins et al. Project MAIA: Multilingual AI Agent Assistant. EAMT 2020; Farinha et al. Findings of "
                + "the WMT 2022 Shared Task on Chat Translation. WMT 2022.",
            origin: "post-edited"))

    private static let columns = [
        "doc_id", "source_language", "target_language", "source_segment", "pe_segment", "translation_direction",
    ]

    private let language: String
    private let replies: ReplyMaker

    public init(_ options: SourceOptions) {
        language = options.language ?? "en"
        replies = ReplyMaker(replies: options.replies)
    }

    public static func recognises(_ probe: FileProbe) -> Bool {
        let names = Set((probe.firstLine ?? "").split(separator: ",").map(String.init))
        return names.isSuperset(of: columns)
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        var codes: Set<String> = []
        for unit in units {
            guard var reader = try? DelimitedReader(unit.file, .csv), let first = try? reader.next() else { continue }
            codes.formUnion(["source_language", "target_language"].compactMap { first[$0].flatMap(LanguageCode.tag) })
        }
        codes.remove(options.language ?? "en")
        return SourceTargets(languages: codes.sorted().map { CorpusManifest.Language(code: $0) })
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        var reader = try DelimitedReader(unit.file, .csv)
        try DelimitedRecords.require(Self.columns, in: reader.header.names, of: unit.file)
        var conversation = Conversation(key: "")
        while let record = try reader.next() {
            guard !record.isBlank else {
                sink.note(CorpusProblem(blankLine: record.line, of: sink.file))
                continue
            }
            var fields = FieldReader(
                file: sink.file, line: record.line, number: record.number, isStrict: sink.isStrict)
            let key = record["doc_id"].flatMap { fields.cleaned($0, at: "doc_id", oneLine: true) } ?? ""
            if key != conversation.key {
                try add(conversation, unit, to: sink)
                conversation = Conversation(key: key)
            }
            fields.record = "\(key):\(record.number)"
            let turn = self.turn(record, &fields)
            conversation.rows.append((turn, fields))
        }
        try add(conversation, unit, to: sink)
        try sink.flush()
    }

    /// The rows of a conversation, with what is to be noted about each.
    private struct Conversation {
        let key: String
        var rows: [(turn: SpokenTurn?, fields: FieldReader)] = []
    }

    /// Hands over the rows, each a record; the first of them has the documents.
    private func add(_ conversation: Conversation, _ unit: SourceUnit, to sink: RecordSink) throws {
        guard var first = conversation.rows.first?.fields else { return }
        let turns = conversation.rows.compactMap(\.turn)
        var documents: [CorpusDocument] = []
        if turns.count == conversation.rows.count {
            documents = replies.documents(of: turns, key: conversation.key, split: unit.split, fields: &first)
        } else if first.isSound {
            first.note(.badValue, at: "doc_id", "a record of this conversation is faulty: it is left out as a whole")
        }
        try sink.add(documents, first, raw: conversation.key)
        for row in conversation.rows.dropFirst() { try sink.add([], row.fields, raw: conversation.key) }
    }

    private func turn(_ record: DelimitedRecord, _ fields: inout FieldReader) -> SpokenTurn? {
        if let fault = record.fault {
            fields.note(fault.code, line: fault.line, column: fault.column, fault.message)
            return nil
        }
        func text(_ column: String) -> String? {
            fields.cleaned(record[column] ?? "", at: column, oneLine: true)
        }
        guard let speaker = text("translation_direction"), let source = text("source_segment"),
            let target = text("pe_segment"), let from = text("source_language"), let into = text("target_language")
        else { return nil }
        guard let from = LanguageCode.tag(from), let into = LanguageCode.tag(into),
            from == language || into == language,
            from != into
        else {
            fields.note(
                .badValue, at: "source_language",
                "it is translated from \"\(from)\" into \"\(into)\": one of them must be \"\(language)\"")
            return nil
        }
        // Agents are at home in English; a few customers write it too.
        if (speaker == "customer") == (from == "en") { fields.note(.unusualDirection) }
        return from == language
            ? SpokenTurn(
                speaker: speaker, text: source, translations: [SpokenTurn.Translation(language: into, text: target)])
            : SpokenTurn(
                speaker: speaker, text: target,
                translations: [SpokenTurn.Translation(language: from, text: source, origin: "person")])
    }
}

extension Irregularity {
    /// A speaker writes the other side's language.
    static let unusualDirection = Irregularity(
        "unusual-direction", "the speaker writes the language of the other side: the language columns are believed")
}
