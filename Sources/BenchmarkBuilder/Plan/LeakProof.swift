import BenchmarkStore
import TextMetrics

/// Whether anything that is trained on is tested on as well, looked for anew in the examples that a build ends with.
public struct LeakProof: Codable, Hashable, Sendable {
    /// How many examples were looked at.
    public private(set) var examples = 0
    /// Documents with examples in two splits.
    public private(set) var documentsInTwoSplits = 0
    /// Inputs, as words, in two splits.
    public private(set) var inputsInTwoSplits = 0
    /// Clusters of near-duplicates in two splits.
    public private(set) var clustersInTwoSplits = 0
    /// Pairs of the same or nearly the same text, of which one lies in another split than the other.
    public private(set) var pairsInTwoSplits = 0
    /// References of test examples.
    public private(set) var testReferences = 0
    /// Of those, how many are, as words, a reference of a training example too; nothing is refused for that, since
    /// short answers repeat.
    public private(set) var testReferencesInTraining = 0

    /// Whether nothing lies in two splits.
    public var isClean: Bool {
        documentsInTwoSplits + inputsInTwoSplits + clustersInTwoSplits + pairsInTwoSplits == 0
    }

    /// An example as the proof sees it.
    package struct Row: Sendable {
        let document: Int64
        let cluster: String
        let split: Split
        let input: String
        let references: [String]

        /// An example by what matters here.
        package init(document: Int64, cluster: String, split: Split, input: String, references: [String]) {
            self.document = document
            self.cluster = cluster
            self.split = split
            self.input = input
            self.references = references
        }
    }

    /// Looks at all examples of a build.
    ///
    /// - Parameters:
    ///   - rows: the examples.
    ///   - clusters: which documents share a text.
    ///   - documents: the documents' row numbers, in the order in which the clusters know them.
    package init(_ rows: some Sequence<Row>, _ clusters: DocumentClusters, documents: [Int64]) {
        var inputs: [String: Set<Split>] = [:]
        var named: [String: Set<Split>] = [:]
        var splits: [Int64: Set<Split>] = [:]
        var trained: Set<String> = []
        var tested: [String] = []
        var compared: [Int64: (input: String, normalised: String)] = [:]
        for row in rows {
            examples += 1
            // Settings of one kind have the same input.
            var text = compared[row.document]
            if text?.input != row.input { text = (row.input, ComparedText.normalised(row.input)) }
            compared[row.document] = text
            inputs[text?.normalised ?? "", default: []].insert(row.split)
            named[row.cluster, default: []].insert(row.split)
            splits[row.document, default: []].insert(row.split)
            switch row.split {
            case .train: trained.formUnion(row.references.map(ComparedText.normalised))
            case .test: tested += row.references.map(ComparedText.normalised)
            case .validation: break
            }
        }
        documentsInTwoSplits = splits.values.count { $0.count > 1 }
        inputsInTwoSplits = inputs.values.count { $0.count > 1 }
        clustersInTwoSplits = named.values.count { $0.count > 1 }
        testReferences = tested.count
        testReferencesInTraining = tested.count { trained.contains($0) }
        let ofGroup = clusters.groups.map { group in
            group.owners.reduce(into: Set<Split>()) { $0.formUnion(splits[documents[$1]] ?? []) }
        }
        for (place, group) in clusters.groups.enumerated() {
            if ofGroup[place].count > 1 { pairsInTwoSplits += 1 }
            for neighbour in group.neighbours where neighbour.group > place {
                let (one, other) = (ofGroup[place], ofGroup[neighbour.group])
                if !one.isEmpty, !other.isEmpty, one.union(other).count > 1 { pairsInTwoSplits += 1 }
            }
        }
    }
}
