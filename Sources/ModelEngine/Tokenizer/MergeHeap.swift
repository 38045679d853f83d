/// A binary heap of possible merges, least rank first and leftmost among equals.
struct MergeHeap {
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
