import BenchmarkStore

/// Makes documents of records after a plan of columns.
struct ColumnReader: Sendable {
    let plan: ColumnPlan
    let maker: ReplyMaker
    /// The beginning of keys where records have no id.
    let stem: String
    /// The split of records that do not tell theirs.
    let split: Split?

    /// The documents of one record; `key` is its key in a JSON object of records.
    func documents(of record: JSONValue, key: String?, _ fields: inout FieldReader) -> [CorpusDocument] {
        let id = plan["id"].flatMap { text(in: $0, of: record, &fields) }
        if let column = plan["id"], id == nil, fields.isSound {
            fields.note(.empty, at: column, "\(column) is empty: every record needs an id where a column has ids")
        }
        let key = id ?? key ?? "\(stem)-\(fields.number ?? 1)"
        fields.record = key
        let topic = plan["topic"].flatMap { text(in: $0, of: record, &fields) } ?? ""
        let split = plan["split"].flatMap { self.split(in: $0, of: record, &fields) } ?? self.split
        var turns: [Turn] = []
        var words = ""
        if let column = plan.turns {
            turns = self.turns(in: column, of: record, &fields)
        } else if let column = plan["text"] {
            guard let value = value(of: column, in: record, &fields) else { return [] }
            let raw = strings(value, at: column, &fields)
            if raw.count > 1 {
                fields.note(.wrongType, at: column, "\(column) is a list: it must be one text")
            }
            words = fields.cleaned(raw.first?.raw ?? "", at: column) ?? ""
        }
        var versions: [CorpusVersion] = []
        for (kind, variant, column) in versionColumns {
            guard let value = value(of: column, in: record, &fields) else { continue }
            let texts = strings(value, at: column, &fields)
            if texts.isEmpty { fields.note(.noReference) }
            versions += fields.references(texts, role: plan.role, kind: kind, variant: variant)
        }
        guard fields.isSound else { return [] }
        if plan.kind == .conversation, plan["reply"] == nil {
            return maker.documents(
                of: turns.map { SpokenTurn(speaker: $0.speaker, text: $0.text) }, key: key, topic: topic, split: split,
                fields: &fields)
        }
        let speaker = plan["speaker"].flatMap { text(in: $0, of: record, &fields) }
        return [
            CorpusDocument(
                kind: plan.kind, key: key, topic: topic, turns: turns, text: words,
                speaker: plan.kind == .conversation ? speaker ?? turns.otherSpeaker : nil, versions: versions,
                split: split, file: fields.file, line: fields.line, number: fields.number ?? 1)
        ]
    }

    private var versionColumns: [(kind: VariantKind, variant: String, column: String)] {
        let source = (plan["summary"] ?? plan["reply"]).map { (VariantKind.source, "", $0) }
        return [source].compactMap(\.self) + plan.translations.map { (.language, $0.code, $0.column) }
            + plan.tones.map { (.tone, $0.name, $0.column) }
    }

    /// One line of text in a column; nil where it is empty.
    private func text(in column: String, of record: JSONValue, _ fields: inout FieldReader) -> String? {
        guard let value = value(of: column, in: record, &fields) else { return nil }
        return strings(value, at: column, &fields).first.flatMap { fields.optional($0.raw, at: column, oneLine: true) }
    }

    private func split(in column: String, of record: JSONValue, _ fields: inout FieldReader) -> Split? {
        guard let word = text(in: column, of: record, &fields) else { return nil }
        if let split = SplitName.split(named: word.lowercased()) { return split }
        fields.note(.badValue, at: column, "\(column) is \"\(word)\": it must be train, validation or test")
        return nil
    }

    /// The texts of a value: one, or several in a list; none of a null.
    private func strings(
        _ value: JSONValue, at path: String, _ fields: inout FieldReader
    ) -> [(key: String, raw: String)] {
        switch value {
        case .null: return []
        case .string(let raw), .number(let raw): return [(path, raw)]
        case .array(let values):
            return values.enumerated().flatMap { strings($0.element, at: "\(path)[\($0.offset)]", &fields) }
        case .bool, .object:
            fields.note(.wrongType, at: path, "\(path) is \(value.kindName): it must be a text or a list of texts")
            return []
        }
    }

    /// The value at a path; nil, and a fault that names what there is, where there is none.
    private func value(of path: String, in record: JSONValue, _ fields: inout FieldReader) -> JSONValue? {
        if let value = Self.value(at: path[...], in: record) { return value }
        let names = Self.paths(in: record).map { "\"\($0)\"" }.joined(separator: ", ")
        fields.note(.missingKey, at: path, "the record has no column \"\(path)\": its columns are \(names)")
        return nil
    }

