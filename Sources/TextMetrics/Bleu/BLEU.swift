/// BLEU as sacreBLEU 2.6 computes it: summed counts of 1- to 4-grams, `exp` smoothing, case kept.
///
/// ```swift
/// let bleu = BLEU(tokenizer: .mteval13a)
/// let counts = bleu.statistics(hypothesis: "The cat sat.", references: ["The cat slept."])
/// print(counts.score().points, bleu.signature(references: .fixed(1)))
/// ```
///
/// Sources: Papineni, Roukos, Ward and Zhu, "BLEU" (2002); Post, "A Call for Clarity in Reporting BLEU Scores" (2018);
/// smoothing is method 3 of Chen and Cherry (2014).
public struct BLEU: Hashable, Sendable {
    /// The largest n-gram order.
    public static let orders = 4

    /// How texts are cut.
    public let tokenizer: BLEUTokenizer

    /// BLEU with a tokenizer; `13a` is sacreBLEU's default.
    public init(tokenizer: BLEUTokenizer = .mteval13a) {
        self.tokenizer = tokenizer
    }

    /// The counts of one text, to be stored, added over texts and scored.
    ///
    /// An n-gram matches as often as the reference richest in it allows; the reference length is that closest to the
    /// hypothesis (the shorter of equals). No reference at all counts as an empty one.
    public func statistics(hypothesis: String, references: [String]) -> BLEUStatistics {
        var interner = TokenInterner<[Unicode.Scalar]>()
        let texts = ([hypothesis] + references).map { interner.numbers(of: tokenizer.scalarTokens(of: $0)) }
        let length = texts[0].count
        let closest = texts.dropFirst().map(\.count).min { (abs($0 - length), $0) < (abs($1 - length), $1) }
        var statistics = BLEUStatistics(hypothesisLength: length, referenceLength: closest ?? 0)
        var indexer = NGramIndexer(texts, distinct: interner.count)
        for order in 0..<Self.orders {
            if order > 0 { indexer.advance() }
            var available = [Int32](repeating: 0, count: indexer.distinct)
            for reference in texts.indices.dropFirst() {
                for (gram, count) in indexer.counts(ofText: reference).enumerated() where count > available[gram] {
                    available[gram] = count
                }
            }
            for gram in indexer.grams[0] where available[Int(gram)] > 0 {
                available[Int(gram)] -= 1
                statistics.matches[order] += 1
            }
            statistics.totals[order] = indexer.grams[0].count
        }
        return statistics
    }

    /// BLEU of one text: orders beyond its length are left out (sacreBLEU's effective order).
    public func sentenceScore(hypothesis: String, references: [String]) -> BLEUScore {
        statistics(hypothesis: hypothesis, references: references).score(effectiveOrder: true)
    }

    /// The signature of a corpus score, or of a sentence score, whose effective order is another measure.
    public func signature(references: ReferenceCount, sentence: Bool = false) -> MetricSignature {
        MetricSignature(
            name: "BLEU",
            fields: [
                .init("nrefs", references.description), .init("case", "mixed"), .init("eff", sentence ? "yes" : "no"),
                .init("tok", tokenizer.rawValue), .init("smooth", "exp"),
            ])
    }
}
