/// Scores a prediction against its references with every kind of ROUGE, tokenising each text once.
///
/// ```swift
/// let scorer = RougeScorer(tokenizer: .unicode)
/// let scores = scorer.scores(prediction: "Anna kommt später.", references: ["Anna kommt morgen."])
/// print(scores.rougeL.f1)  // 0.666…
/// ```
///
/// With several references the best one counts, for each type by itself; without any, every score is 0.
public struct RougeScorer: Hashable, Sendable {
    /// How texts become words.
    public enum Tokenizer: Hashable, Sendable {
        /// As `rouge_score` 0.1.2 has it: ASCII letters and digits only, stemmed or not.
        case classic(stems: Bool)
        /// Words of every script; see `UnicodeTokenizer`.
        case unicode
    }

    /// How texts become words.
    public let tokenizer: Tokenizer

    /// A scorer; the Unicode tokenizer is Braid's default.
    public init(tokenizer: Tokenizer = .unicode) {
        self.tokenizer = tokenizer
    }

    /// All types for one pair.
    public func scores(prediction: String, reference: String) -> RougeScores {
        scores(prediction: prediction, references: [reference])
    }

    /// All types, each against the reference that gives the best F1 (the first of equals).
    public func scores(prediction: String, references: [String]) -> RougeScores {
        let predicted = lines(of: prediction)
        var best: RougeScores?
        for reference in references {
            let scores = Self.scores(predicted, lines(of: reference))
            best = best.map { $0.bestPerType(with: scores) } ?? scores
        }
        return best ?? .zero
    }

    /// The signature of one of this scorer's types.
    public func signature(of type: RougeType, references: ReferenceCount = .variable) -> MetricSignature {
        let choices: [(String, String)] =
            switch tokenizer {
            case .classic(let stems):
                [("case", "lc"), ("norm", "none"), ("tok", "classic"), ("stem", stems ? "porter" : "none")]
            case .unicode: [("case", "fold"), ("norm", "nfc"), ("tok", "unicode"), ("stem", "none")]
            }
        let fields = [("nrefs", references.description), ("multi", "best")] + choices
        return MetricSignature(
            name: type.rawValue, fields: fields.map { .init($0.0, $0.1) },
            version: tokenizer == .unicode ? UnicodeTokenizer.version : MetricSignature.currentVersion)
    }

    /// The tokens of each non-empty line; only line feeds end a line.
    private func lines(of text: String) -> [[String]] {
        text.unicodeScalars.split(separator: "\n").map { line in
            switch tokenizer {
            case .classic(let stems): ClassicTokenizer(stems: stems).tokens(of: line)
            case .unicode: UnicodeTokenizer().tokens(of: line)
            }
        }
    }

    private static func scores(_ prediction: [[String]], _ reference: [[String]]) -> RougeScores {
        var interner = TokenInterner<String>()
        let reference = reference.map { interner.numbers(of: $0) }
        let prediction = prediction.map { interner.numbers(of: $0) }
        let allReference = Array(reference.joined())
        let allPrediction = Array(prediction.joined())
        let distinct = interner.count
        let grams = RougeN.scores(prediction: allPrediction, reference: allReference, distinctTokens: distinct)
        return RougeScores(
            rouge1: grams[0], rouge2: grams[1], rouge3: grams[2],
            rougeL: RougeL.score(prediction: allPrediction, reference: allReference, distinctTokens: distinct),
            rougeLsum: RougeLsum.score(prediction: prediction, reference: reference, distinctTokens: distinct))
    }
}

/// Every kind of ROUGE for one prediction; fractions in 0…1.
public struct RougeScores: Hashable, Sendable {
    /// Single words.
    public let rouge1: RougeScore
    /// Pairs of words.
    public let rouge2: RougeScore
    /// Triples of words.
    public let rouge3: RougeScore
    /// The longest common subsequence.
    public let rougeL: RougeScore
    /// The union of longest common subsequences by lines.
    public let rougeLsum: RougeScore

    /// Nothing found.
    public static let zero = RougeScores(rouge1: .zero, rouge2: .zero, rouge3: .zero, rougeL: .zero, rougeLsum: .zero)

    /// Weighted ROUGE of the F1 values.
    public var weighted: Double { WeightedRouge.combine(rouge1: rouge1.f1, rouge2: rouge2.f1, rouge3: rouge3.f1) }

    /// The F1 of a type (or weighted ROUGE) as a fraction in 0…1.
    public subscript(type: RougeType) -> Double {
        switch type {
        case .rouge1: rouge1.f1
        case .rouge2: rouge2.f1
        case .rouge3: rouge3.f1
        case .rougeL: rougeL.f1
        case .rougeLsum: rougeLsum.f1
        case .rougeW: weighted
        }
    }

    /// The F1 of a type on the scale 0…100 of stored scores.
    public func points(_ type: RougeType) -> Double { 100 * self[type] }

    fileprivate func bestPerType(with other: RougeScores) -> RougeScores {
        func best(_ path: KeyPath<RougeScores, RougeScore>) -> RougeScore {
            other[keyPath: path].f1 > self[keyPath: path].f1 ? other[keyPath: path] : self[keyPath: path]
        }
        return RougeScores(
            rouge1: best(\.rouge1), rouge2: best(\.rouge2), rouge3: best(\.rouge3), rougeL: best(\.rougeL),
            rougeLsum: best(\.rougeLsum))
    }
}
