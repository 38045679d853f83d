/// What two neighbouring tokens become, and how soon.
struct Merge: Equatable, Sendable {
    /// The order of preference; the least goes first.
    var rank: UInt32
    /// The token that the pair becomes.
    var id: Int32

    /// What a pair has that does not merge: the last rank of all.
    static let none = Merge(rank: .max, id: -1)
}

/// The merges of a vocabulary.
protocol MergeRules: Sendable {
    /// The merge of a pair, or `none`; two pairs of one rank become the same token.
    func merge(_ left: Int32, _ right: Int32) -> Merge
}

/// Merges neighbouring tokens: always the pair of the least rank, and of equal ones the leftmost.
///
/// Short sequences, which is nearly all, are searched for the least rank after every merge; long ones keep a heap.
///
/// Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016), section 3.2.
struct PairMerger<Rules: MergeRules> {
    private let rules: Rules
    // Scratch, kept between pieces: of each symbol the merge with its right neighbour.
    private var pairs: [Merge] = []

    /// Above this many symbols the heap is faster (measured in release: even at about 280).
    private static var longest: Int { 256 }

    init(_ rules: Rules) {
        self.rules = rules
    }

    /// Merges the symbols of one piece until no pair is left that merges.
    ///
    /// - Complexity: O(n log n) in the number of symbols.
    mutating func merge(_ symbols: inout [Int32]) {
        pairs.removeAll(keepingCapacity: true)
        for index in symbols.indices {
            pairs.append(index + 1 < symbols.count ? rules.merge(symbols[index], symbols[index + 1]) : .none)
        }
        if symbols.count > Self.longest { mergeWithHeap(&symbols) } else { mergeBySearching(&symbols) }
    }

    private mutating func mergeBySearching(_ symbols: inout [Int32]) {
        while symbols.count > 1 {
            var best = 0
            for index in 1..<pairs.count where pairs[index].rank < pairs[best].rank { best = index }
            guard pairs[best] != .none else { return }
            symbols[best] = pairs[best].id
            symbols.remove(at: best + 1)
            pairs.remove(at: best + 1)
            pairs[best] = best + 1 < symbols.count ? rules.merge(symbols[best], symbols[best + 1]) : .none
            if best > 0 { pairs[best - 1] = rules.merge(symbols[best - 1], symbols[best]) }
        }
    }

    /// The symbols stay at their places, linked past those that a left neighbour has swallowed.
    private mutating func mergeWithHeap(_ symbols: inout [Int32]) {
        var next = Array(1...symbols.count)
        var previous = Array(-1..<symbols.count - 1)
        var heap = MergeHeap()
        for index in pairs.indices where pairs[index] != .none { heap.insert(rank: pairs[index].rank, place: index) }
        while let candidate = heap.removeLeast() {
            let place = candidate.place
            // A rank belongs to one pair only, so an entry is stale exactly if the place now has another rank.
            guard pairs[place].rank == candidate.rank else { continue }
            let swallowed = next[place]
            symbols[place] = pairs[place].id
            pairs[swallowed] = .none
            next[place] = next[swallowed]
            next[swallowed] = swallowed
            if next[place] < symbols.count {
                previous[next[place]] = place
                link(place, next[place], symbols, &heap)
            } else {
                pairs[place] = .none
            }
            if previous[place] >= 0 { link(previous[place], place, symbols, &heap) }
        }
        var kept: [Int32] = []
        var index = 0
        while index < symbols.count {
            kept.append(symbols[index])
            index = next[index]
        }
        symbols = kept
    }

    private mutating func link(_ left: Int, _ right: Int, _ symbols: [Int32], _ heap: inout MergeHeap) {
        pairs[left] = rules.merge(symbols[left], symbols[right])
        if pairs[left] != .none { heap.insert(rank: pairs[left].rank, place: left) }
    }
}
