/// Merges the bytes of a piece into tokens: always the pair of the least rank, and of equal ones the leftmost.
///
/// Short pieces, which is nearly all, are searched for the least rank after every merge; long ones keep a heap.
///
/// Source: Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016), section 3.2.
struct BytePairEncoder {
    private let merges: MergeTable
    private let byteTokens: [Int32?]
    // Scratch, kept between pieces: the symbols so far, and for each its merge with the right neighbour.
    private var symbols: [Int32] = []
    private var pairs: [MergeTable.Merge] = []

    /// Above this many symbols the heap is faster (measured in release: even at about 280).
    private static let longest = 256

    /// An encoder with empty scratch.
    ///
    /// - Parameters:
    ///   - merges: The vocabulary's merges.
    ///   - byteTokens: The token of each of the 256 byte values; bytes without one yield nothing.
    init(merges: MergeTable, byteTokens: [Int32?]) {
        self.merges = merges
        self.byteTokens = byteTokens
    }

    /// Appends the tokens of one piece to `result`.
    ///
    /// A byte without a token is left out before merging, so its neighbours may merge, as in the reference tokenizers.
    ///
    /// - Complexity: O(n log n) in the length of the piece.
    mutating func encode(_ piece: ArraySlice<UInt8>, into result: inout [Int32]) {
        symbols.removeAll(keepingCapacity: true)
        for byte in piece { if let id = byteTokens[Int(byte)] { symbols.append(id) } }
        pairs.removeAll(keepingCapacity: true)
        for index in symbols.indices {
            pairs.append(index + 1 < symbols.count ? merges.merge(symbols[index], symbols[index + 1]) : .none)
        }
        if symbols.count > Self.longest { mergeWithHeap() } else { mergeBySearching() }
        result += symbols
    }

    private mutating func mergeBySearching() {
        while symbols.count > 1 {
            var best = 0
            for index in 1..<pairs.count where pairs[index].rank < pairs[best].rank { best = index }
            guard pairs[best] != .none else { return }
            symbols[best] = pairs[best].id
            symbols.remove(at: best + 1)
            pairs.remove(at: best + 1)
            pairs[best] = best + 1 < symbols.count ? merges.merge(symbols[best], symbols[best + 1]) : .none
            if best > 0 { pairs[best - 1] = merges.merge(symbols[best - 1], symbols[best]) }
        }
    }

    /// The symbols stay at their places, linked past those that a left neighbour has swallowed.
    private mutating func mergeWithHeap() {
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
                link(place, next[place], &heap)
            } else {
                pairs[place] = .none
            }
            if previous[place] >= 0 { link(previous[place], place, &heap) }
        }
        var kept: [Int32] = []
        var index = 0
        while index < symbols.count {
            kept.append(symbols[index])
            index = next[index]
        }
        symbols = kept
    }

    private mutating func link(_ left: Int, _ right: Int, _ heap: inout MergeHeap) {
        pairs[left] = merges.merge(symbols[left], symbols[right])
        if pairs[left] != .none { heap.insert(rank: pairs[left].rank, place: left) }
    }
}

/// A binary heap of possible merges, least rank first and leftmost among equals.
private struct MergeHeap {
    // Rank in the high, place in the low half, so that one comparison orders both.
    private var items: [UInt64] = []

    mutating func insert(rank: UInt32, place: Int) {
        items.append(UInt64(rank) << 32 | UInt64(place))
        var child = items.count - 1
        while child > 0, items[child] < items[(child - 1) / 2] {
            items.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeLeast() -> (rank: UInt32, place: Int)? {
        guard let least = items.first, let last = items.popLast() else { return nil }
        if !items.isEmpty {
            items[0] = last
            sink()
        }
        return (UInt32(least >> 32), Int(least & 0xFFFF_FFFF))
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { return }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < items[parent] else { return }
            items.swapAt(parent, child)
            parent = child
        }
    }
}
