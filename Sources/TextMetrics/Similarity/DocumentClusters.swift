/// Groups documents that share a text, or nearly do, so that none of a group can be trained on and another tested.
///
/// Compared are what the documents say (without the speakers' names) and the sources of their summary or reply, across
/// kinds: a sentence that repeats a summary belongs with its dialogue. A conversation is compared with its reply and
/// without, since another corpus may have the whole of it as one dialogue. Summaries and replies must be longer and more
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
        /// The words of all of it with its reply; nil for what has none.
        package let whole: [String]?
        /// The words of its summary's or reply's sources, one or several; empty without any.
        package let sources: [[String]]

        /// A document from its texts.
        package init(textHash: String, spokenText: String, wholeText: String? = nil, sourceTexts: [String]) {
            self.textHash = textHash
            words = ComparedText.words(spokenText)
            whole = wholeText.map(ComparedText.words)
            sources = sourceTexts.map(ComparedText.words)
        }

        /// A document with one source at most.
        package init(textHash: String, spokenText: String, sourceText: String?) {
            self.init(textHash: textHash, spokenText: spokenText, sourceTexts: sourceText.map { [$0] } ?? [])
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
        package enum Texts: String, Hashable, Sendable {
            /// What both say.
            case spoken
            /// The sources of both summaries or replies.
            case sources
            /// What one says and the other's summary or reply.
            case crossed
        }
    }

    /// The documents that have one text in one place, and the texts that are like it.
    package struct TextGroup: Sendable {
        /// The documents that have it, by place and in order.
        package internal(set) var owners: [Int] = []
        /// Whether it is their summary's or reply's source, and not what they say.
        package let isSource: Bool
        /// The groups that belong with this one, itself not among them.
        package internal(set) var neighbours: [Neighbour] = []

        /// A group that belongs with another.
        package struct Neighbour: Hashable, Sendable {
            /// Its place in `groups`.
            package let group: Int
            /// How alike the texts are, 0…1.
            package let similarity: Double
        }
    }

    /// Pairs that belong together, ordered by second and then first place.
    ///
    /// Of documents with the same text each is paired with the first that has it; documents with similar texts are
    /// paired by the first of each. `groups` has everything.
    package let links: [Link]
    /// The cluster's name of every document, in the order given.
    package let names: [String]
    /// Every distinct text with its documents.
    package let groups: [TextGroup]
    /// The places in `groups` of every document's texts, what it says first.
    package let groupsOf: [[Int]]
    private let textHashes: [String]

    /// Groups documents; a cluster is named after its smallest hash, whatever their order.
    package init(_ entries: [Entry]) {
        var index = TextIndex()
        for (place, entry) in entries.enumerated() { index.add(entry, place: place) }
        index.joinNearDuplicates()
        index.joinEqualHashes(entries.map(\.textHash))
        groups = index.groups
        groupsOf = index.groupsOf
        textHashes = entries.map(\.textHash)
        links = Self.links(index.groups)
        names = Self.names(textHashes, groups) { _ in true }
    }

    /// The clusters' names when only some of the documents remain; those of the others mean nothing.
    package func names(keeping isKept: (Int) -> Bool) -> [String] { Self.names(textHashes, groups, isKept) }

    /// A group itself and those that belong with it.
    package func linked(to group: Int) -> [TextGroup.Neighbour] {
        [TextGroup.Neighbour(group: group, similarity: 1)] + groups[group].neighbours
    }

    /// Calls `body` with every document that belongs with one, why, and how alike they are; it may come repeatedly.
    package func forEachNeighbour(of document: Int, _ body: (Int, Link.Texts, Double) -> Void) {
        for place in groupsOf[document] {
            let group = groups[place]
            for other in linked(to: place) {
                let texts = Self.texts(group, groups[other.group])
                for owner in groups[other.group].owners where owner != document { body(owner, texts, other.similarity) }
            }
        }
    }

    private static func names(
        _ hashes: [String], _ groups: [TextGroup], _ isKept: (Int) -> Bool
    ) -> [String] {
        var sets = DisjointSets(count: hashes.count)
        let firsts = groups.map { $0.owners.first(where: isKept) }
        for (place, group) in groups.enumerated() {
            guard let first = firsts[place] else { continue }
            for owner in group.owners where isKept(owner) { sets.join(first, owner) }
            for neighbour in group.neighbours {
                if let other = firsts[neighbour.group] { sets.join(first, other) }
            }
        }
        var smallest: [Int: String] = [:]
        for (place, hash) in hashes.enumerated() where isKept(place) {
            let root = sets.root(of: place)
            smallest[root] = min(smallest[root] ?? hash, hash)
        }
        return hashes.enumerated().map { smallest[sets.root(of: $0.offset)] ?? $0.element }
    }

    private static func links(_ groups: [TextGroup]) -> [Link] {
        var best: [[Int]: Link] = [:]
        func link(_ one: Int, _ other: Int, _ texts: Link.Texts, _ similarity: Double) {
            guard one != other else { return }
            let (first, second) = (min(one, other), max(one, other))
            let key = [first, second, texts == .spoken ? 0 : texts == .sources ? 1 : 2]
            guard similarity > best[key]?.similarity ?? 0 else { return }
            best[key] = Link(first: first, second: second, texts: texts, similarity: similarity)
        }
        for (place, group) in groups.enumerated() {
            guard let first = group.owners.first else { continue }
            for owner in group.owners { link(first, owner, Self.texts(group, group), 1) }
            for neighbour in group.neighbours where neighbour.group > place {
                let other = groups[neighbour.group]
                if let second = other.owners.first {
                    link(first, second, Self.texts(group, other), neighbour.similarity)
                }
            }
        }
        return best.values.sorted {
            ($0.second, $0.first, $1.similarity, $0.texts.rawValue)
                < ($1.second, $1.first, $0.similarity, $1.texts.rawValue)
        }
    }

    private static func texts(_ one: TextGroup, _ other: TextGroup) -> Link.Texts {
        !one.isSource && !other.isSource ? .spoken : one.isSource && other.isSource ? .sources : .crossed
    }
}
