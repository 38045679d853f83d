#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The counts from which BLEU follows; they add up over texts.
public struct BLEUStatistics: Hashable, SummableStatistics, Codable {
    /// Tokens of the hypothesis.
    public internal(set) var hypothesisLength: Int
    /// Tokens of the closest reference.
    public internal(set) var referenceLength: Int
    /// Matching n-grams for n = 1…4.
    public internal(set) var matches: [Int]
    /// The hypothesis's n-grams for n = 1…4.
    public internal(set) var totals: [Int]

    /// The counts of no text.
    public static let zero = BLEUStatistics(hypothesisLength: 0, referenceLength: 0)

    init(hypothesisLength: Int, referenceLength: Int) {
        self.hypothesisLength = hypothesisLength
        self.referenceLength = referenceLength
        matches = [Int](repeating: 0, count: BLEU.orders)
        totals = [Int](repeating: 0, count: BLEU.orders)
    }

    /// Counts as stored: the two lengths, 4 matches, 4 totals; nil unless there are ten of them, none negative.
    public init?(counts: [Int]) {
        guard counts.count == 2 + 2 * BLEU.orders, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        hypothesisLength = counts[0]
        referenceLength = counts[1]
        matches = Array(counts[2..<2 + BLEU.orders])
        totals = Array(counts[(2 + BLEU.orders)...])
    }

    /// The ten counts to store: hypothesis length, reference length, 4 matches, 4 totals.
    public var counts: [Int] { [hypothesisLength, referenceLength] + matches + totals }

    /// Adds the counts of further texts.
    public static func += (left: inout BLEUStatistics, right: BLEUStatistics) {
        left.hypothesisLength += right.hypothesisLength
        left.referenceLength += right.referenceLength
        for order in 0..<BLEU.orders {
            left.matches[order] += right.matches[order]
            left.totals[order] += right.totals[order]
        }
    }

    /// BLEU of these counts: brevity penalty · exp(mean over n of ln pₙ).
    ///
    /// An order without a match gets 1 / (2ᵏ · total), k counting such orders (`exp` smoothing); without any match BLEU
    /// is 0. With `effectiveOrder` the mean runs over the orders that the hypothesis is long enough for.
    public func score(effectiveOrder: Bool = false) -> BLEUScore {
        var penalty = 1.0
        if hypothesisLength < referenceLength {
            penalty = hypothesisLength > 0 ? exp(1 - Double(referenceLength) / Double(hypothesisLength)) : 0
        }
        var precisions = [Double](repeating: 0, count: BLEU.orders)
        guard matches.contains(where: { $0 > 0 }) else {
            return BLEUScore(points: 0, precisions: precisions, brevityPenalty: penalty)
        }
        var smoothing = 1.0
        var used = BLEU.orders
        for order in 0..<BLEU.orders {
            guard totals[order] > 0 else { break }
            if effectiveOrder { used = order + 1 }
            if matches[order] == 0 {
                smoothing *= 2
                precisions[order] = 100 / (smoothing * Double(totals[order]))
            } else {
                precisions[order] = 100 * Double(matches[order]) / Double(totals[order])
            }
        }
        // Python's reference floors ln 0 to -9999999999, which makes the score exactly 0 as -∞ does.
        let mean = precisions[..<used].reduce(0) { $0 + ($1 > 0 ? log($1) : -.infinity) } / Double(used)
        return BLEUScore(points: penalty * exp(mean), precisions: precisions, brevityPenalty: penalty)
    }

    /// Reads the ten counts.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = BLEUStatistics(counts: try container.decode([Int].self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "BLEU statistics are ten counts, none of them negative")
        }
        self = value
    }

    /// Writes the ten counts.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(counts)
    }
}

/// BLEU and its parts.
public struct BLEUScore: Hashable, Sendable {
    /// The score, 0…100 (a perfect one is 100 within rounding).
    public let points: Double
    /// The smoothed n-gram precisions for n = 1…4, each 0…100.
    public let precisions: [Double]
    /// The factor for hypotheses shorter than their references, 0…1.
    public let brevityPenalty: Double
}
