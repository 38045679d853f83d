import BenchmarkStore

/// What a build made.
public struct BuildReport: Sendable {
    /// How many examples a setting has.
    public struct Setting: Hashable, Sendable {
        /// The task or composition.
        public let name: String
        /// Whether it is one task or two at once.
        public let kind: SettingKind
        /// Examples by split; splits without any are left out.
        public let examples: [Split: Int]
    }

    /// The build's name.
    public let name: String
    /// Whether it is new in the store, was there already or took another's place, with its row number.
    public let outcome: StoreOutcome
    /// SHA-256 over parameters, corpora, settings and examples.
    public let contentHash: String
    /// The corpora, as `name@version`.
    public let corpora: [String]
    /// The settings, in the order of tables.
    public let settings: [Setting]
    /// How many documents of each kind lie in each split.
    public let documents: [DocumentKind: [Split: Int]]
    /// What the documents have in common, and that nothing of it leaks.
    public let leaks: LeakReport
    /// Where its references are from and under which terms its text stands.
    public let provenance: BuildProvenance
    /// How many documents were left out so that the sources' splits could be kept.
    public let excluded: Int
    /// How many files the export has.
    public let files: Int
    /// The size of all those files together.
    public let bytes: Int
    /// Whether exporting changed the folder; nil where no folder was named.
    public let folderChanged: Bool?

    init(plan: BenchmarkPlan, export: DatasetExport, outcome: StoreOutcome, folderChanged: Bool?) {
        name = plan.parameters.name
        self.outcome = outcome
        contentHash = export.manifest.contentHash
        corpora = plan.parameters.corpora
        settings = plan.settings.map { setting in
            Setting(
                name: setting.record.name, kind: setting.record.kind,
                examples: Dictionary(grouping: setting.examples, by: \.split).mapValues(\.count))
        }
        documents = plan.documentsBySplit
        leaks = plan.leaks
        provenance = BuildProvenance(plan)
        excluded = plan.exclusions.count
        files = export.files.count
        bytes = export.bytes
        self.folderChanged = folderChanged
    }
}

extension BenchmarkPlan {
    /// How many documents of each kind lie in each split, counting those with at least one example.
    package var documentsBySplit: [DocumentKind: [Split: Int]] {
        var seen: [DocumentKind: [Split: Set<Int64>]] = [:]
        for setting in settings {
            for example in setting.examples {
                seen[setting.record.documentKind, default: [:]][example.split, default: []].insert(example.documentID)
            }
        }
        return seen.mapValues { $0.mapValues(\.count) }
    }
}
