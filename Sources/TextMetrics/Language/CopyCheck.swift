/// Whether a text repeats its source: most of its word triples stand in the source as well.
package struct CopyCheck {
    private let words: [String]
    private let triples: Set<[String]>

    /// A check against one source.
    package init(source: String) {
        words = UnicodeTokenizer().tokens(of: source.unicodeScalars)
        triples = Self.triples(of: words)
    }

    /// Whether the output is the source itself, or has enough words and enough of them in the source's order.
    package func isCopied(_ output: String, thresholds: LanguageThresholds) -> Bool {
        let words = UnicodeTokenizer().tokens(of: output.unicodeScalars)
        guard !words.isEmpty else { return false }
        if words == self.words { return true }
        guard words.count >= max(3, thresholds.fewestCopiedWords) else { return false }
        let found = words.indices.dropLast(2).count { triples.contains(Array(words[$0..<$0 + 3])) }
        return Double(found) >= thresholds.copiedShare * Double(words.count - 2)
    }

    private static func triples(of words: [String]) -> Set<[String]> {
        Set(words.indices.dropLast(2).map { Array(words[$0..<$0 + 3]) })
    }
}
