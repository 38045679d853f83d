import BenchmarkStore

/// The dataset card of an exported build: a README with the YAML header that dataset hubs read.
enum DatasetCard {
    /// The card's name in every exported folder.
    static let fileName = "README.md"

    /// The whole card.
    static func text(of plan: BenchmarkPlan, _ manifest: BuildManifest) -> String {
        [
            header(of: plan, manifest), introduction(plan), counts(manifest), fields, howMade(plan, manifest),
            limits(plan), citation(plan),
        ].joined(separator: "\n") + "\n"
    }

    private static func header(of plan: BenchmarkPlan, _ manifest: BuildManifest) -> String {
        var lines = ["---"]
        func list(_ key: String, _ values: [String]) {
            lines.append("\(key):")
            lines += values.map { "- \(quoted($0))" }
        }
        list("license", unique(plan.corpora.map { $0.licence.lowercased() }))
        let targets = plan.settings.filter { $0.record.targetKind == .language }.compactMap(\.record.target)
        list("language", unique(plan.corpora.map(\.language) + targets))
        lines.append("pretty_name: \(quoted("Braid: \(plan.parameters.name)"))")
        list("size_categories", [sizeCategory(manifest.files.reduce(0) { $0 + $1.examples })])
        list("task_categories", taskCategories(plan))
        lines.append("configs:")
        for setting in manifest.settings {
            lines.append("- config_name: \(quoted(setting.name.replacing("/", with: "-")))")
            lines.append("  data_files:")
            for split in Split.allCases where setting.examples[split.rawValue] ?? 0 > 0 {
                lines.append("  - split: \(split.rawValue)")
                lines.append("    path: \(quoted(DatasetExport.path(of: setting.name, split)))")
            }
        }
        lines.append("---\n")
        return lines.joined(separator: "\n")
    }

    private static func introduction(_ plan: BenchmarkPlan) -> String {
        let compositions = plan.settings.filter { $0.record.kind == .composition }
        let example = compositions.first?.record.instruction ?? plan.settings.first?.record.instruction ?? ""
        let families = unique(compositions.map(\.record.family)).map { "`\($0)`" }.joined(separator: ", ")
        return """
            # Braid: \(plan.parameters.name)

            A benchmark for compositional multi-tasking: one prompt asks a language model for two tasks at once, such as
            "\(example)"
            Here are \(number(plan.settings.count - compositions.count, "task")) to train single-task adapters on, and
            \(number(compositions.count, "composition")) to combine them for\(families.isEmpty ? "." : ": \(families).")

            Written by `braid build`; edit nothing here by hand. `braid build --check` compares this folder with what
            the corpora give.

            """
    }

    private static func counts(_ manifest: BuildManifest) -> String {
        let rows = manifest.settings.map { setting in
            let counts = Split.allCases.map { String(setting.examples[$0.rawValue] ?? 0) }
            return ["`\(setting.name)`", setting.instruction.replacing("|", with: "\\|")] + counts
        }
        return """
            ## Examples by setting and split

            \(table(["setting", "instruction"] + Split.allCases.map(\.rawValue), rows, numbersFrom: 2))

            """
    }

    private static let fields = """
        ## Files and fields

        One JSON Lines file a setting and split: `<setting>.<split>.jsonl`. Examples are in a drawn order that is the
        same for all settings of a kind of document, so that the first so many of each are about the same documents.
        `build.json` has the parameters, counts and hashes.

        | field | meaning |
        |---|---|
        | `id` | unique: corpus, document and setting |
        | `corpus` | the corpus, `name@version` |
        | `document` | the document's name in its corpus |
        | `setting` | the task or composition |
        | `input` | what the model reads; a conversation ends with a line `Name:` for who is to reply |
        | `instruction` | what it is asked for; the prompt is the input, an empty line, the instruction |
        | `reference` | what it should write |
        | `origin` | who wrote the reference: `project`, `person` or `model:<name>` |

        """

    private static func howMade(_ plan: BenchmarkPlan, _ manifest: BuildManifest) -> String {
        let corpora = manifest.corpora.map { corpus in
            let kinds = DocumentKind.allCases.map { String(corpus.documents[$0.rawValue] ?? 0) }
            return ["\(corpus.name) \(corpus.version)", corpus.licence] + kinds + [
                "`\(corpus.contentHash.prefix(16))…`"
            ]
        }
        let shares = DocumentKind.allCases.map { kind in
            [kind.rawValue] + Split.allCases.map { String(plan.parameters.shares[kind][$0]) }
        }
        let kinds = DocumentKind.allCases.map { $0.rawValue + "s" }
        return """
            ## How it was made

            \(table(["corpus", "licence"] + kinds + ["content hash"], corpora, numbersFrom: 2))

            A document lies in one split for every task and setting. Documents that share their normalised text, or
            nearly do (five-word shingles, or word edits for short texts), go together. The split follows from the texts
            and the seed (\(plan.parameters.seed)) alone; the counts are these shares of each corpus and kind:

            \(table(["kind"] + Split.allCases.map(\.rawValue), shares, numbersFrom: 1))

            Content hash of the whole build: `\(manifest.contentHash)`.

            """
    }

    private static func limits(_ plan: BenchmarkPlan) -> String {
        let origins = unique(plan.settings.flatMap { $0.examples.map(\.origin) }).sorted().map { "`\($0)`" }
        let tested = [DocumentKind.dialogue, .conversation].compactMap { kind -> String? in
            let test = plan.settings.first { $0.record.kind == .composition && $0.record.documentKind == kind }?
                .examples(of: .test).count
            return test.map { number($0, kind.rawValue) }
        }
        let size =
            tested.isEmpty
            ? ""
            : "- Compositions are tested on \(tested.joined(separator: " and ")); small differences cannot be seen.\n"
        return """
            ## Limits

            - Every example has one reference, of origin \(origins.joined(separator: ", ")); others can be as good.
            \(size)- Adapters for languages and tones train on sentences and messages, while compositions apply them to
              summaries and replies: that step is part of what is tested.
            - The test texts are public. Models that were trained after they appeared may have seen them.

            """
    }

    private static func citation(_ plan: BenchmarkPlan) -> String {
        """
        ## Citation

        The problem and the four families of compositions follow "Efficient Compositional Multi-tasking for On-device
        Large Language Models" (EMNLP 2025, arXiv:2507.16083); the data here is not theirs.

        \(plan.corpora.map { "- \($0.citation)" }.joined(separator: "\n"))
        """
    }

    private static func table(_ head: [String], _ rows: [[String]], numbersFrom first: Int) -> String {
        let rules = head.indices.map { $0 >= first ? "--:" : "---" }
        return ([head, rules] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    private static func taskCategories(_ plan: BenchmarkPlan) -> [String] {
        let names = plan.settings.map(\.record.family)
        let parts: [(String, String)] = [
            ("summarize", "summarization"), ("translate", "translation"), ("reply", "text-generation"),
            ("rewrite", "text-generation"),
        ]
        return unique(parts.filter { part in names.contains { $0.contains(part.0) } }.map(\.1))
    }

    /// The size as dataset hubs sort it.
    private static func sizeCategory(_ examples: Int) -> String {
        switch examples {
        case ..<1_000: "n<1K"
        case ..<10_000: "1K<n<10K"
        case ..<100_000: "10K<n<100K"
        case ..<1_000_000: "100K<n<1M"
        default: "n>1M"
        }
    }

    private static func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// A YAML string in double quotes.
    private static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
    }

    /// The values without repetitions, in the order in which they first occur.
    private static func unique(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0).inserted }
    }
}
