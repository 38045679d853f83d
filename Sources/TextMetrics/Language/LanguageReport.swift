/// What can be said about the language of an output.
public enum LanguageOutcome: Hashable, Sendable {
    /// Nearly all of it is in this language.
    case language(String)
    /// Its sentences are in several languages.
    case mixed
    /// It has too few letters, or too common ones, to say.
    case tooShort
    /// It repeats the source text instead of answering in another language.
    case copiedSource
}

/// The language check of one output: its outcome, and the counts behind it.
public struct LanguageReport: Hashable, Sendable {
    /// What can be said.
    public let outcome: LanguageOutcome
    /// The detection over the whole text; nil where it has no letter known from training.
    public let detection: LanguageDetection?
    /// How many sentences are clearly in each language; unclear ones are left out.
    public let sentences: [String: Int]

    /// The share of the clear sentences that are in `language`, 0…1; nil where none is clear.
    public func share(of language: String) -> Double? {
        let all = sentences.values.reduce(0, +)
        return all > 0 ? Double(sentences[language] ?? 0) / Double(all) : nil
    }

    /// The stored score: 1 in the expected language, 0 in another, mixed or copied, nil where it is too short to say.
    public func score(expected language: String) -> Double? {
        switch outcome {
        case .language(let found): found == language ? 1 : 0
        case .mixed, .copiedSource: 0
        case .tooShort: nil
        }
    }
}

/// Where the language check draws its lines.
public struct LanguageThresholds: Hashable, Sendable {
    /// The margin, in nats, from which a text's or sentence's language counts as clear.
    ///
    /// (At 2, trained on 250 sentences each of English, Spanish, French and German: of Tatoeba's sentences of 1–3 words
    /// 5 % are unclear and 98.5 % of the others right; of those of 4–6 words 0.5 % and 99.8 %.)
    public var clearMargin: Double
    /// The share of clear sentences from which one language speaks for the text.
    public var dominantShare: Double
    /// The share of the output's word triples found in the source from which it counts as a copy.
    public var copiedShare: Double
    /// The fewest words of an output that can be called a copy unless it is the whole source.
    public var fewestCopiedWords: Int

    /// Lines other than the usual ones, which are part of the check's signature.
    public init(
        clearMargin: Double = 2, dominantShare: Double = 0.75, copiedShare: Double = 0.8, fewestCopiedWords: Int = 6
    ) {
        self.clearMargin = clearMargin
        self.dominantShare = dominantShare
        self.copiedShare = copiedShare
        self.fewestCopiedWords = fewestCopiedWords
    }
}

extension LanguageIdentifier {
    /// Checks the language of an output, sentence by sentence.
    ///
    /// - Parameters:
    ///   - output: the text to check.
    ///   - source: the text it was made from; pass it only where the output should be in another language than that,
    ///     and a copy is then told apart from an answer of its own in the wrong language.
    ///   - thresholds: where the lines are drawn.
    /// - Returns: the outcome with the counts behind it.
    public func report(
        _ output: String, source: String? = nil, thresholds: LanguageThresholds = LanguageThresholds()
    ) -> LanguageReport {
        let detection = detect(output)
        var sentences: [String: Int] = [:]
        for sentence in SentenceSplitter.sentences(of: output) {
            guard let found = detect(sentence), found.margin >= thresholds.clearMargin else { continue }
            sentences[found.language, default: 0] += 1
        }
        let clear = sentences.values.reduce(0, +)
        // Ties go to the first code, so that the answer does not depend on the dictionary's order.
        let leader = sentences.min { ($1.value, $0.key) < ($0.value, $1.key) }
        let outcome: LanguageOutcome
        if let source, CopyCheck(source: source).isCopied(output, thresholds: thresholds) {
            outcome = .copiedSource
        } else if let leader {
            let share = Double(leader.value) / Double(clear)
            outcome = share >= thresholds.dominantShare ? .language(leader.key) : .mixed
        } else if let detection, detection.margin >= thresholds.clearMargin {
            outcome = .language(detection.language)
        } else {
            outcome = .tooShort
        }
        return LanguageReport(outcome: outcome, detection: detection, sentences: sentences)
    }

    /// The version that signatures name: the second ends sentences by Unicode's marks of every script.
    static let version = "braid-2"

    /// The signature of the check's scores, which names the languages and this very detector.
    public func signature(thresholds: LanguageThresholds = LanguageThresholds()) -> MetricSignature {
        MetricSignature(
            name: "language",
            fields: [
                .init("case", "fold"), .init("norm", "nfc"), .init("langs", languages.joined(separator: "+")),
                .init("nc", "1-\(Self.orders)"), .init("clear", "\(thresholds.clearMargin)"),
                .init("share", "\(thresholds.dominantShare)"),
                .init("copy", "\(thresholds.copiedShare)-\(thresholds.fewestCopiedWords)"),
                .init("model", fingerprint),
            ], version: Self.version)
    }
}
