import BenchmarkStore

/// The tasks and compositions that documents and targets allow, in the order of tables.
public enum SettingCatalogue {
    /// All settings: the four tasks with their targets, then the four families of compositions with theirs.
    ///
    /// Settings without documents to ask about are left out: no reply without conversations. With the everyday corpus's
    /// three languages and four tones these are 2 + 3 + 4 tasks and 2·3 + 2·4 = 14 compositions.
    ///
    /// - Parameter kinds: the kinds of documents that there are.
    public static func settings(for targets: Targets, kinds: Set<DocumentKind>) -> [SettingRecord] {
        let mains = [Main.summarize, .reply].filter { kinds.contains($0.kind) }
        var settings = mains.map { main in
            SettingRecord(
                name: main.name, kind: .task, family: main.name, main: main.name, instruction: main.instruction,
                position: 0)
        }
        let all = targets.languages.map(Target.language) + targets.tones.map(Target.tone)
        for target in all where kinds.contains(target.kind) {
            settings.append(
                SettingRecord(
                    name: target.task, kind: .task, family: target.family, main: target.task,
                    targetKind: target.targetKind,
                    target: target.name, targetLabel: target.label, instruction: target.instruction, position: 0))
        }
        for main in mains {
            for target in all {
                settings.append(
                    SettingRecord(
                        name: "\(main.name)+\(target.task)", kind: .composition,
                        family: "\(main.name)+\(target.family)",
                        main: main.name, auxiliary: target.task, targetKind: target.targetKind, target: target.name,
                        targetLabel: target.label, instruction: main.instruction(target.words), position: 0))
            }
        }
        for position in settings.indices { settings[position].position = position }
        return settings
    }

    /// A task that a composition begins with.
    private enum Main {
        case summarize, reply

        var name: String { self == .summarize ? "summarize" : "reply" }
        var kind: DocumentKind { self == .summarize ? .dialogue : .conversation }
        var instruction: String { self == .summarize ? Instructions.summarize : Instructions.reply }

        func instruction(_ words: String) -> String {
            self == .summarize ? Instructions.summarize(words) : Instructions.reply(words)
        }
    }

    /// A language or tone as the second task of a composition, or a task of its own.
    private enum Target {
        case language(Targets.Language)
        case tone(Targets.Tone)

        var family: String { targetKind == .language ? "translate" : "rewrite" }
        var task: String { "\(family)/\(name)" }

        var kind: DocumentKind { targetKind == .language ? .sentence : .message }

        var targetKind: TargetKind {
            switch self {
            case .language: .language
            case .tone: .tone
            }
        }

        var name: String {
            switch self {
            case .language(let language): language.code
            case .tone(let tone): tone.name
            }
        }

        var label: String {
            switch self {
            case .language(let language): language.name
            case .tone(let tone): tone.name
            }
        }

        var words: String {
            switch self {
            case .language(let language): "in \(language.name)"
            case .tone(let tone): tone.instruction
            }
        }

        var instruction: String {
            switch self {
            case .language(let language): Instructions.translate(into: language.name)
            case .tone(let tone): Instructions.rewrite(tone.instruction)
            }
        }
    }
}

extension SettingRecord {
    /// The kind of documents that the setting asks about.
    package var documentKind: DocumentKind {
        switch main {
        case "summarize": .dialogue
        case "reply": .conversation
        default: targetKind == .language ? .sentence : .message
        }
    }

    /// What the setting's references are to their documents.
    package var role: TextRole {
        switch documentKind {
        case .dialogue: .summary
        case .conversation: .reply
        case .sentence: .translation
        case .message: .rewrite
        }
    }

    /// Which variant of them.
    package var variantKind: VariantKind {
        switch targetKind {
        case .language: .language
        case .tone: .tone
        case nil: .source
        }
    }
}
