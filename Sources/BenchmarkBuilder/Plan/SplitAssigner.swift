import BenchmarkStore
import SeededRandom

/// Decides which documents are trained on and which are tested on.
///
/// A document lies in one split for every task and setting, and documents that share their normalised text or their
/// near-duplicate cluster go together, whatever their kind or corpus. Within each corpus and kind the counts are the
/// shares' exact fractions, as far as such groups let them be.
///
/// Each group draws a number from the seed and the smallest hash of its texts, so the result depends on nothing but the
/// texts, the shares and the seed: not on the order of files, row numbers or the machine. Groups of several documents
/// go where their number falls among the shares, if there is room; then single documents, in the order of their
/// numbers, fill test, validation and train. A document that is added or taken away moves few others.
///
/// Documents whose split is decided stay there; the shares are those of the documents whose source has no split for
/// them.
package struct SplitAssigner {
    /// A document as the assignment sees it.
    package struct Item: Hashable, Sendable {
        /// The document's row number, which only names it here.
        package let id: Int64
        /// The name of its corpus.
        package let corpus: String
        /// What it is.
        package let kind: DocumentKind
        /// Hash of its normalised text.
        package let textHash: String
        /// Name of its near-duplicate cluster.
        package let cluster: String

        /// The split that its source puts it in.
        package let official: Split?
        /// The split that it must go to: its source's, or that of documents which it belongs with.
        package let decided: Split?

        /// A document by what matters here.
        package init(
            id: Int64, corpus: String, kind: DocumentKind, textHash: String, cluster: String, official: Split? = nil,
            decided: Split? = nil
        ) {
            self.id = id
            self.corpus = corpus
            self.kind = kind
            self.textHash = textHash
            self.cluster = cluster
            self.official = official
            self.decided = decided ?? official
        }
    }

    /// Documents of one corpus and kind, whose counts must come out.
    private struct Stratum: Hashable {
        let corpus: String
        let kind: DocumentKind
    }

    /// Documents that go together.
    private struct Group {
        var members: [Item]
        let name: String
        let draw: UInt64
    }

    private var room: [Stratum: [Split: Int]] = [:]
    private var splits: [Int64: Split] = [:]

    /// The split of every document, by row number.
    package static func assign(
        _ items: [Item], shares: BuildParameters.Shares, seed: Int64
    ) -> [Int64: Split] {
        var assigner = SplitAssigner()
        let divided = items.filter { $0.official == nil }
        for (stratum, members) in Dictionary(grouping: divided, by: { Stratum(corpus: $0.corpus, kind: $0.kind) }) {
            assigner.room[stratum] = shares[stratum.kind].counts(of: members.count)
        }
        for item in items { if let split = item.decided { assigner.put([item], split) } }
        let groups = groups(of: items.filter { $0.decided == nil }, seed: seed)
            .sorted { ($0.draw, $0.name) < ($1.draw, $1.name) }
        for group in groups where group.members.count > 1 { assigner.place(group, shares: shares) }
        for group in groups where group.members.count == 1 {
            assigner.put(
                group.members, [Split.test, .validation].first { assigner.hasRoom(for: group, in: $0) } ?? .train)
        }
        return assigner.splits
    }

    /// Puts a group of several documents where its number falls among the shares, or else where there is room.
    private mutating func place(_ group: Group, shares: BuildParameters.Shares) {
        let kinds = DocumentKind.allCases.filter { kind in group.members.contains { $0.kind == kind } }
        let shares = shares[kinds.first ?? .dialogue]
        let point = Int(group.draw.multipliedFullWidth(by: UInt64(shares.sum)).high)
        let drawn: Split =
            point < shares.train ? .train : point < shares.train + shares.validation ? .validation : .test
        put(group.members, ([drawn] + Split.allCases).first { hasRoom(for: group, in: $0) } ?? .train)
    }

    private mutating func put(_ members: [Item], _ split: Split) {
        for member in members {
            splits[member.id] = split
            guard member.official == nil else { continue }
            room[Stratum(corpus: member.corpus, kind: member.kind), default: [:]][split, default: 0] -= 1
        }
    }

    private func hasRoom(for group: Group, in split: Split) -> Bool {
        let needed = Dictionary(grouping: group.members) { Stratum(corpus: $0.corpus, kind: $0.kind) }
        return needed.allSatisfy { stratum, members in room[stratum]?[split] ?? 0 >= members.count }
    }

    /// Groups of documents that share a text or a cluster, directly or through others.
    private static func groups(of items: [Item], seed: Int64) -> [Group] {
        var parents = Array(items.indices)
        func root(_ index: Int) -> Int {
            var index = index
            while parents[index] != index {
                parents[index] = parents[parents[index]]
                index = parents[index]
            }
            return index
        }
        var firstWith: [String: Int] = [:]
        for (index, item) in items.enumerated() {
            // A cluster is named after a text, so one namespace serves both.
            for name in [item.textHash, item.cluster] {
                if let first = firstWith[name] { parents[root(index)] = root(first) } else { firstWith[name] = index }
            }
        }
        return Dictionary(grouping: items.indices, by: root).values.map { indices in
            let name = indices.map { items[$0].textHash }.min() ?? ""
            var generator = SeededGenerator(seed: UInt64(bitPattern: seed), purpose: "split \(name)")
            return Group(members: indices.map { items[$0] }, name: name, draw: generator.next())
        }
    }
}
