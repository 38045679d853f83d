import BenchmarkStore
import TextMetrics

/// Scores a prediction against its references: ROUGE in both readings, weighted ROUGE, chrF++, BLEU for translations, and
/// the language check.
///
/// Text scores are points of 0…100; the language check is 1, 0, or no row where the text is too short to say or the
/// language has too little training text to be judged.
public struct PredictionScorer: Sendable {
    private let unicode = RougeScorer(tokenizer: .unicode)
    private let classic = RougeScorer(tokenizer: .classic(stems: false))
    private let chrF = ChrF()
    private let bleus: [String: BLEU]
    private let languages: LanguageTraining
    private let references: ReferenceCount
    /// Taken once, since naming the detector means going over all of it.
    private let languageSignature: String

    /// A scorer of one run.
    ///
    /// - Parameters:
    ///   - training: texts with the codes of their languages, from training splits only, for the language check.
    ///   - translations: reference texts by the code of the language they were translated into, whose script decides
    ///     what BLEU counts there.
    ///   - references: how many references the examples have, which every signature says.
    public init(
        languageTraining training: [(language: String, text: String)], translations: [String: [String]] = [:],
        references: ReferenceCount = .fixed(1)
    ) {
        languages = LanguageTraining(training)
        languageSignature = languages.identifier?.signature().description ?? ""
        bleus = translations.mapValues { BLEU(tokenizer: BLEUTokenizer(suiting: $0)) }
        self.references = references
    }

    /// The languages whose answers cannot be judged, with the training text that they have and need.
    public var notJudged: [LanguageTraining.Amount] { languages.notJudged }

    /// A score by the name of its metric.
    public struct Value: Sendable, Equatable {
        public var metric: String
        public var signature: String
        public var value: Double
    }

    private static let rougeTypes: [(RougeType, String)] = [
        (.rouge1, "rouge1"), (.rouge2, "rouge2"), (.rouge3, "rouge3"), (.rougeL, "rougeL"),
    ]

    /// Every score of one prediction; of several references the best counts, for each kind of score by itself.
    ///
    /// - Parameters:
    ///   - language: the code of the language that the answer should have.
    ///   - source: the input, where the answer should be in another language than it.
    public func scores(prediction: String, references: [String], language: String, source: String?) -> [Value] {
        var values: [Value] = []
        for (scorer, suffix) in [(unicode, ""), (classic, "-classic")] {
            let scores = scorer.scores(prediction: prediction, references: references)
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
                metric: "chrF++", signature: chrF.signature(references: self.references).description,
                value: chrF.sentenceScore(hypothesis: prediction, references: references)))
        if source != nil, let bleu = bleus[language] {
            values.append(
                Value(
                    metric: "bleu", signature: signature(bleu),
                    value: bleu.sentenceScore(hypothesis: prediction, references: references).points))
        }
        let expected = LanguageTag.detected(language)
        if let identifier = languages.identifier, identifier.languages.contains(expected),
            let score = identifier.report(prediction, source: source).score(expected: expected)
        {
            values.append(Value(metric: "language", signature: languageSignature, value: score))
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
                signature: chrF.signature(references: references).description, name: "chrF++", direction: .higher,
                scale: "0-100", description: "sentence chrF++ (characters 1 to 6, words 1 and 2)"))
        for bleu in Set(bleus.values).sorted(by: { $0.tokenizer.rawValue < $1.tokenizer.rawValue }) {
            records.append(
                MetricRecord(
                    signature: signature(bleu), name: "bleu", direction: .higher, scale: "0-100",
                    description: "sentence BLEU, orders beyond its length left out"))
        }
        if languages.identifier != nil {
            records.append(
                MetricRecord(
                    signature: languageSignature, name: "language", direction: .higher, scale: "0-1",
                    description: "1 where the answer is in the language asked for"))
        }
        return records
    }

    private func signature(_ scorer: RougeScorer, _ type: RougeType) -> String {
        scorer.signature(of: type, references: references).description
    }

    private func signature(_ bleu: BLEU) -> String {
        bleu.signature(references: references, sentence: true).description
    }

    private func weightedSignature(_ scorer: RougeScorer) -> String {
        let base = scorer.signature(of: .rouge1, references: references)
        return MetricSignature(name: "rougeW", fields: base.fields, version: base.version).description
    }
}
