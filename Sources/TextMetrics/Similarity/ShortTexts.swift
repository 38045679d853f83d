/// Finds the pairs among short texts that differ in a few words only.
///
/// In a short text two changed words break every five-word shingle, so texts of 6 to 40 words are compared word by
/// word: their edit similarity, 1 − distance / longer length, must reach `NearDuplicates.editThreshold`. That alone
/// would call "can you ask him to water the plants" and "can you ask him to feed the cat" alike: of 39,577 messages to
/// an assistant, most of one mould, it put 22,363 into one cluster. So the words that tell texts apart, those that few
/// of the texts have, must be alike as well; the largest cluster then had 389, nearly all of them the same message.
///
/// Candidates share one of their rarest words: two texts of n words or more with at least ⌈t·n⌉ in common share one of
/// the first n − ⌈t·n⌉ + 1 in the order of rarity, so none is missed. (Bayardo, Ma and Srikant, "Scaling Up All Pairs
/// Similarity Search", WWW 2007.)
struct ShortTexts {
    /// Least edit similarity of the texts' telling words, those that are not common.
    static let tellingThreshold = 0.6
    /// A word is common where more than this share of the texts have it …
    static let commonShare = 0.01
    /// … and more than so many of them.
    static let commonTexts = 50

    private let texts: [[UInt32]]
    private let telling: [[UInt32]]

    /// Short texts as numbered words.
    ///
    /// - Parameter wordCount: a number above all words' numbers.
    init(_ texts: [[UInt32]], wordCount: Int) {
        var having = [Int](repeating: 0, count: wordCount)
        for text in texts { for word in Set(text) { having[Int(word)] += 1 } }
        let limit = max(Self.commonTexts, Int(Double(texts.count) * Self.commonShare))
        self.texts = texts
        telling = texts.map { text in text.filter { having[Int($0)] <= limit } }
    }

    /// Calls `body` with the places of every two texts that are alike, the earlier one first, and their similarity.
    func forEachPair(_ body: (Int, Int, Double) -> Void) {
        let ranked = rankedWords()
        var postings: [Int32: [Int32]] = [:]
        var lastSeenFor = [Int](repeating: -1, count: texts.count)
        for (current, words) in ranked.enumerated() {
            for word in words.prefix(words.count - Self.shared(of: words.count) + 1) {
                for posting in postings[word, default: []] {
                    let other = Int(posting)
                    guard lastSeenFor[other] != current else { continue }
                    lastSeenFor[other] = current
                    guard haveEnoughInCommon(words, ranked[other]) else { continue }
                    if let similarity = similarity(other, current) { body(other, current, similarity) }
                }
                postings[word, default: []].append(Int32(current))
            }
        }
    }

    /// Whether the words that tell two texts apart are alike enough.
    func tellAlike(_ first: Int, _ second: Int) -> Bool {
        NearDuplicates.editSimilarity(telling[first], telling[second]) >= Self.tellingThreshold
    }

    /// How alike two texts are, or nil where they are not near-duplicates.
    private func similarity(_ first: Int, _ second: Int) -> Double? {
        guard tellAlike(first, second) else { return nil }
        let similarity = NearDuplicates.editSimilarity(texts[first], texts[second])
        return similarity >= NearDuplicates.editThreshold ? similarity : nil
    }

    /// How many words a text must have in common with one that is no shorter.
    private static func shared(of count: Int) -> Int {
        Int((NearDuplicates.editThreshold * Double(count) - 1e-9).rounded(.up))
    }

    private func haveEnoughInCommon(_ first: [Int32], _ second: [Int32]) -> Bool {
        let needed = Self.shared(of: max(first.count, second.count))
        return needed <= min(first.count, second.count) && NearDuplicates.countShared(first, second) >= needed
    }

    /// Every text's words by rarity, each as a rank; a word's second time in a text is a word of its own.
    private func rankedWords() -> [[Int32]] {
        let counted = texts.map { text -> [UInt64] in
            var times: [UInt32: UInt64] = [:]
            return text.map { word in
                let time = times[word, default: 0]
                times[word] = time + 1
                return UInt64(word) << 8 | time
            }
        }
        var frequency: [UInt64: Int32] = [:]
        for text in counted { for word in text { frequency[word, default: 0] += 1 } }
        let order = frequency.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let ranks = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element.key, Int32($0.offset)) })
        return counted.map { text in text.compactMap { ranks[$0] }.sorted() }
    }
}
