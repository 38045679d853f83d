import Foundation

/// Finds the texts of a collection that are most like another: the cosine of TF-IDF vectors over words.
///
/// A word that stands in d of the n texts weighs ln((1 + n) / (1 + d)) + 1, times how often it stands in the text. Words
/// are those of `ComparedText`. A word that the collection does not have changes all cosines by one factor, so it is
/// left out.
///
/// Source: Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988); the smoothed weight is
/// scikit-learn's default.
public struct TextSimilarity: Sendable {
    private var weights: [Double] = []
    private var numbers: [String: Int] = [:]
    /// For each word the texts that have it, ascending, with its part in the text's vector of length 1.
    private var postings: [[(text: Int, part: Double)]] = []
    private let count: Int

    /// Counts the words of a collection.
    public init(_ texts: [String]) {
        count = texts.count
        var counted: [[(word: Int, count: Int)]] = []
        var holders: [Int] = []
        for text in texts {
            var counts: [Int: Int] = [:]
            for word in ComparedText.words(text) {
                let number = numbers[word, default: numbers.count]
                if number == holders.count {
                    numbers[word] = number
                    holders.append(0)
                }
                counts[number, default: 0] += 1
            }
            for number in counts.keys { holders[number] += 1 }
            // Sums run in the order of the words' numbers: a dictionary's own order differs from run to run.
            counted.append(counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
        weights = holders.map { holders in
            log(Double(1 + texts.count) / Double(1 + holders)) + 1
        }
        postings = Array(repeating: [], count: holders.count)
        for (text, words) in counted.enumerated() {
            let parts = words.map { Double($0.count) * weights[$0.word] }
            let length = parts.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for (word, part) in zip(words, parts) { postings[word.word].append((text, part / length)) }
        }
    }

    /// The places of the `count` texts most like `text`, the most similar first; of equally similar ones the earlier.
    public func nearest(_ count: Int, to text: String) -> [Int] {
        var counts: [Int: Int] = [:]
        for word in ComparedText.words(text) {
            if let number = numbers[word] { counts[number, default: 0] += 1 }
        }
        var products = [Double](repeating: 0, count: self.count)
        for (number, count) in counts.sorted(by: { $0.key < $1.key }) {
            for posting in postings[number] {
                products[posting.text] += posting.part * Double(count) * weights[number]
            }
        }
        return Array(
            products.indices.sorted { (products[$0], $1) > (products[$1], $0) }.prefix(count))
    }
}
