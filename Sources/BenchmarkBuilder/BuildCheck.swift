import BenchmarkStore

/// What a check of a build found.
public struct BuildCheck: Sendable {
    /// What the documents have in common, and whether anything of it leaks.
    public let leaks: LeakReport
    /// Where its references are from and under which terms its text stands.
    public let provenance: BuildProvenance
    /// How the exported folder differs, by path; empty where every byte is the same, nil where there is no folder.
    public let differences: [ExportDifference]?

    init(plan: BenchmarkPlan, differences: [ExportDifference]?) {
        leaks = plan.leaks
        provenance = BuildProvenance(plan)
        self.differences = differences
    }
}
