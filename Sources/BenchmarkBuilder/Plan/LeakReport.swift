import BenchmarkStore
import TextMetrics

/// What a build's documents have in common, what was left out for it, and the proof that nothing leaks.
public struct LeakReport: Codable, Hashable, Sendable {
    /// Documents of one corpus that repeat others, of the same or of another corpus.
    ///
    /// Each document is counted once, by the most that it has in common.
    public struct Overlap: Codable, Hashable, Sendable {
        /// The corpus whose documents are counted.
        public let corpus: String
        /// The corpus that they repeat; the same one for repetitions within.
        public let other: String
        /// Documents that say the same words.
        public let same: Int
        /// Documents that say nearly the same.
        public let nearly: Int
        /// Documents of which only a summary or reply is like another text.
        public let bySummary: Int
    }

    /// Documents that belong together.
    public struct Cluster: Codable, Hashable, Sendable {
        /// How many there are.
        public let documents: Int
        /// The first of them, as `corpus@version/key`.
        public let example: String
    }

    /// Documents of one corpus and split that were left out for the sake of another split.
    public struct LeftOut: Codable, Hashable, Sendable {
        /// Their corpus.
        public let corpus: String
        /// The split that their source puts them in.
        public let split: Split
        /// The split of the documents that were kept.
        public let keptIn: Split
        /// How many there are.
        public let documents: Int
    }

    /// How many documents each corpus has.
    public let documents: [String: Int]
    /// What repeats what, by corpus; corpora with nothing in common are left out.
    public let overlaps: [Overlap]
    /// How many clusters have two documents or more.
    public let clusters: Int
    /// How many documents those clusters have.
    public let clusteredDocuments: Int
    /// The largest of them.
    public let largestClusters: [Cluster]
    /// What was left out.
    public let leftOut: [LeftOut]
    /// That nothing lies in two splits.
    public let proof: LeakProof

    /// A document as the report sees it.
    struct Document {
        let corpus: String
        let key: String
        let official: Split?
        /// Where the document lies for whose sake this one was left out.
        let keptIn: Split?
    }

    /// How many of the largest clusters are named.
    private static let largest = 5

    init(_ documents: [Document], _ clusters: DocumentClusters, proof: LeakProof) {
        self.documents = documents.reduce(into: [:]) { $0[$1.corpus, default: 0] += 1 }
        overlaps = Self.overlaps(documents.map(\.corpus), clusters)
        let members = Dictionary(grouping: documents.indices) { clusters.names[$0] }.values.filter { $0.count > 1 }
        self.clusters = members.count
        clusteredDocuments = members.reduce(0) { $0 + $1.count }
        largestClusters = members.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.prefix(Self.largest).map {
            Cluster(documents: $0.count, example: "\(documents[$0[0]].corpus)/\(documents[$0[0]].key)")
        }
        var leftOut: [LeftOutKey: Int] = [:]
        for document in documents {
            guard let split = document.official, let keptIn = document.keptIn else { continue }
            leftOut[LeftOutKey(corpus: document.corpus, split: split, keptIn: keptIn), default: 0] += 1
        }
        self.leftOut = leftOut.map {
            LeftOut(corpus: $0.key.corpus, split: $0.key.split, keptIn: $0.key.keptIn, documents: $0.value)
        }.sorted {
            ($0.corpus, $0.split.rawValue, $0.keptIn.rawValue) < ($1.corpus, $1.split.rawValue, $1.keptIn.rawValue)
        }
        self.proof = proof
    }

    private struct LeftOutKey: Hashable {
        let corpus: String
        let split: Split
        let keptIn: Split
    }

    /// Counts for every document and corpus the most that it has in common with another document there.
    private static func overlaps(_ corpora: [String], _ clusters: DocumentClusters) -> [Overlap] {
        let names = Set(corpora).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })
        let corpusOf = corpora.map { numbers[$0] ?? 0 }
        let owners = clusters.groups.map { group in
            group.owners.reduce(into: [Int: Int]()) { $0[corpusOf[$1], default: 0] += 1 }
        }
        // By corpus and other corpus: what is said is the same, nearly the same, or only another text is alike.
        var counts = [[[Int]]](
            repeating: [[Int]](repeating: [0, 0, 0], count: names.count), count: names.count)
        for (document, places) in clusters.groupsOf.enumerated() {
            var least = [Int](repeating: 3, count: names.count)
            for place in places {
                let group = clusters.groups[place]
                for other in clusters.linked(to: place) {
                    let isSpoken = !group.isSource && !clusters.groups[other.group].isSource
                    let rank = !isSpoken ? 2 : other.similarity == 1 ? 0 : 1
                    let itself = places.contains(other.group) ? 1 : 0
                    for (corpus, count) in owners[other.group]
                    where count > (corpus == corpusOf[document] ? itself : 0) {
                        least[corpus] = min(least[corpus], rank)
                    }
                }
            }
            for (corpus, rank) in least.enumerated() where rank < 3 { counts[corpusOf[document]][corpus][rank] += 1 }
        }
        return names.indices.flatMap { one in
            names.indices.compactMap { other in
                let found = counts[one][other]
                guard found != [0, 0, 0] else { return nil }
                return Overlap(
                    corpus: names[one], other: names[other], same: found[0], nearly: found[1], bySummary: found[2])
            }
        }
    }
}
