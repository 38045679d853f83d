/// Weighted ROUGE, the lead metric for replies: ROUGE-1 / 6 + ROUGE-2 / 3 + ROUGE-3 / 2 of the F1 values.
///
/// The weights grow with the order and add up to 1, so the result keeps the scale of its parts.
public enum WeightedRouge {
    /// The weighted mean of three scores of the same scale.
    public static func combine(rouge1: Double, rouge2: Double, rouge3: Double) -> Double {
        rouge1 / 6 + rouge2 / 3 + rouge3 / 2
    }
}
