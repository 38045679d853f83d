/// chrF++ as sacreBLEU 2.6 computes it (`chrF2++`): F2 over character 1- to 6-grams and word 1- and 2-grams.
///
/// Blanks do not count as characters, case is kept, and orders that neither side is long enough for are left out.
/// Sources: Popović, "chrF" (2015) and "chrF++: words helping character n-grams" (2017).
public struct ChrF: Hashable, Sendable {
    /// The largest order of character n-grams.
    public static let characterOrders = 6
    /// The largest order of word n-grams.
    public static let wordOrders = 2

    /// chrF++; it has no options.
    public init() {}

    /// The counts of one text, to be stored, added over texts and scored.
    ///
    /// Of several references the one with the best F counts (the first of equals). No reference counts as an empty one.
    public func statistics(hypothesis: String, references: [String]) -> ChrFStatistics {
        let references = references.isEmpty ? [""] : references
        let texts = [hypothesis] + references
        var characters = TokenInterner<Unicode.Scalar>()
        let characterTexts = texts.map { text in
            characters.numbers(of: text.unicodeScalars.filter { !$0.isPythonWhitespace })
        }
        var words = TokenInterner<[Unicode.Scalar]>()
        let wordTexts = texts.map { words.numbers(of: Self.words(of: $0)) }

        var candidates = [ChrFStatistics](repeating: .zero, count: references.count)
        Self.count(characterTexts, distinct: characters.count, orders: 0..<Self.characterOrders, into: &candidates)
        let wordRange = Self.characterOrders..<Self.characterOrders + Self.wordOrders
        Self.count(wordTexts, distinct: words.count, orders: wordRange, into: &candidates)

        var best = candidates[0]
        var bestPoints = best.score
        for candidate in candidates.dropFirst() where candidate.score > bestPoints {
            best = candidate
            bestPoints = candidate.score
        }
        return best
    }

    /// chrF++ of one text, 0…100.
    public func sentenceScore(hypothesis: String, references: [String]) -> Double {
        statistics(hypothesis: hypothesis, references: references).score
    }

    /// The signature; corpus and sentence scores share it, as in sacreBLEU.
    public func signature(references: ReferenceCount) -> MetricSignature {
        MetricSignature(
            name: "chrF2++",
            fields: [
                .init("nrefs", references.description), .init("case", "mixed"), .init("eff", "yes"),
                .init("nc", String(Self.characterOrders)), .init("nw", String(Self.wordOrders)), .init("space", "no"),
            ])
    }

    /// Fills the given places of each candidate with the counts of n = 1, 2, … over `texts` (the hypothesis first).
    private static func count(
        _ texts: [[Int32]], distinct: Int, orders: Range<Int>, into candidates: inout [ChrFStatistics]
    ) {
        var indexer = NGramIndexer(texts, distinct: distinct)
        for order in orders {
            if order > orders.lowerBound { indexer.advance() }
            for index in candidates.indices {
                let expected = indexer.grams[index + 1].count
                // The reference leaves out the hypothesis's n-grams where the reference text has none of that order.
                candidates[index].orders[order] = ChrFStatistics.Order(
                    hypothesis: expected > 0 ? indexer.grams[0].count : 0, reference: expected,
                    matches: indexer.clippedMatches(index + 1, 0))
            }
        }
    }

    /// Words at blanks, with one ASCII punctuation mark cut off at the end or else at the beginning.
    private static func words(of text: String) -> [[Unicode.Scalar]] {
        text.unicodeScalars.splitAtPythonWhitespace().flatMap { word -> [[Unicode.Scalar]] in
            guard word.count > 1 else { return [word] }
            if isPunctuation(word[word.count - 1]) { return [Array(word.dropLast()), [word[word.count - 1]]] }
            if isPunctuation(word[0]) { return [[word[0]], Array(word.dropFirst())] }
            return [word]
        }
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
        default: false
        }
    }
}
