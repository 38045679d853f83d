/// ROUGE-L: one longest common subsequence over the whole texts; line ends are blanks like any other.
///
/// Source: Lin (2004), section 3.1, with β = 1.
package enum RougeL {
    /// The score of one pair of texts, whose tokens one interner has numbered.
    package static func score(prediction: [Int32], reference: [Int32], distinctTokens: Int) -> RougeScore {
        guard !prediction.isEmpty, !reference.isEmpty else { return .zero }
        let subsequence = LongestCommonSubsequence(
            rows: reference, columns: prediction, distinctTokens: distinctTokens)
        return RougeScore(matches: subsequence.length, predicted: prediction.count, expected: reference.count)
    }
}
