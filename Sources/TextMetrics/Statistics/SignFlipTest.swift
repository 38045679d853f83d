import SeededRandom

/// The sign-flip test of "no difference", that is, of paired differences symmetric about 0.
///
/// Each document's (or cluster's) difference keeps or changes its sign; p is the share of such tables whose sum is at
/// least as far from 0 as the one observed. Ties count. Where at most 16 documents differ at all, every table is looked
/// at (p is then never below 2^(1−k) with k differing documents); otherwise p = (1 + hits) / (flips + 1) over random
/// flips, drawn once and shared by all comparisons of a report.
///
/// sacreBLEU's approximate randomisation counts only sums strictly beyond the observed one, and so calls two systems
/// that differ in one of 90 sentences significantly different (p = 0.0001); here p is 1.
public struct SignFlipTest: Sendable {
    /// Which differences speak against the hypothesis.
    public enum Alternative: Hashable, Sendable {
        /// Both signs.
        case twoSided
        /// Positive sums only.
        case greater
    }

    /// Up to this many differing documents all tables are counted.
    public static let exactLimit = 16

    /// How many documents one table holds.
    public let documents: Int
    /// How many random tables were drawn.
    public let flips: Int
    /// Eight documents a byte, `bytesPerFlip` bytes a table.
    private let signs: [UInt8]
    private let bytesPerFlip: Int

    /// Draws the tables for comparisons over `documents` documents; none are needed, or drawn, for 16 or fewer.
    ///
    /// - Precondition: neither number is negative.
    public init(documents: Int, flips: Int = 100_000, using generator: inout SeededGenerator) {
        precondition(documents >= 0 && flips >= 0, "documents and flips cannot be negative")
        self.documents = documents
        self.flips = flips
        bytesPerFlip = (documents + 7) / 8
        guard documents > Self.exactLimit else {
            signs = []
            return
        }
        var signs: [UInt8] = []
        signs.reserveCapacity(flips * bytesPerFlip)
        for _ in 0..<flips {
            var bits: UInt64 = 0
            for byte in 0..<bytesPerFlip {
                if byte.isMultiple(of: 8) { bits = generator.next() }
                signs.append(UInt8(truncatingIfNeeded: bits))
                bits >>= 8
            }
        }
        self.signs = signs
    }

    /// The p-value of one comparison.
    ///
    /// - Parameters:
    ///   - differences: one value a document, in an order that all comparisons share. For documents in clusters pass
    ///     `ClusterSums`; for strata of different sizes pass `contributions(strata:)`.
    ///   - alternative: which differences speak against "no difference".
    /// - Returns: a p-value above 0, at most 1.
    /// - Precondition: `differences.count == documents`.
    /// - Complexity: O(flips · documents / 8), less where few documents differ, or O(2^k) with k ≤ 16 differing documents.
    public func pValue(_ differences: [Double], alternative: Alternative = .twoSided) -> Double {
        precondition(differences.count == documents, "the test was drawn for \(documents) documents")
        let differing = differences.filter { $0 != 0 }
        if differing.count <= Self.exactLimit { return Self.exactP(differing, alternative: alternative) }

        let threshold = Threshold(differences, alternative: alternative)
        let partial = Self.partialSums(differences)
        // Groups without a difference add 0 under every pattern.
        let groups = (0..<bytesPerFlip).filter { group in
            differences[group * 8..<min(group * 8 + 8, documents)].contains { $0 != 0 }
        }
        var hits = 0
        signs.withUnsafeBufferPointer { signs in
            partial.withUnsafeBufferPointer { partial in
                for flip in 0..<flips {
                    var sum = 0.0
                    for group in groups { sum += partial[group << 8 | Int(signs[flip * bytesPerFlip + group])] }
                    if threshold.isReached(by: sum) { hits += 1 }
                }
            }
        }
        return Double(1 + hits) / Double(flips + 1)
    }

    /// The differences of several strata as one list whose sum is the number of strata times their equally weighted
    /// mean.
    ///
    /// Each difference is divided by its stratum's size, so that dialogues and conversations weigh the same.
    public static func contributions(strata: [[Double]]) -> [Double] {
        strata.flatMap { stratum in stratum.map { $0 / Double(stratum.count) } }
    }

    /// The p-value over all 2^k tables.
    private static func exactP(_ differences: [Double], alternative: Alternative) -> Double {
        guard !differences.isEmpty else { return 1 }
        let threshold = Threshold(differences, alternative: alternative)
        // Sums of every table, built document by document; no running sum, so rounding does not pile up.
        var sums = [0.0]
        for difference in differences { sums = sums.map { $0 + difference } + sums.map { $0 - difference } }
        return Double(sums.count { threshold.isReached(by: $0) }) / Double(sums.count)
    }

    /// For each group of eight documents the sum under each of the 256 sign patterns; a set bit changes the sign.
    private static func partialSums(_ differences: [Double]) -> [Double] {
        var sums: [Double] = []
        for start in stride(from: 0, to: differences.count, by: 8) {
            let group = differences[start..<min(start + 8, differences.count)]
            for pattern in 0..<256 {
                var sum = 0.0
                for (bit, difference) in group.enumerated() {
                    sum += pattern >> bit & 1 == 0 ? difference : -difference
                }
                sums.append(sum)
            }
        }
        return sums
    }

    /// The observed sum less an allowance for rounding, so that a tie is a tie.
    struct Threshold {
        let value: Double
        let allowance: Double
        let alternative: Alternative

        init(_ differences: [Double], alternative: Alternative) {
            let sum = differences.reduce(0, +)
            allowance = 1e-10 * differences.reduce(0) { $0 + abs($1) }
            value = (alternative == .twoSided ? abs(sum) : sum) - allowance
            self.alternative = alternative
        }

        func isReached(by sum: Double) -> Bool { (alternative == .twoSided ? abs(sum) : sum) >= value }
    }
}
