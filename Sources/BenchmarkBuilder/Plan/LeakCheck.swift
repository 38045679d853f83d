import BenchmarkStore

/// Refuses a build in which something that is trained on is tested on as well.
///
/// The assignment makes no such build; this looks at its result alone, so that no change of it can let one through.
package enum LeakCheck {
    /// Looks for a normalised text, or a cluster of near-duplicates, in two splits.
    ///
    /// - Throws: `BuildError` of code `leak` for the first one, by hash; `corpus` for a document without a split.
    package static func run(_ items: [SplitAssigner.Item], splits: [Int64: Split]) throws(BuildError) {
        for item in items where splits[item.id] == nil {
            throw BuildError(
                .corpus,
                "document \(item.id) of \(item.corpus) was given no split; this is a fault of Braid, report it",
                key: item.corpus)
        }
        try check("text", items, splits, by: \.textHash)
        try check("cluster of near-duplicates", items, splits, by: \.cluster)
    }

    private static func check(
        _ what: String, _ items: [SplitAssigner.Item], _ splits: [Int64: Split],
        by hash: (SplitAssigner.Item) -> String
    ) throws(BuildError) {
        let shared = Dictionary(grouping: items, by: hash).sorted { $0.key < $1.key }
        for (name, members) in shared {
            let found = Split.allCases.filter { split in members.contains { splits[$0.id] == split } }
            guard found.count > 1 else { continue }
            throw BuildError(
                .leak,
                "the \(what) \(name.prefix(12))… lies in \(found.map(\.rawValue).joined(separator: " and ")): "
                    + "nothing was built; this is a fault of Braid, report it with the corpus",
                key: name)
        }
    }
}
