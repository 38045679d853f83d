import BenchmarkStore

/// Reads one record of the native format, a line of a JSON Lines file.
struct RecordReader {
    private let targets: SourceTargets
    private var fields: FieldReader

    /// How many turns a dialogue may have.
    private static let dialogueTurns = 2...12
    /// How many turns may stand before a reply.
    private static let conversationTurns = 1...12

    /// The document in a line, or nil with at least one error among the reader's problems.
    static func read(
        _ object: JSONObject, kind: DocumentKind, targets: SourceTargets, fields: inout FieldReader
    ) -> CorpusDocument? {
        var reader = RecordReader(targets: targets, fields: fields)
        let document = reader.document(object, kind: kind)
        fields = reader.fields
        return fields.isSound ? document : nil
    }

    private init(targets: SourceTargets, fields: FieldReader) {
        self.targets = targets
        self.fields = fields
    }

    private mutating func document(_ top: JSONObject, kind: DocumentKind) -> CorpusDocument? {
        let key = fields.text("id", of: top, oneLine: true)
        fields.record = key
        if let key, !key.isSlug {
            fields.note(.badValue, at: "id", "id must be lower-case letters, digits and hyphens: \"\(key)\"")
        }
        let topic = fields.text("topic", of: top, oneLine: true)
        var turns: [Turn] = []
        var text: String?
        var speaker: String?
        var versions: [CorpusVersion] = []
        let wholeKeys: [String]
        switch kind {
        case .dialogue:
            wholeKeys = ["turns", "summary"]
            turns = self.turns(of: top, allowed: Self.dialogueTurns)
            text = turns.rendered
            versions = fields.object("summary", of: top).map { whole(.summary, of: $0) } ?? []
        case .conversation:
            wholeKeys = ["turns", "reply"]
            turns = self.turns(of: top, allowed: Self.conversationTurns)
            text = turns.rendered
            if let reply = fields.object("reply", of: top) {
                speaker = self.speaker(of: reply)
                versions = whole(.reply, of: reply)
            }
        case .sentence:
            wholeKeys = ["text", "translations"]
            text = fields.text("text", of: top)
            versions = translations(.translation, of: top)
        case .message:
            wholeKeys = ["text", "tones"]
            text = fields.text("text", of: top)
            versions = tones(.rewrite, of: top)
        }
        fields.noteUnknownKeys(of: top, known: ["id", "kind", "topic"] + wholeKeys)
        guard let key, let topic, let text else { return nil }
        return CorpusDocument(
            kind: kind, key: key, topic: topic, turns: turns, text: text, speaker: speaker, versions: versions,
            file: fields.file, line: fields.line, number: fields.number ?? 1)
    }

    private mutating func turns(of top: JSONObject, allowed: ClosedRange<Int>) -> [Turn] {
        guard let values = fields.list("turns", of: top) else { return [] }
        if !allowed.contains(values.count) {
            fields.note(
                .badValue, at: "turns",
                "turns has \(values.count) entries: it must have \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        var turns: [Turn] = []
        for (index, value) in values.enumerated() {
            guard let turn = fields.object(value, at: "turns[\(index)]") else { continue }
            fields.noteUnknownKeys(of: turn, known: ["speaker", "text"])
            let speaker = speaker(of: turn)
            // One line a turn, since the rendered text has a line for each.
            let text = fields.text("text", of: turn, oneLine: true)
            if let speaker, let text { turns.append(Turn(speaker: speaker, text: text)) }
        }
        return turns
    }

    private mutating func speaker(of object: JSONObject) -> String? {
        guard let speaker = fields.text("speaker", of: object, oneLine: true) else { return nil }
        guard !speaker.contains(":") else {
            let path = object.path(of: "speaker")
            fields.note(.badValue, at: path, "\(path) has a colon, which ends the name in \"Name: words\": take it out")
            return nil
        }
        return speaker
    }

    /// A summary or reply with all its versions.
    private mutating func whole(_ role: TextRole, of object: JSONObject) -> [CorpusVersion] {
        let own = role == .reply ? ["speaker"] : []
        fields.noteUnknownKeys(of: object, known: own + ["text", "translations", "tones"])
        let source = fields.text("text", of: object).map {
            CorpusVersion(role: role, variantKind: .source, variant: "", text: $0)
        }
        return [source].compactMap(\.self) + translations(role, of: object) + tones(role, of: object)
    }

    private mutating func translations(_ role: TextRole, of object: JSONObject) -> [CorpusVersion] {
        versions(
            "translations", of: object, role: role, kind: .language, names: targets.languages.map(\.code),
            listedUnder: "languages")
    }

    private mutating func tones(_ role: TextRole, of object: JSONObject) -> [CorpusVersion] {
        versions(
            "tones", of: object, role: role, kind: .tone, names: targets.tones.map(\.name), listedUnder: "tones")
    }

    private mutating func versions(
        _ key: String, of parent: JSONObject, role: TextRole, kind: VariantKind, names: [String],
        listedUnder list: String
    ) -> [CorpusVersion] {
        // A corpus without languages (or tones) needs no such key.
        if names.isEmpty, parent[key] == nil { return [] }
        guard let object = fields.object(key, of: parent) else { return [] }
        for member in object.members where !names.contains(member.key) {
            // An error and not a warning: a text that somebody wrote would be lost.
            fields.note(
                .unknownKey, at: object.path(of: member.key),
                "\(object.path) has \"\(member.key)\", which the manifest's \(list) do not list: "
                    + "add it there or take it out"
            )
        }
        var versions: [CorpusVersion] = []
        for name in names {
            guard object[name] != nil else {
                fields.note(
                    .missingKey, at: object.path(of: name),
                    "\(object.path) lacks \"\(name)\": add it or take \"\(name)\" out of the manifest's \(list)")
                continue
            }
            if let text = fields.text(name, of: object) {
                versions.append(CorpusVersion(role: role, variantKind: kind, variant: name, text: text))
            }
        }
        return versions
    }
}
