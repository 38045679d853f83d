/// Precision, recall and F1 of one ROUGE type, each a fraction in 0…1.
///
/// Source: Lin, "ROUGE: A Package for Automatic Evaluation of Summaries" (2004), with β = 1 as `rouge_score` has it.
public struct RougeScore: Hashable, Sendable {
    /// Matches divided by the prediction's units.
    public let precision: Double
    /// Matches divided by the reference's units.
    public let recall: Double

    /// No match at all, or one side empty.
    public static let zero = RougeScore(precision: 0, recall: 0)

    /// A score from its two fractions.
    public init(precision: Double, recall: Double) {
        self.precision = precision
        self.recall = recall
    }

    /// A score from counts; a side without units counts as having one, so that its fraction is 0.
    package init(matches: Int, predicted: Int, expected: Int) {
        precision = Double(matches) / Double(max(predicted, 1))
        recall = Double(matches) / Double(max(expected, 1))
    }

    /// The harmonic mean 2·p·r / (p + r), 0 where both are 0.
    public var f1: Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }
}

/// The kinds of ROUGE, by the names they have in stored scores.
public enum RougeType: String, Hashable, Sendable, CaseIterable, Codable {
    /// Single words.
    case rouge1
    /// Pairs of words.
    case rouge2
    /// Triples of words.
    case rouge3
    /// The longest common subsequence of the whole texts.
    case rougeL
    /// The union of longest common subsequences, line by line.
    case rougeLsum
    /// The weighted mean of the first three: ROUGE-1 / 6 + ROUGE-2 / 3 + ROUGE-3 / 2.
    case rougeW
}