    /// The value that a path with dots leads to; keys may hold dots themselves, and numbers lead into lists, from 0.
    private static func value(at path: Substring, in value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let members):
            if let member = members.first(where: { $0.key == path }) { return member.value }
            for dot in path.indices where path[dot] == "." {
                guard let member = members.first(where: { $0.key == path[..<dot] }) else { continue }
                if let found = self.value(at: path[path.index(after: dot)...], in: member.value) { return found }
            }
            return nil
        case .array(let values):
            let first = path.prefix { $0 != "." }
            guard let index = Int(first), values.indices.contains(index) else { return nil }
            return first.endIndex == path.endIndex
                ? values[index] : self.value(at: path[path.index(after: first.endIndex)...], in: values[index])
        // A null stands for all that could be in it.
        case .null: return .null
        default: return nil
        }
    }

    /// The paths that a record has, into objects but not into lists.
    private static func paths(in value: JSONValue) -> [String] {
        guard case .object(let members) = value else { return [] }
        return members.flatMap { member in
            let inner = paths(in: member.value)
            return inner.isEmpty ? [member.key] : inner.map { "\(member.key).\($0)" }
        }
    }

    /// The list that a field of a delimited file holds, written as JSON or as Python does; nil where it is none.
    static func list(in field: String) -> JSONValue? {
        guard field.first == "[", field.last == "]" else { return nil }
        let bytes = Array(field.utf8)[...]
        if let value = try? JSONParser.parse(bytes) { return value }
        return try? PythonLiteral.parse(bytes)
    }
}

/// Turns in their several shapes.
extension ColumnReader {
    private static let speakerKeys = ["speaker", "from", "role", "name", "author", "user"]
    private static let wordsKeys = ["text", "value", "content", "utterance", "message", "words"]

    private func turns(in column: String, of record: JSONValue, _ fields: inout FieldReader) -> [Turn] {
        guard let value = value(of: column, in: record, &fields) else { return [] }
        switch value {
        case .string(let raw): return TurnLines.names.turns(of: raw, at: column, fields: &fields)
        case .array(let values) where !values.isEmpty:
            let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
            guard texts.count < values.count else { return turns(of: texts, at: column, &fields) }
            return turns(of: values, at: column, &fields)
        case .null, .array:
            fields.note(.empty, at: column, "\(column) is empty: write it or take the record out")
        default:
            fields.note(
                .wrongType, at: column,
                "\(column) is \(value.kindName): it must be a text of \"Name: words\" lines or a list of turns")
        }
        return []
    }

    /// Turns that are mere strings: each with its speaker, or else two speakers in turn.
    private func turns(of texts: [String], at column: String, _ fields: inout FieldReader) -> [Turn] {
        if texts.allSatisfy({ TurnLines.names.tagged($0[...]).map { (1...40).contains($0.speaker.count) } ?? false }) {
            return TurnLines.names.turns(of: texts.joined(separator: "\n"), at: column, fields: &fields)
        }
        fields.note(.namedSpeakers)
        return turns(of: texts.enumerated().map { ($0.offset % 2 == 0 ? "A" : "B", $0.element) }, at: column, &fields)
    }

    /// Turns that are objects with a speaker and words.
    private func turns(of values: [JSONValue], at column: String, _ fields: inout FieldReader) -> [Turn] {
        var found: [(speaker: String, words: String)] = []
        for (index, value) in values.enumerated() {
            guard let object = fields.object(value, at: "\(column)[\(index)]") else { continue }
            let speakerKey = Self.speakerKeys.first { object[$0] != nil } ?? Self.speakerKeys[0]
            let wordsKey = Self.wordsKeys.first { object[$0] != nil } ?? Self.wordsKeys[0]
            if let speaker = fields.text(speakerKey, of: object, oneLine: true),
                let words = fields.string(wordsKey, of: object)
            {
                found.append((speaker, words))
            }
        }
        return turns(of: found, at: column, &fields)
    }

    private func turns(
        of spoken: [(speaker: String, words: String)], at column: String, _ fields: inout FieldReader
    ) -> [Turn] {
        let turns: [Turn] = spoken.enumerated().compactMap { index, turn in
            guard let text = fields.optional(turn.words, at: "\(column)[\(index)]", oneLine: true) else {
                fields.note(.emptyTurn)
                return nil
            }
            return Turn(speaker: turn.speaker, text: text)
        }
        if turns.isEmpty, fields.isSound { fields.note(.empty, at: column, "\(column) holds no words") }
        return turns
    }
}

extension [Turn] {
    /// The last speaker but the one of the last turn, who may be expected to reply; nil where there is only one.
    fileprivate var otherSpeaker: String? { last { $0.speaker != last?.speaker }?.speaker }
}

extension Irregularity {
    /// Turns have no speakers in the source.
    static let namedSpeakers = Irregularity(
        "named-speakers", "turns without speakers were given to A and B in turn", changesText: true)
}
