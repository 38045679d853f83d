import BenchmarkStore

/// What goes into one export: a plan, the settings of it that are wanted, and where their texts come from.
struct ExportContents {
    /// The whole build.
    let plan: BenchmarkPlan
    /// The settings to write, in the order of tables.
    let settings: [BenchmarkPlan.Setting]
    /// The corpora that give these settings examples, by name and version.
    let corpora: [CorpusRecord]
    /// The files that each corpus was read from, by the corpus's row number.
    let sources: [Int64: [CorpusFileRecord]]

    /// The settings of that name or family, all without any name.
    ///
    /// - Throws: `BuildError` of code `parameters` for a name that the build does not have; `StoreError`.
    init(_ plan: BenchmarkPlan, settings names: [String] = [], from database: BenchmarkDatabase) throws {
        for name in names where !plan.settings.contains(where: { $0.record.isCalled(name) }) {
            throw BuildError(
                .parameters,
                "the build has no setting \"\(name)\"; it has \(plan.settings.map(\.record.name).joined(separator: ", "))",
                key: "settings")
        }
        let chosen = plan.settings.filter { setting in
            names.isEmpty || names.contains { setting.record.isCalled($0) }
        }
        let used = Set(chosen.flatMap { $0.examples.map(\.corpus) })
        self.plan = plan
        settings = chosen
        corpora = plan.corpora.filter { used.contains($0.reference) }
        sources = try Dictionary(
            corpora.map { ($0.id, try database.corpusFiles(ofCorpus: $0.id).map(\.file)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The licence of each corpus, by `name@version`.
    var licences: [String: String] {
        Dictionary(corpora.map { ($0.reference, $0.licence) }) { first, _ in first }
    }

    /// The languages of inputs and references, the corpora's first.
    var languages: [String] {
        let targets = settings.filter { $0.record.targetKind == .language }.compactMap(\.record.target)
        return (corpora.map(\.language) + targets).withoutRepetitions
    }

    /// How many references each writer has written, the first of an example and further ones apart.
    var references: [(origin: String, first: Int, further: Int)] {
        var counts: [String: (first: Int, further: Int)] = [:]
        for example in settings.flatMap(\.examples) {
            counts[example.origin, default: (0, 0)].first += 1
            for further in example.furtherReferences { counts[further.origin, default: (0, 0)].further += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value.first, $0.value.further) }
    }
}

extension SettingRecord {
    /// Whether that is the setting's name or its family's.
    fileprivate func isCalled(_ text: String) -> Bool { name == text || family == text }

    /// The name in metadata: letters, digits, `-`, `_` and `.` alone, such as `summarize-translate-es`.
    ///
    /// Hubs make folders, addresses and command-line arguments of it. No two settings share one, since names of
    /// languages and tones hold neither `+` nor `/`.
    var configName: String { String(name.map { $0 == "+" || $0 == "/" ? "-" : $0 }) }
}

extension Array where Element: Hashable {
    /// The values in the order in which they first occur.
    var withoutRepetitions: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
