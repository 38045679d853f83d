import BenchmarkStore
import TextMetrics

/// Scores a prediction against its reference: ROUGE in both readings, weighted ROUGE, chrF++, and the language check.
///
/// Text scores are points of 0…100; the language check is 1, 0, or no row where the text is too short to say.
public struct PredictionScorer: Sendable {
    private let unicode = RougeScorer(tokenizer: .unicode)
    private let classic = RougeScorer(tokenizer: .classic(stems: false))
    private let chrF = ChrF()
    private let identifier: LanguageIdentifier?

    /// - Parameter training: texts of each language, from training splits only, for the language check; without
    ///   at least two languages the check is left out.
    public init(languageTraining training: [(language: String, text: String)]) {
        identifier = Set(training.map(\.language)).count > 1 ? try? LanguageIdentifier(training: training) : nil
    }

    /// A score by the name of its metric.
    public struct Value: Sendable, Equatable {
        public var metric: String
        public var signature: String
        public var value: Double
    }

    private static let rougeTypes: [(RougeType, String)] = [
        (.rouge1, "rouge1"), (.rouge2, "rouge2"), (.rouge3, "rouge3"), (.rougeL, "rougeL"),
    ]

    /// Every score of one prediction.
    ///
    /// - Parameters:
    ///   - language: the language that the answer should have.
    ///   - source: the input, where the answer should be in another language than it.
    public func scores(prediction: String, reference: String, language: String, source: String?) -> [Value] {
        var values: [Value] = []
        for (scorer, suffix) in [(unicode, ""), (classic, "-classic")] {
            let scores = scorer.scores(prediction: prediction, reference: reference)
            for (type, name) in Self.rougeTypes {
                values.append(
                    Value(
                        metric: name + suffix, signature: signature(scorer, type), value: scores.points(type)))
            }
            values.append(
                Value(metric: "rougeW" + suffix, signature: weightedSignature(scorer), value: 100 * scores.weighted))
        }
        values.append(
            Value(
                metric: "chrF++", signature: chrF.signature(references: .fixed(1)).description,
                value: chrF.sentenceScore(hypothesis: prediction, references: [reference])))
        if let identifier,
            let score = identifier.report(prediction, source: source).score(expected: language)
        {
            values.append(Value(metric: "language", signature: identifier.signature().description, value: score))
        }
        return values
    }

    /// The metrics with their signatures, for the store's `metrics` table.
    public var metrics: [MetricRecord] {
        var records: [MetricRecord] = []
        for (scorer, suffix, words) in [(unicode, "", "Unicode words"), (classic, "-classic", "the classic tokenizer")]
        {
            for (type, name) in Self.rougeTypes {
                records.append(
                    MetricRecord(
                        signature: signature(scorer, type), name: name + suffix, direction: .higher, scale: "0-100",
                        description: "F1 of \(type.rawValue.uppercased()) over \(words)"))
            }
            records.append(
                MetricRecord(
                    signature: weightedSignature(scorer), name: "rougeW" + suffix, direction: .higher, scale: "0-100",
                    description: "weighted ROUGE: ROUGE-1/6 + ROUGE-2/3 + ROUGE-3/2 over \(words)"))
        }
        records.append(
            MetricRecord(
                signature: chrF.signature(references: .fixed(1)).description, name: "chrF++", direction: .higher,
                scale: "0-100", description: "sentence chrF++ (characters 1 to 6, words 1 and 2)"))
        if let identifier {
            records.append(
                MetricRecord(
                    signature: identifier.signature().description, name: "language", direction: .higher, scale: "0-1",
                    description: "1 where the answer is in the language asked for"))
        }
        return records
    }

    private func signature(_ scorer: RougeScorer, _ type: RougeType) -> String {
        scorer.signature(of: type, references: .fixed(1)).description
    }

    private func weightedSignature(_ scorer: RougeScorer) -> String {
        let base = scorer.signature(of: .rouge1, references: .fixed(1))
        return MetricSignature(name: "rougeW", fields: base.fields, version: base.version).description
    }
}
