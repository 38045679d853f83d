import BenchmarkStore
import Foundation

/// XDailyDialog: DailyDialog with translations, line by line.
public struct XDailyDialog: SourceFormat {
    public static let about = FormatDescription(
        name: "xdailydialog", title: "XDailyDialog line-aligned files",
        yields: "conversations, the reply with translations of unknown making",
        layout: """
            Files `en_dev_human.txt`, `de_dev_human.txt` and so on, line by line the same dialogue: turns that each end in \
            `__eou__`, then, after tabs, a topic's number and the numbers of emotions and acts. Speakers alternate. The \
            translations are said to be by people but read like a machine's, so their origin is `model:unknown`. English is \
            tokenised: `--detokenise` takes its blanks back.
            """,
        dataset: DatasetFacts(
            name: "xdailydialog", version: "2023",
            description: "Everyday English dialogues with translations; many are in DialogSum too.",
            licence: "CC-BY-NC-SA-4.0",
            citation:
                "Liu et al. XDailyDialog: A Multilingual Parallel Dialogue Corpus. ACL 2023; Li et al. DailyDialog: A "
                + "Manually Labelled Multi-turn Dialogue Dataset. IJCNLP 2017."))

    /// DailyDialog's topics, numbered from 1.
    private static let topics = [
        "ordinary life", "school life", "culture and education", "attitude and emotion", "relationship", "tourism",
        "health", "work", "politics", "finance",
    ]

    private let replies: ReplyMaker
    private let detokenises: Bool

    public init(_ options: SourceOptions) {
        replies = ReplyMaker(replies: options.replies)
        detokenises = options.detokenise
    }

    public static func recognises(_ probe: FileProbe) -> Bool {
        name(probe.file) != nil && probe.contains("__eou__")
    }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        let source = options.language ?? "en"
        let wanted = options.languages.map { Set($0.map(\.code)) }
        return files.compactMap { file in
            guard let name = name(file), name.language == source else { return nil }
            let others = files.compactMap { other -> SourceUnit.Part? in
                guard let found = self.name(other), found.rest == name.rest, other.folder == file.folder,
                    found.language != source, wanted?.contains(found.language) ?? true
                else { return nil }
                return SourceUnit.Part(found.language, other)
            }
            return SourceUnit(
                [SourceUnit.Part(source, file)] + others.sorted { $0.label < $1.label },
                split: options.split ?? SplitName.split(inNameOf: file))
        }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(languages: units.languages())
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let parts = unit.parts
        let prefix = Self.name(unit.file).map { unit.file.keyPrefix(stem: $0.rest) } ?? unit.file.name
        try LineAligned.read(parts, into: sink) { row, fields in
            let key = "\(prefix)-\(fields.line ?? 1)"
            fields.record = key
            let dialogues = zip(row, parts).compactMap { line, part in dialogue(line, part.label, &fields) }
            guard dialogues.count == parts.count, let source = dialogues.first else { return [] }
            for (dialogue, part) in zip(dialogues, parts) where dialogue.turns.count != source.turns.count {
                fields.note(
                    .badValue, at: part.label,
                    "\(part.label) has \(dialogue.turns.count) turns, but \(parts[0].label) has \(source.turns.count): "
                        + "they must be the same dialogue")
            }
            guard fields.isSound else { return [] }
            if dialogues.contains(where: { $0.labels != source.labels }) { fields.note(.differentLabels) }
            let turns = source.turns.indices.map { index in
                SpokenTurn(
                    speaker: "Speaker \(index % 2 + 1)", text: source.turns[index],
                    translations: zip(parts, dialogues).dropFirst().map { part, dialogue in
                        SpokenTurn.Translation(
                            language: part.label, text: dialogue.turns[index], origin: "model:unknown")
                    })
            }
            let topic = source.labels.first.flatMap { Int($0) }.map { $0 - 1 } ?? -1
            return replies.documents(
                of: turns, key: key, topic: Self.topics.indices.contains(topic) ? Self.topics[topic] : "",
                split: unit.split, fields: &fields)
        }
    }

    private struct Dialogue {
        let turns: [String]
        /// Topic, emotions, acts.
        let labels: [String]
    }

    // line = 1*( words "__eou__" ) TAB topic TAB emotions TAB acts
    private func dialogue(_ line: ArraySlice<UInt8>, _ language: String, _ fields: inout FieldReader) -> Dialogue? {
        guard let text = fields.string(line, at: language) else { return nil }
        let columns = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        guard columns.count == 4 else {
            fields.note(
                .badValue, at: language, "\(language) has \(columns.count) fields between tabs: it must have 4")
            return nil
        }
        // The mark ends every turn, so what follows the last one is nothing.
        var turns = columns[0].components(separatedBy: "__eou__")
        if turns.last?.allSatisfy(\.isWhitespace) == true { turns.removeLast() }
        let cleaned = turns.enumerated().compactMap { index, turn in
            // The blanks round the mark are the file's, not the text's.
            fields.cleaned(turn.trimmingCharacters(in: .whitespaces), at: "\(language)[\(index)]", oneLine: true)
                .map { plain($0, language, &fields) }
        }
        guard cleaned.count == turns.count else { return nil }
        return Dialogue(turns: cleaned, labels: columns.dropFirst().map { $0.trimmingCharacters(in: .whitespaces) })
    }

    private func plain(_ text: String, _ language: String, _ fields: inout FieldReader) -> String {
        guard detokenises, language == "en" else { return text }
        return fields.plain(text.replacing(" ’ ", with: "’"), language: language, detokenises: true)
    }

    /// The language at the beginning of a file's name, and what follows: `dev_human`.
    private static func name(_ file: SourceFile) -> (language: String, rest: String)? {
        let parts = file.name.split(separator: "_", maxSplits: 1).map(String.init)
        guard parts.count == 2, parts[1].hasSuffix("_human.txt"), let language = LanguageCode.tag(parts[0]) else {
            return nil
        }
        return (language, String(parts[1].dropLast(4)))
    }
}

extension Irregularity {
    /// The labels of a dialogue differ between languages.
    static let differentLabels = Irregularity(
        "different-labels", "topic, emotions or acts differ between the languages: those of the source are taken")
}
