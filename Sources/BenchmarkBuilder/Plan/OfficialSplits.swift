import BenchmarkStore
import TextMetrics

/// Keeps the splits that sources have themselves, and finds which documents must be left out for that.
///
/// Nothing is ever moved to another split than its source says. Where documents of two splits belong together, test
/// wins over validation and validation over train: the other document is left out of the build. A document without a
/// split of its own goes where the documents go that it belongs with, directly or through others without one.
///
/// Only what belongs directly with a kept document is left out. A document that merely belonged with another that was
/// left out stays: without that one nothing ties it to the other split.
struct OfficialSplits {
    /// The split of every document that its source or its likeness decides, by place; nil for those to be divided.
    private(set) var splits: [Split?]
    /// The places of the documents that are left out.
    private(set) var excluded: Set<Int> = []

    private let official: [Split?]
    private let clusters: DocumentClusters

    /// Decides for documents with the splits of their sources, in the order in which the clusters know them.
    init(_ official: [Split?], _ clusters: DocumentClusters) {
        self.official = official
        self.clusters = clusters
        splits = official
        for split in Self.precedence { claim(split) }
    }

    /// The splits, each before those that it wins over.
    private static let precedence = [Split.test, .validation, .train]

    private static func wins(_ split: Split, over other: Split) -> Bool {
        precedence.firstIndex(of: split) ?? 0 < precedence.firstIndex(of: other) ?? 0
    }

    /// Takes the documents of a split with all that belongs with them, and leaves out those of lower splits.
    private mutating func claim(_ split: Split) {
        var queue = official.indices.filter { splits[$0] == split }
        var expanded: Set<Int> = []
        var next = 0
        while next < queue.count {
            let groups = clusters.groupsOf[queue[next]]
            next += 1
            for group in groups where expanded.insert(group).inserted {
                for other in clusters.linked(to: group) {
                    for owner in clusters.groups[other.group].owners where splits[owner] != split {
                        if splits[owner] == nil, !excluded.contains(owner) {
                            splits[owner] = split
                            queue.append(owner)
                        } else if splits[owner] != nil {
                            // Higher splits have had their turn and left out whatever belongs with them.
                            excluded.insert(owner)
                            splits[owner] = nil
                        }
                    }
                }
            }
        }
    }

    /// Why a document was left out.
    struct Reason {
        /// In words, naming the document that was kept.
        let text: String
        /// Where that document lies.
        let keptIn: Split
    }

    /// Why each document was left out, by place and in order.
    ///
    /// - Parameters:
    ///   - items: all documents.
    ///   - keys: their names in their corpora.
    ///   - splits: the split of every document that is kept.
    func reasons(
        _ items: [SplitAssigner.Item], keys: [String], splits: [Int64: Split]
    ) -> [(place: Int, reason: Reason)] {
        excluded.sorted().compactMap { place in
            guard let kept = kept(insteadOf: place), let split = splits[items[kept.document].id] else { return nil }
            let name = "\(items[kept.document].corpus)/\(keys[kept.document])"
            let subject =
                switch kept.texts {
                case .spoken: "it"
                case .sources: "its summary or reply"
                case .crossed: "one of its texts"
                }
            let likeness =
                kept.similarity == 1
                ? "says the same words as" : "is \(Int((kept.similarity * 100).rounded(.down))) % alike to"
            let whose = kept.texts == .spoken ? name : "one of \(name)"
            return (
                place,
                Reason(
                    text: "\(subject) \(likeness) \(whose), which is kept in \(split.rawValue)", keptIn: split)
            )
        }
    }

    /// The kept document for whose sake another was left out: the most alike, and the first of those in order.
    func kept(insteadOf document: Int) -> (document: Int, texts: DocumentClusters.Link.Texts, similarity: Double)? {
        var best: (document: Int, texts: DocumentClusters.Link.Texts, similarity: Double)?
        clusters.forEachNeighbour(of: document) { other, texts, similarity in
            guard let split = splits[other], let own = official[document], Self.wins(split, over: own) else { return }
            if let best, (best.similarity, -best.document) >= (similarity, -other) { return }
            best = (other, texts, similarity)
        }
        return best
    }
}
