import BenchmarkStore

/// The dataset card of an exported build: a README with the YAML header that dataset hubs read.
enum DatasetCard {
    /// The card's name in every exported folder.
    static let fileName = "README.md"

    /// The whole card.
    static func text(of contents: ExportContents, _ manifest: BuildManifest) -> String {
        [
            header(of: contents, manifest), introduction(contents, manifest), counts(contents),
            fields(contents, manifest),
            howMade(contents, manifest), provenance(contents, manifest), writers(contents), limits(contents),
            citation(contents),
        ].joined(separator: "\n") + "\n"
    }

    /// What the dataset is, in three sentences.
    static func description(of contents: ExportContents) -> String {
        let compositions = contents.settings.filter { $0.record.kind == .composition }
        let example = compositions.first?.record.instruction ?? contents.settings.first?.record.instruction ?? ""
        let families = compositions.map(\.record.family).withoutRepetitions.joined(separator: ", ")
        let tasks = contents.settings.count - compositions.count
        return "A benchmark for compositional multi-tasking: one prompt asks a language model for two tasks at once, "
            + "such as \"\(example)\" Here are \(number(tasks, "task")) to train single-task adapters on, and "
            + "\(number(compositions.count, "composition")) to combine them for"
            + (families.isEmpty ? "." : ": \(families).")
    }

    private static func introduction(_ contents: ExportContents, _ manifest: BuildManifest) -> String {
        let terms = contents.corpora.map(\.licenceWithTerms).withoutRepetitions.joined(separator: "; ")
        let part =
            manifest.partOf.map { "\nOnly some settings of the build with content hash `\($0)` are here.\n" } ?? ""
        return """
            # Braid: \(contents.plan.parameters.name)

            \(description(of: contents))

            Licence of the texts: \(terms).
            \(part)
            Written by Braid; edit nothing here by hand. The same corpora and seed give the same bytes.

            """
    }

    private static func counts(_ contents: ExportContents) -> String {
        let rows = contents.settings.map { setting in
            let counts = Split.allCases.map { String(setting.examples(of: $0).count) }
            let record = setting.record
            return ["`\(record.name)`", "`\(record.configName)`", record.instruction] + counts
        }
        return """
            ## Examples by setting and split

            \(table(["setting", "configuration", "instruction"] + Split.allCases.map(\.rawValue), rows, numbersFrom: 3))

            """
    }

    private static func fields(_ contents: ExportContents, _ manifest: BuildManifest) -> String {
        let rows = ExampleColumn.allCases.map { column in
            ["`\(column.rawValue)`", column.isList ? "list of texts" : "text", column.meaning]
        }
        let tables =
            manifest.tables == nil
            ? ""
            : """

            `<setting>.<split>.csv` has the same examples with the columns in this order: RFC 4180 with line feeds,
            UTF-8, lists as JSON text. Read every column as text, with line breaks in values, and nothing as missing:
            an answer can be `None`, a document's name `007`.

            """
        return """
            ## Files and fields

            One JSON Lines file a setting and split: `<setting>.<split>.jsonl`. Examples are in a drawn order that is the
            same for all settings of a kind of document, so that the first so many of each are about the same documents.
            `build.json` has the parameters, counts and hashes, `croissant.json` the same for tools (Croissant 1.0).

            ```python
            datasets.load_dataset("path/to/this/folder", "\(contents.settings.last?.record.configName ?? "")")
            ```
            \(tables)
            \(table(["field", "type", "meaning"], rows, numbersFrom: 3))

            """
    }

    private static func howMade(_ contents: ExportContents, _ manifest: BuildManifest) -> String {
        let plan = contents.plan
        let shares = DocumentKind.allCases.map { kind in
            [kind.rawValue] + Split.allCases.map { String(plan.parameters.shares[kind][$0]) }
        }
        return """
            ## How it was made

            A document lies in one split for every task and setting. \(division(plan))

            \(table(["kind"] + Split.allCases.map(\.rawValue), shares, numbersFrom: 1))

            \(duplicates(plan))

            Content hash\(manifest.partOf == nil ? " of the whole build" : ""): `\(manifest.contentHash)`.

            """
    }

