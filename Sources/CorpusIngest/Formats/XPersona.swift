import BenchmarkStore

/// XPersona: chats of people who play a persona, in several languages that are not aligned.
public struct XPersona: SourceFormat {
    public static let about = FormatDescription(
        name: "xpersona", title: "XPersona JSON", yields: "conversations with the reply in the same language",
        layout: """
            One JSON list for each language: objects with `persona`, a list of sentences, and `dialogue`, a list of pairs, \
            message and reply. The language stands at the beginning of the file's name (`Fr_…`). The files of two languages \
            share no key, so a corpus is of one language: English where there is a choice and none was named. Personas are \
            not kept.
            """,
        dataset: DatasetFacts(
            name: "xpersona", version: "2020",
            description: "Chats of people who play a persona; the other languages are corrected machine translations.",
            licence: "MIT",
            citation:
                "Lin et al. XPersona: Evaluating Multilingual Personalized Chatbot. NLP4ConvAI 2021; Zhang et al. "
                + "Personalizing Dialogue Agents: I Have a Dog, Do You Have Pets Too? ACL 2018."))

    private let replies: ReplyMaker

    public init(_ options: SourceOptions) { replies = ReplyMaker(replies: options.replies) }

    public static func recognises(_ probe: FileProbe) -> Bool {
        probe.begins(with: "[") && probe.contains("\"persona\"") && probe.contains("\"dialogue\"")
    }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        let languages = Set(files.map { language(of: $0) })
        let wanted = options.language ?? (languages.count == 1 ? languages.first : nil) ?? "en"
        return files.filter { language(of: $0) == wanted }.map {
            SourceUnit([SourceUnit.Part(wanted, $0)], split: options.split ?? SplitName.split(inNameOf: $0))
        }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(source: units.first?.parts[0].label)
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let stem = unit.file.name.split(separator: ".").first.map(String.init) ?? unit.file.name
        let prefix = unit.file.keyPrefix(stem: stem)
        // English is by people, the rest was translated by a machine first.
        let origin = unit.parts[0].label == "en" ? nil : "post-edited"
        try JSONItems.read(unit.file, into: sink) { _, value, fields in
            let key = "\(prefix)-\(fields.number ?? 1)"
            fields.record = key
            guard let object = fields.object(value, at: ""), let pairs = fields.list("dialogue", of: object) else {
                return []
            }
            var turns: [SpokenTurn] = []
            for (index, pair) in pairs.enumerated() {
                guard case .array(let texts) = pair, texts.count == 2 else {
                    fields.note(
                        .wrongType, at: "dialogue[\(index)]", "dialogue[\(index)] is no pair of a message and its reply"
                    )
                    continue
                }
                for (place, text) in texts.enumerated() {
                    guard case .string(let raw) = text else {
                        fields.note(
                            .wrongType, at: "dialogue[\(index)][\(place)]",
                            "dialogue[\(index)][\(place)] is \(text.kindName): it must be a string")
                        continue
                    }
                    if let text = fields.cleaned(raw, at: "dialogue[\(index)][\(place)]", oneLine: true) {
                        turns.append(SpokenTurn(speaker: "Speaker \(place + 1)", text: text))
                    }
                }
            }
            guard fields.isSound else { return [] }
            return replies.documents(of: turns, key: key, split: unit.split, fields: &fields)
                .map { $0.withOrigin(origin) }
        }
    }

    /// The language at the beginning of a file's name; English for a name without one.
    private static func language(of file: SourceFile) -> String {
        file.name.split(separator: "_").first.flatMap { $0.count == 2 ? LanguageCode.tag(String($0)) : nil } ?? "en"
    }
}

extension CorpusDocument {
    /// The document with an origin for all its versions, where there is one.
    fileprivate func withOrigin(_ origin: String?) -> CorpusDocument {
        guard let origin else { return self }
        let versions = versions.map {
            CorpusVersion(
                role: $0.role, variantKind: $0.variantKind, variant: $0.variant, text: $0.text, origin: origin)
        }
        return CorpusDocument(
            kind: kind, key: key, topic: topic, turns: turns, text: text, speaker: speaker, versions: versions,
            split: split, file: file, line: line, number: number)
    }
}
