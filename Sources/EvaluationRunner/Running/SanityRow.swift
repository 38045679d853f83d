import TextMetrics

/// Answers made without a model, which every method should be compared with.
///
/// - `reference`: the reference itself: the best that the metrics can give.
/// - `copy`: the input as it is; a method that does not beat it has learned nothing of use.
/// - `firstSentence`: the input's first line or sentence.
/// - `otherReference`: the reference of another document: what speaking the right language about nothing is worth.
enum SanityRow: String, CaseIterable, Sendable {
    case reference
    case copy
    case firstSentence = "first-sentence"
    case otherReference = "other-reference"

    var title: String {
        switch self {
        case .reference: "Reference"
        case .copy: "Copy of the input"
        case .firstSentence: "First sentence"
        case .otherReference: "Another reference"
        }
    }

    /// The answer to an example; `other` is the reference of another document.
    func answer(input: String, reference: String, other: String) -> String {
        switch self {
        case .reference: reference
        case .copy: input
        case .firstSentence: Self.firstSentence(of: input)
        case .otherReference: other
        }
    }

    /// The first sentence, or the first line where that ends before it; in any script.
    static func firstSentence(of text: String) -> String { SentenceSplitter.sentences(of: text).first ?? "" }
}
