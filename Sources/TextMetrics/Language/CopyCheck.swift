/// Whether a text repeats its source: most of its word triples stand in the source as well.
///
/// Where most words are single characters, of scripts without blanks, a triple says little: runs of six count instead,
/// and twice as many characters as words are needed.
package struct CopyCheck {
    private let words: [String]
    private let runs: [Int: Set<[String]>]

    /// A check against one source.
    package init(source: String) {
        words = UnicodeTokenizer().tokens(of: source.unicodeScalars)
        let words = words
        runs = Dictionary(uniqueKeysWithValues: [3, 6].map { ($0, Set(Self.runs(of: words, length: $0))) })
    }

    /// Whether the output is the source itself, or has enough words and enough of them in the source's order.
    package func isCopied(_ output: String, thresholds: LanguageThresholds) -> Bool {
        let words = UnicodeTokenizer().tokens(of: output.unicodeScalars)
        guard !words.isEmpty else { return false }
        if words == self.words { return true }
        let characters = words.count { $0.unicodeScalars.first.map { WordClass($0) == .character } ?? false }
        let scale = 2 * characters > words.count ? 2 : 1
        guard words.count >= scale * max(3, thresholds.fewestCopiedWords) else { return false }
        let own = Self.runs(of: words, length: 3 * scale)
        let found = own.count { runs[3 * scale]?.contains($0) ?? false }
        return Double(found) >= thresholds.copiedShare * Double(own.count)
    }

    private static func runs(of words: [String], length: Int) -> [[String]] {
        words.indices.dropLast(length - 1).map { Array(words[$0..<$0 + length]) }
    }
}
