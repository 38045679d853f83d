import SeededRandom

/// The sums of several columns under the same random sign flips, from which the sign-flip test of any two follows.
///
/// The sum of differences a − b under a flip is the difference of the two sums under it. So the flips of n methods are
/// gone through n times, and not for each of their n(n − 1)/2 pairs. The flips are those of a `SignFlipTest` from the same
/// generator, and the p-values are the same.
public struct FlippedSums: Sendable {
    /// How many documents each column has.
    public let documents: Int
    /// How many random flips there are.
    public let flips: Int
    /// One sum a flip, for each column.
    private let sums: [[Double]]
    /// √Σx² of each column, the size that its sums have.
    private let sizes: [Double]

    /// Goes through the flips.
    ///
    /// - Parameters:
    ///   - columns: one value a document (or cluster), in an order that all columns share.
    ///   - flips: how many flips to draw.
    ///   - generator: where the random numbers come from.
    /// - Precondition: all columns have the same number of values.
    /// - Complexity: O(columns · documents · flips / 8); `columns · flips` numbers are kept.
    public init(columns: [[Double]], flips: Int = 100_000, using generator: inout SeededGenerator) {
        let documents = columns.first?.count ?? 0
        precondition(columns.allSatisfy { $0.count == documents }, "every column needs a value of each document")
        self.documents = documents
        self.flips = flips
        sizes = columns.map { column in column.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        sums = Self.sums(columns, documents: documents, flips: flips, using: &generator)
    }

    /// The two-sided p-value of "no difference" between two columns.
    ///
    /// - Parameters:
    ///   - differences: first − second, document by document.
    ///   - first: the place of a column.
    ///   - second: the place of another.
    /// - Returns: what `SignFlipTest` finds; nil where the differences are so small beside the columns that rounding
    ///   might hide a tie, or where all tables can be counted.
    public func pValue(_ differences: [Double], of first: Int, minus second: Int) -> Double? {
        guard differences.count == documents, differences.count(where: { $0 != 0 }) > SignFlipTest.exactLimit else {
            return nil
        }
        let threshold = SignFlipTest.Threshold(differences, alternative: .twoSided)
        // A running sum of the columns seldom passes six times its size, and loses half a unit at each group.
        let groups = Double(documents / 8 + 16)
        guard threshold.allowance > 6 * groups * 0x1p-53 * (sizes[first] + sizes[second]) else { return nil }
        var hits = 0
        sums[first].withUnsafeBufferPointer { left in
            sums[second].withUnsafeBufferPointer { right in
                for flip in 0..<flips where threshold.isReached(by: left[flip] - right[flip]) { hits += 1 }
            }
        }
        return Double(1 + hits) / Double(flips + 1)
    }

    // MARK: The sums

    /// Eight columns side by side.
    private typealias Lane = SIMD8<Double>

    /// Groups of eight documents that are gone through together: two words of random bits, a table that stays in the cache.
    private static let groupsAtOnce = 16
    /// Flips whose bits are held at once.
    private static let flipsAtOnce = 4_096

    private static func sums(
        _ columns: [[Double]], documents: Int, flips: Int, using generator: inout SeededGenerator
    ) -> [[Double]] {
        let words = (documents + 63) / 64
        let lanes = (columns.count + 7) / 8
        var sums = columns.map { _ in [Double]() }
        for index in sums.indices { sums[index].reserveCapacity(flips) }
        var bits = [UInt64](repeating: 0, count: words * flipsAtOnce)
        var table = [Lane](repeating: .zero, count: groupsAtOnce * 256)
        for start in stride(from: 0, to: flips, by: flipsAtOnce) {
            let count = min(flipsAtOnce, flips - start)
            for index in 0..<words * count { bits[index] = generator.next() }
            for lane in 0..<lanes {
                let part = columns[lane * 8..<min(lane * 8 + 8, columns.count)]
                var totals = [Lane](repeating: .zero, count: count)
                for group in stride(from: 0, to: (documents + 7) / 8, by: groupsAtOnce) {
                    fill(&table, part, from: group * 8, documents: documents)
                    add(table, bits, words: words, from: group / 8, to: &totals)
                }
                for place in part.indices { sums[place] += totals.map { $0[place - lane * 8] } }
            }
        }
        return sums
    }

    /// For each group of eight documents the sums under each of the 256 sign patterns; a set bit changes the sign.
    private static func fill(_ table: inout [Lane], _ columns: ArraySlice<[Double]>, from first: Int, documents: Int) {
        for group in 0..<groupsAtOnce {
            var values = [Lane](repeating: .zero, count: 8)
            for bit in 0..<8 where first + group * 8 + bit < documents {
                for (lane, column) in columns.enumerated() { values[bit][lane] = column[first + group * 8 + bit] }
            }
            table[group * 256] = values.reduce(.zero, +)
            for pattern in 1..<256 {
                table[group * 256 + pattern] =
                    table[group * 256 + (pattern & (pattern - 1))] - 2 * values[pattern.trailingZeroBitCount]
            }
        }
    }

    private static func add(_ table: [Lane], _ bits: [UInt64], words: Int, from word: Int, to totals: inout [Lane]) {
        // With an odd number of words the last round has one only.
        let wordsHere = min(groupsAtOnce / 8, words - word)
        table.withUnsafeBufferPointer { table in
            bits.withUnsafeBufferPointer { bits in
                totals.withUnsafeMutableBufferPointer { totals in
                    for flip in totals.indices {
                        var total = totals[flip]
                        for offset in 0..<wordsHere {
                            var pattern = bits[flip * words + word + offset]
                            for group in offset * 8..<offset * 8 + 8 {
                                total += table[group << 8 | Int(pattern & 0xFF)]
                                pattern >>= 8
                            }
                        }
                        totals[flip] = total
                    }
                }
            }
        }
    }
}
