import SeededRandom

/// Texts of made-up words, many of them changed copies of earlier ones.
struct InventedTexts {
    private var generator: SeededGenerator

    /// Texts that follow from a seed.
    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Texts of which about a third repeat an earlier one with some of its words changed.
    mutating func texts(_ count: Int, words: Range<Int>, vocabulary: Int) -> [[String]] {
        var texts: [[String]] = []
        for _ in 0..<count {
            if texts.isEmpty || generator.nextIndex(below: 3) > 0 {
                let length = words.lowerBound + generator.nextIndex(below: words.count)
                texts.append((0..<length).map { _ in word(vocabulary) })
            } else {
                var text = texts[generator.nextIndex(below: texts.count)]
                let changes = generator.nextIndex(below: max(1, text.count / (generator.nextIndex(below: 10) + 4)))
                for _ in 0..<changes { text[generator.nextIndex(below: text.count)] = word(vocabulary) }
                texts.append(text)
            }
        }
        return texts
    }

    private mutating func word(_ vocabulary: Int) -> String { "w\(generator.nextIndex(below: vocabulary))" }

    /// The distinct five-word shingles of a text.
    static func shingles(_ text: [String]) -> Set<[String]> {
        Set((0...text.count - 5).map { Array(text[$0..<$0 + 5]) })
    }

    /// |A ∩ B| / |A ∪ B|.
    static func jaccard<Element>(_ first: Set<Element>, _ second: Set<Element>) -> Double {
        Double(first.intersection(second).count) / Double(first.union(second).count)
    }

    /// The same of two texts' shingles.
    static func jaccard(_ first: [String], _ second: [String]) -> Double {
        jaccard(shingles(first), shingles(second))
    }
}
