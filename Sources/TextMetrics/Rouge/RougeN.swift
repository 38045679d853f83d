/// ROUGE-N: the n-grams that prediction and reference share, each counted as often as in the poorer of the two.
///
/// Source: Lin (2004), section 2, with clipped counts and precision as `rouge_score` 0.1.2 has them.
package enum RougeN {
    /// The scores of orders 1…`orders` for one pair of texts, whose tokens one interner has numbered.
    ///
    /// - Complexity: O(orders · tokens).
    package static func scores(
        prediction: [Int32], reference: [Int32], distinctTokens: Int, orders: Int = 3
    ) -> [RougeScore] {
        var indexer = NGramIndexer([reference, prediction], distinct: distinctTokens)
        var scores: [RougeScore] = []
        for order in 1...orders {
            if order > 1 { indexer.advance() }
            scores.append(
                RougeScore(
                    matches: indexer.clippedMatches(0, 1), predicted: indexer.grams[1].count,
                    expected: indexer.grams[0].count))
        }
        return scores
    }
}
