/// ROUGE-Lsum: for each reference line the union of its longest common subsequences with all prediction lines.
///
/// A token counts no more often than it occurs on either side. Source: Lin (2004), section 3.2, as `rouge_score` 0.1.2
/// has it.
package enum RougeLsum {
    /// The score of one pair of texts given as lines, whose tokens one interner has numbered.
    package static func score(prediction: [[Int32]], reference: [[Int32]], distinctTokens: Int) -> RougeScore {
        let predicted = prediction.reduce(0) { $0 + $1.count }
        let expected = reference.reduce(0) { $0 + $1.count }
        guard predicted > 0, expected > 0 else { return .zero }
        var leftInPrediction = counts(prediction, distinctTokens)
        var leftInReference = counts(reference, distinctTokens)
        var hits = 0
        for line in reference where !line.isEmpty {
            var isCommon = [Bool](repeating: false, count: line.count)
            for other in prediction where !other.isEmpty {
                let subsequence = LongestCommonSubsequence(rows: line, columns: other, distinctTokens: distinctTokens)
                for index in subsequence.rowIndices() { isCommon[index] = true }
            }
            for (token, common) in zip(line, isCommon) where common {
                guard leftInPrediction[Int(token)] > 0, leftInReference[Int(token)] > 0 else { continue }
                leftInPrediction[Int(token)] -= 1
                leftInReference[Int(token)] -= 1
                hits += 1
            }
        }
        return RougeScore(matches: hits, predicted: predicted, expected: expected)
    }

    private static func counts(_ lines: [[Int32]], _ distinctTokens: Int) -> [Int] {
        var result = [Int](repeating: 0, count: distinctTokens)
        for line in lines {
            for token in line { result[Int(token)] += 1 }
        }
        return result
    }
}