    /// How documents come into their splits, before the table of the shares.
    private static func division(_ plan: BenchmarkPlan) -> String {
        guard plan.documentsWithOwnSplit > 0 else {
            return """
                The split follows from the texts and the seed
                (\(plan.parameters.seed)) alone; the counts are these shares of each corpus and kind:
                """
        }
        let leftOut =
            plan.exclusions.isEmpty
            ? ""
            : "; left out for repeating another split: \(number(plan.exclusions.count, "document"))"
        return """
            The split that a source has itself is kept
            (\(number(plan.documentsWithOwnSplit, "document"))\(leftOut)). What is like such a document lies with it. The split of
            all others follows from the texts and the seed (\(plan.parameters.seed)) alone; these are the shares of each corpus
            and kind:
            """
    }

    /// How documents that say the same are kept from lying in two splits.
    private static func duplicates(_ plan: BenchmarkPlan) -> String {
        var members: [String: Set<Int64>] = [:]
        for example in plan.settings.flatMap(\.examples) {
            members[example.cluster, default: []].insert(example.documentID)
        }
        let groups = members.values.filter { $0.count > 1 }
        let found =
            groups.isEmpty
            ? "Here no two documents are so alike."
            : "Here \(number(groups.reduce(0) { $0 + $1.count }, "document")) form \(number(groups.count, "such group"))."
        return """
            Documents that share their normalised text, or nearly do (five-word shingles, or word edits for short texts),
            within a corpus or across corpora, lie in the same split. \(found)
            """
    }

    private static func writers(_ contents: ExportContents) -> String {
        let rows = contents.references.map { entry in
            let words =
                switch entry.origin {
                case "person": "people"
                case "post-edited": "people, who mended what a machine wrote"
                case "project": "the corpus's own project"
                case let model where model.hasPrefix("model:"): "the model \(model.dropFirst(6))"
                default: "as the corpus says"
                }
            return ["`\(entry.origin)`", words, String(entry.first), String(entry.further)]
        }
        return """
            ## Who wrote the references

            \(table(["origin", "written by", "references", "further references"], rows, numbersFrom: 2))

            """
    }

    private static func limits(_ contents: ExportContents) -> String {
        let counts = contents.settings.flatMap { $0.examples.map { 1 + $0.furtherReferences.count } }
        let (least, most) = (counts.min() ?? 1, counts.max() ?? 1)
        let tested = [DocumentKind.dialogue, .conversation].compactMap { kind -> String? in
            let counts = contents.settings
                .filter { $0.record.kind == .composition && $0.record.documentKind == kind }
                .map { $0.examples(of: .test).count }
            guard let least = counts.min(), let most = counts.max(), most > 0 else { return nil }
            return (least == most ? "" : "\(least) to ") + number(most, kind.rawValue)
        }
        let size =
            tested.isEmpty
            ? ""
            : "- Compositions are tested on \(tested.joined(separator: " and ")); small differences cannot be seen.\n"
        return """
            ## Limits

            - An example has \(least == most ? number(most, "reference") : "\(least) to \(most) references"); other \
            answers can be as good.
            \(size)- Adapters for languages and tones train on sentences and messages, while compositions apply them to
              summaries and replies: that step is part of what is tested.
            - The test texts are public. Models that were trained after they appeared may have seen them.

            """
    }

    private static func citation(_ contents: ExportContents) -> String {
        """
        ## Citation

        The problem and the four families of compositions follow "Efficient Compositional Multi-tasking for On-device
        Large Language Models" (EMNLP 2025, arXiv:2507.16083); the data here is not theirs. Cite the corpora too:

        \(contents.corpora.map { "- \(prose($0.citation))" }.joined(separator: "\n"))
        """
    }

    /// A Markdown table; the columns from a given one on, and before another, are numbers.
    static func table(
        _ head: [String], _ rows: [[String]], numbersFrom first: Int, before end: Int = .max
    ) -> String {
        let rules = head.indices.map { $0 >= first && $0 < end ? "--:" : "---" }
        let cells = rows.map { $0.map { oneLine($0).replacing("|", with: "\\|") } }
        return ([head, rules] + cells).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    /// What a corpus says of itself, in one line, without tags and hidden characters; addresses stay.
    static func prose(_ text: String) -> String {
        oneLine(VisibleText.block(text)).replacing("<", with: "&lt;")
    }

    /// A text without line breaks.
    static func oneLine(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }

    /// A number with its noun.
    static func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
