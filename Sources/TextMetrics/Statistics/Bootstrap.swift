import SeededRandom

/// Bootstrap draws of documents within strata, made once and used for every method and setting, so that the differences
/// between two of them are paired.
///
/// ```swift
/// let bootstrap = Bootstrap(strata: [90, 60], using: &generator)
/// let bleu = bootstrap.distribution(of: statistics) { $0.score().points }
/// let interval = Bootstrap.percentileInterval(bleu)
/// ```
///
/// Source: Koehn, "Statistical Significance Tests for Machine Translation Evaluation" (2004).
public struct Bootstrap: Sendable {
    /// How many documents there are, over all strata.
    public let documents: Int
    /// How many draws were made.
    public let draws: Int
    /// The documents of each draw, `documents` of them: numbered through all strata, with repetitions.
    private let drawn: [Int32]

    /// Makes the draws: from each stratum as many documents as it has, with replacement.
    ///
    /// - Parameters:
    ///   - strata: the number of documents in each stratum; documents are numbered stratum after stratum.
    ///   - draws: how many draws to make.
    ///   - generator: where the random numbers come from.
    /// - Precondition: no number is negative.
    public init(strata: [Int], draws: Int = 2_000, using generator: inout SeededGenerator) {
        precondition(draws >= 0 && strata.allSatisfy { $0 >= 0 }, "draws and strata cannot be negative")
        let documents = strata.reduce(0, +)
        var drawn: [Int32] = []
        drawn.reserveCapacity(documents * draws)
        for _ in 0..<draws {
            var start = 0
            for size in strata {
                for _ in 0..<size {
                    drawn.append(Int32(truncatingIfNeeded: start + generator.nextIndex(below: size)))
                }
                start += size
            }
        }
        self.documents = documents
        self.draws = draws
        self.drawn = drawn
    }

    /// The score of each draw's summed statistics.
    ///
    /// - Parameters:
    ///   - statistics: one value a document (its settings summed), in the order of the strata.
    ///   - score: the metric of summed statistics.
    /// - Returns: one score a draw.
    /// - Precondition: `statistics.count == documents`.
    public func distribution<Statistics: SummableStatistics>(
        of statistics: [Statistics], score: (Statistics) -> Double
    ) -> [Double] {
        precondition(statistics.count == documents, "the bootstrap was drawn for \(documents) documents")
        return distribution { indices in
            score(indices.reduce(into: Statistics.zero) { $0 += statistics[Int($1)] })
        }
    }

    /// The mean of each draw's values.
    ///
    /// - Precondition: `values.count == documents`.
    public func means(of values: [Double]) -> [Double] {
        precondition(values.count == documents, "the bootstrap was drawn for \(documents) documents")
        return distribution { indices in
            indices.reduce(0) { $0 + values[Int($1)] } / Double(max(indices.count, 1))
        }
    }

    /// Any statistic of each draw's documents, such as a recovery rate of three methods' means.
    public func distribution(_ statistic: (ArraySlice<Int32>) -> Double) -> [Double] {
        (0..<draws).map { statistic(drawn[$0 * documents..<($0 + 1) * documents]) }
    }

    /// The middle part of a distribution, its ends interpolated between draws; nil for an empty one.
    ///
    /// Draws without a number (a ratio 0 / 0) are not allowed.
    public static func percentileInterval(_ values: [Double], confidence: Double = 0.95) -> ClosedRange<Double>? {
        guard !values.isEmpty, !values.contains(where: \.isNaN) else { return nil }
        let sorted = values.sorted()
        func percentile(_ fraction: Double) -> Double {
            let position = fraction * Double(sorted.count - 1)
            let below = Int(position)
            let above = min(below + 1, sorted.count - 1)
            let weight = position - Double(below)
            // One end alone where it carries all the weight, so that infinite draws do not become NaN.
            guard weight > 0 else { return sorted[below] }
            return sorted[below] + weight * (sorted[above] - sorted[below])
        }
        let low = percentile((1 - confidence) / 2)
        let high = percentile((1 + confidence) / 2)
        return low <= high ? low...high : nil
    }
}
