import BenchmarkStore

/// Synthetic-Persona-Chat (Jandaghi et al. 2023): conversations between two personas, written by a language model.
public struct SyntheticPersonaChat: SourceFormat {
    private static let column = "Best Generated Conversation"

    public static let about = FormatDescription(
        name: "synthetic-persona-chat", title: "Synthetic-Persona-Chat CSV, or its JSON files",
        yields: "conversations with the next reply",
        layout: """
            CSV with the columns `user 1 personas`, `user 2 personas` and `Best Generated Conversation`, whose lines are of \
            the form `User 1: words`; line breaks inside a field. Asterisks around a tag are taken off, stage directions \
            and ornaments left out, and other lines without a tag go on with the turn before them; all of that is noted. A \
            conversation without a change of speaker is an error. Personas are not kept. Also the train split as JSON files, \
            one a conversation, by themselves or in an archive: `participant_persona`, and `messages` of `role` and \
            `content.text`.
            """,
        dataset: DatasetFacts(
            name: "synthetic-persona-chat", version: "2024-01-02",
            description:
                "Synthetic-Persona-Chat: English conversations between two personas, written by a language model",
            licence: "CC-BY-4.0",
            citation:
                "Jandaghi, Sheng, Bai, Pujara and Sidahmed. Faithful Persona-based Conversational Dataset Generation "
                + "with Large Language Models. arXiv 2312.10007, 2023.",
            // Its authors do not name the model.
            origin: "model:unnamed"))

    private let maker: ReplyMaker

    public init(_ options: SourceOptions) { maker = ReplyMaker(replies: options.replies) }

    public static func recognises(_ probe: FileProbe) -> Bool {
        if probe.firstLine?.hasSuffix("," + column) == true { return true }
        let head = probe.head[...].withoutByteOrderMark
        guard !probe.isCut, head.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "{"), head.firstInvalidUTF8 == nil,
            case .object(let members)? = try? JSONParser.parse(head)
        else { return false }
        return Set(members.map(\.key)) == ["participant_persona", "messages"]
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let (split, stem, maker) = (unit.split, unit.file.stem, maker)
        if unit.file.isCollection { return try readMembers(of: unit.file, split: split, into: sink) }
        if try unit.file.head(1 << 10)[...].withoutByteOrderMark.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "{")
        {
            return try add(try unit.file.open().readAll(), key: stem, split: split, to: sink)
        }
        try DelimitedRecords.read(unit.file, .csv, columns: [Self.column], into: sink) { record, fields in
            let key = "\(stem)-\(record.number)"
            fields.record = key
            let turns = Self.lines.turns(of: record[Self.column] ?? "", at: "the conversation", fields: &fields)
            return Self.documents(of: turns, key: key, split: split, maker, &fields)
        }
    }

    private func readMembers(of file: SourceFile, split: Split?, into sink: RecordSink) throws {
        let reader = try ArchiveReader(file)
        while let member = try reader.next() {
            let bytes = try ByteStream(of: reader, path: "\(file.path)!\(member)").readAll()
            let key = SourceFile(path: file.path, url: file.url, member: member).stem
            try add(bytes, key: key, split: split, to: sink)
        }
    }

    /// Adds the conversation of one JSON file.
    private func add(_ bytes: [UInt8], key: String, split: Split?, to sink: RecordSink) throws {
        var fields = sink.fields()
        fields.record = key
        var turns: [Turn] = []
        if let value = fields.json(bytes[...]), let object = fields.object(value, at: ""),
            let messages = fields.list("messages", of: object)
        {
            for (index, value) in messages.enumerated() {
                guard let message = fields.object(value, at: "messages[\(index)]"),
                    let role = fields.text("role", of: message, oneLine: true),
                    let content = fields.object("content", of: message), let raw = fields.string("text", of: content)
                else { continue }
                guard let text = fields.optional(raw, at: content.path(of: "text"), oneLine: true) else {
                    fields.note(.emptyTurn)
                    continue
                }
                let speaker = role.hasPrefix("participant_") ? "User " + role.dropFirst(12) : role
                turns.append(Turn(speaker: speaker, text: text))
            }
        }
        let documents = Self.documents(of: turns, key: key, split: split, maker, &fields)
        try sink.add(documents, fields, raw: key)
    }

    private static func documents(
        of turns: [Turn], key: String, split: Split?, _ maker: ReplyMaker, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        if turns.contains(where: { Placeholder.isIn($0.text) }) { fields.note(.placeholder) }
        guard fields.isSound else { return [] }
        return maker.documents(
            of: turns.map { SpokenTurn(speaker: $0.speaker, text: $0.text) }, key: key, split: split, fields: &fields)
    }

    /// Lines that begin with `User 1:` or `User 2:`, perhaps between asterisks.
    private static let lines = TurnLines(
        tagged: { line in
            let tag = line.drop { $0 == "*" || $0.isWhitespace }
            guard tag.hasPrefix("User 1") || tag.hasPrefix("User 2") else { return nil }
            let rest = tag.dropFirst(6)
            guard rest.first == ":" else { return nil }
            let words = rest.dropFirst()
            guard line[..<tag.startIndex].contains("*") else {
                return TurnLines.TaggedLine(speaker: tag.prefix(6), words: words)
            }
            let inner = words.drop { $0 == "*" || $0.isWhitespace }
            let end = inner.lastIndex { $0 != "*" && !$0.isWhitespace }
            return TurnLines.TaggedLine(
                speaker: tag.prefix(6), words: end.map { inner[...$0] } ?? "", oddities: [.markedTag])
        },
        isAside: { line in
            let line = line.trimmed
            guard let first = line.first, let last = line.last else { return true }
            // A bracket that is never closed is one all the same.
            let isBracketed =
                first == "[" && (last == "]" || !line.contains("]")) || first == "(" && last == ")"
                || first == "*" && last == "*"
            return isBracketed || !line.contains { $0.isLetter || $0.isNumber }
        })
}

/// Finds what a model should have filled in: `[name]`, `[user 1's city]`.
enum Placeholder {
    /// More characters than this in square brackets are a remark.
    static let longest = 30

    /// Whether a text holds a placeholder: a few characters in square brackets.
    static func isIn(_ text: String) -> Bool {
        var length: Int?
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "["): length = 0
            case UInt8(ascii: "]"):
                if let length, length > 0, length <= longest { return true }
                length = nil
            default:
                // Continuation bytes (10xxxxxx) are no characters of their own.
                if let known = length, byte & 0xC0 != 0x80 { length = known + 1 }
            }
        }
        return false
    }
}

extension Substring {
    /// Without white space at its ends.
    var trimmed: Substring {
        let start = drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
    }
}

extension Irregularity {
    /// A speaker's tag stands between asterisks.
    static let markedTag = Irregularity(
        "marked-tag", "asterisks around a speaker's tag or turn were taken off", changesText: true)
}
