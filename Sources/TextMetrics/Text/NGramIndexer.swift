/// The n-grams of several texts, order after order, each distinct n-gram known by a small whole number.
///
/// An n-gram is the pair (its first n − 1 tokens as an n-gram, its last token). Numbering those pairs keeps the key at
/// 64 bits whatever the order, and counting becomes an array lookup.
package struct NGramIndexer {
    /// The tokens of each text.
    private let texts: [[Int32]]
    /// For each text, the number of the n-gram that starts at each position.
    package private(set) var grams: [[Int32]]
    /// The order n of `grams`; starts at 1.
    package private(set) var order = 1
    /// How many distinct n-grams of the present order there are in all texts together.
    package private(set) var distinct: Int

    /// The 1-grams of the texts, whose tokens have been numbered by one interner.
    package init(_ texts: [[Int32]], distinct: Int) {
        self.texts = texts
        self.distinct = distinct
        grams = texts
    }

    /// Goes on from n-grams to (n + 1)-grams.
    package mutating func advance() {
        var numbers: [UInt64: Int32] = [:]
        for index in texts.indices {
            let tokens = texts[index]
            let length = max(0, tokens.count - order)
            var longer: [Int32] = []
            longer.reserveCapacity(length)
            for start in 0..<length {
                let prefix = UInt64(UInt32(bitPattern: grams[index][start]))
                let key = prefix << 32 | UInt64(UInt32(bitPattern: tokens[start + order]))
                let next = Int32(truncatingIfNeeded: numbers.count)
                if let known = numbers[key] {
                    longer.append(known)
                } else {
                    numbers[key] = next
                    longer.append(next)
                }
            }
            grams[index] = longer
        }
        order += 1
        distinct = numbers.count
    }

    /// How often each n-gram occurs in text `index`; the array has `distinct` elements.
    package func counts(ofText index: Int) -> [Int32] {
        var result = [Int32](repeating: 0, count: distinct)
        for gram in grams[index] { result[Int(gram)] += 1 }
        return result
    }

    /// The n-grams that texts `first` and `second` share, each counted as often as in the poorer of the two.
    package func clippedMatches(_ first: Int, _ second: Int) -> Int {
        var available = counts(ofText: first)
        var matches = 0
        for gram in grams[second] where available[Int(gram)] > 0 {
            available[Int(gram)] -= 1
            matches += 1
        }
        return matches
    }
}
