/// Groups documents that share a text, or nearly do, so that none of a group can be trained on and another tested.
///
/// Compared are what the documents say (without the speakers' names) and the source of their summary or reply, across
/// kinds: a sentence that repeats a summary belongs with its dialogue. Summaries and replies must be longer and more
/// alike than whole documents, since "Yes, that works for me." makes nothing a duplicate, nor does one gist of two
/// stories.
package struct DocumentClusters: Sendable {
    /// Summaries and replies with fewer words join no documents.
    package static let leastSourceWords = 8
    /// Summaries and replies that are less alike join no documents.
    package static let sourceSimilarity = 0.8

    /// One document as the comparison sees it.
    package struct Entry: Sendable {
        /// The name that a cluster takes when this is its smallest member: the hash of the normalised text.
        package let textHash: String
        /// The words of what it says, without names.
        package let words: [String]
        /// The words of its summary's or reply's source; empty without one.
        package let sourceWords: [String]

        /// A document from its texts.
        package init(textHash: String, spokenText: String, sourceText: String?) {
            self.textHash = textHash
            words = ComparedText.words(spokenText)
            sourceWords = sourceText.map(ComparedText.words) ?? []
        }
    }

    /// Two documents that belong together, and why.
    package struct Link: Hashable, Sendable {
        /// The place of the earlier document.
        package let first: Int
        /// The place of the later document.
        package let second: Int
        /// Which texts of the two are alike.
        package let texts: Texts
        /// How alike they are, 0…1; 1 for texts that differ in nothing but case, punctuation and white space.
        package let similarity: Double

        /// Which texts of two documents are alike.
        package enum Texts: Hashable, Sendable {
            /// What both say.
            case spoken
            /// The sources of both summaries or replies.
            case sources
            /// What one says and the other's summary or reply.
            case crossed
        }
    }

    /// Every pair that belongs together, ordered by second and then first place.
    package let links: [Link]
    /// The cluster's name of every document, in the order given.
    package let names: [String]

    /// Groups documents; a cluster is named after its smallest hash, whatever their order.
    package init(_ entries: [Entry]) {
        var pool: [[String]] = []
        var owners: [(entry: Int, isSource: Bool)] = []
        for (index, entry) in entries.enumerated() {
            pool.append(entry.words)
            owners.append((index, false))
            if entry.sourceWords.count >= Self.leastSourceWords {
                pool.append(entry.sourceWords)
                owners.append((index, true))
            }
        }
        var groups = DisjointSets(count: entries.count)
        var links: [Link] = []
        func link(_ first: Int, _ second: Int, _ similarity: Double) {
            let (one, other) = (owners[first], owners[second])
            guard one.entry != other.entry else { return }
            let isSpoken = !one.isSource && !other.isSource
            guard isSpoken || similarity >= Self.sourceSimilarity else { return }
            groups.join(one.entry, other.entry)
            let texts: Link.Texts = isSpoken ? .spoken : one.isSource && other.isSource ? .sources : .crossed
            links.append(
                Link(
                    first: min(one.entry, other.entry), second: max(one.entry, other.entry), texts: texts,
                    similarity: similarity))
        }
        var firstPlace: [[String]: Int] = [:]
        var distinct: [Int] = []
        for (place, words) in pool.enumerated() where !words.isEmpty {
            if let first = firstPlace[words] {
                link(first, place, 1)
            } else {
                firstPlace[words] = place
                distinct.append(place)
            }
        }
        for pair in NearDuplicates.pairs(among: distinct.map { pool[$0] }) {
            link(distinct[pair.first], distinct[pair.second], pair.similarity)
        }
        // Texts without any word are the same only where their hashes say so.
        var firstNamed: [String: Int] = [:]
        for (index, entry) in entries.enumerated() {
            if let first = firstNamed[entry.textHash] {
                groups.join(first, index)
            } else {
                firstNamed[entry.textHash] = index
            }
        }
        var hashes: [Int: String] = [:]
        for (index, entry) in entries.enumerated() {
            let root = groups.root(of: index)
            hashes[root] = min(hashes[root] ?? entry.textHash, entry.textHash)
        }
        names = entries.indices.map { hashes[groups.root(of: $0)] ?? entries[$0].textHash }
        self.links = links.sorted { ($0.second, $0.first, $1.similarity) < ($1.second, $1.first, $0.similarity) }
    }
}

/// A partition of 0 ..< count into sets that can be joined (union–find with path halving).
struct DisjointSets {
    private var parents: [Int]

    /// Every element in a set of its own.
    init(count: Int) { parents = Array(0..<count) }

    /// The element that stands for the set of `element`: its smallest.
    mutating func root(of element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    /// Makes one set of the sets of two elements.
    mutating func join(_ first: Int, _ second: Int) {
        let (one, other) = (root(of: first), root(of: second))
        parents[max(one, other)] = min(one, other)
    }
}
