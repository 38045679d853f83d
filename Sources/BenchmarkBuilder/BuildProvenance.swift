import BenchmarkStore

/// Where a build's texts are from: its corpora's licences, and who wrote the references.
public struct BuildProvenance: Hashable, Sendable {
    /// A corpus and the terms of its licence.
    public struct Licence: Hashable, Sendable {
        /// The corpus, as `name@version`.
        public let corpus: String
        /// The licence, with its terms in words where it has any.
        public let licence: String
    }

    /// The licence of every corpus, by name.
    public let licences: [Licence]
    /// How many references are by whom, those beyond the first included.
    public let references: [String: Int]
    /// How many texts by models were not used, since the build does not name their model, by origin.
    public let unusedAnnotations: [String: Int]

    init(_ plan: BenchmarkPlan) {
        licences = plan.corpora.map { Licence(corpus: $0.reference, licence: $0.licenceWithTerms) }
        references = plan.referenceOrigins
        unusedAnnotations = plan.unusedAnnotations
    }

    /// The same in a few lines.
    public var text: String {
        let origins = references.sorted { $0.key < $1.key }.map { "\($0.value) by \($0.key)" }
        var lines = licences.map { "\($0.corpus): \($0.licence)" }
        lines.append("References: \(origins.joined(separator: ", "))")
        for (origin, count) in unusedAnnotations.sorted(by: { $0.key < $1.key }) {
            let name = origin.split(separator: ":", maxSplits: 1).last.map(String.init) ?? origin
            lines.append("Not used: \(count) texts by \(origin); name it with --annotations \(name) to use them")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
