import CKernels

/// The ranks of a row's entries by magnitude, the smallest first.
///
/// One pass into buckets by the upper bits of |x|, and, where too many entries share one, a radix sort by all bits, eleven
/// at a time, in buffers that serve every row of a matrix. Of entries of equal magnitude the earlier one counts as larger.
package struct RowRanking {
    /// For each entry of the row how many entries are smaller.
    package private(set) var ranks: [Int32]
    /// Magnitude bits above, column below.
    private var keys: [UInt64]
    private var sorted: [UInt64]
    private var room: [UInt64]
    private var starts = [Int](repeating: 0, count: 1 << 11)

    /// Room for rows of a length.
    package init(length: Int) {
        ranks = Array(repeating: 0, count: length)
        keys = Array(repeating: 0, count: length)
        sorted = keys
        room = Array(repeating: 0, count: 2 * length + Int(CK_RANK_ROOM))
    }

    /// Ranks the entries of a matrix from an index on.
    ///
    /// - Complexity: O(length).
    package mutating func rank(_ values: [Float], from start: Int) {
        values.withUnsafeBufferPointer { rank(UnsafeBufferPointer(rebasing: $0[start..<start + ranks.count])) }
    }

    /// Ranks the entries of a row.
    mutating func rank(_ row: UnsafeBufferPointer<Float>) {
        let count = keys.count
        guard !ck_rank_magnitudes(row.baseAddress, count, &ranks, &room) else { return }
        // A stable sort of the row backwards puts the earlier one of equal entries last.
        for column in 0..<count {
            keys[count - 1 - column] = UInt64(row[column].magnitude.bitPattern) << 32 | UInt64(column)
        }
        for shift in [32, 43, 54] as [UInt64] { pass(shift) }
        for (rank, key) in keys.enumerated() { ranks[Int(key & 0xffff_ffff)] = Int32(rank) }
    }

    private mutating func pass(_ shift: UInt64) {
        for index in starts.indices { starts[index] = 0 }
        for key in keys { starts[Int(key >> shift & 0x7ff)] += 1 }
        var sum = 0
        for index in starts.indices {
            let count = starts[index]
            starts[index] = sum
            sum += count
        }
        for key in keys {
            let bucket = Int(key >> shift & 0x7ff)
            sorted[starts[bucket]] = key
            starts[bucket] += 1
        }
        swap(&keys, &sorted)
    }
}
