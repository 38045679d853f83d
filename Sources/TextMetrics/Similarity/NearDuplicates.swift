/// Finds the pairs of texts that are nearly the same.
///
/// Two texts are near-duplicates when either
/// - the Jaccard similarity |A ∩ B| / |A ∪ B| of their sets of five-word shingles is at least `shingleThreshold`, or
/// - both have at most `shortWords` words and few of them differ (`ShortTexts`).
/// Where both have at most `shortWords` words, those that tell texts apart must be alike in either case. Texts below
/// `leastWords` words are never near-duplicates.
///
/// Candidates for the first are found by MinHash and then compared exactly, so no pair is found wrongly. The signature
/// has the usual 128 places, but the threshold is lower than the 0.7 to 0.8 that is usual when cleaning training data,
/// and the bands weigh a missed pair a million times a comparison in vain: what is missed here is a leak. That gives
/// 53 bands of 2 rows, and a pair at the threshold itself is missed once in four million.
package enum NearDuplicates {
    /// Least Jaccard similarity of five-word shingles.
    package static let shingleThreshold = 0.5
    /// Least word edit similarity of short texts.
    package static let editThreshold = 0.65
    /// Texts of at most so many words are also compared word by word.
    package static let shortWords = 40
    /// Texts of fewer words are never called near-duplicates.
    package static let leastWords = 6
    /// Words in a shingle.
    static let shingleLength = 5
    /// How much worse it is to miss a pair than to compare one in vain.
    static let missWeight = 1e6

    /// How signatures are cut into bands.
    package static let banding = Banding.optimal(
        threshold: shingleThreshold, permutations: MinHash().permutations, falsePositiveWeight: 1,
        falseNegativeWeight: missWeight)

    /// Two texts that are nearly the same, by their places in the list.
    package struct Pair: Hashable, Sendable {
        /// The place of the earlier text.
        package let first: Int
        /// The place of the later text.
        package let second: Int
        /// How alike they are, 0…1.
        package let similarity: Double
    }

    /// All near-duplicate pairs among texts given as words, ordered by second and then first place.
    ///
    /// - Complexity: near O(words) where few texts are alike; 40,000 dialogues of 130 words take a few seconds.
    package static func pairs(among texts: [[String]]) -> [Pair] {
        let numbered = NumberedWords(texts)
        let eligible = texts.indices.filter { texts[$0].count >= leastWords }
        var best: [Places: Double] = [:]
        func keep(_ first: Int, _ second: Int, _ similarity: Double) {
            let places = Places(first: first, second: second)
            best[places] = max(best[places] ?? 0, similarity)
        }
        let short = eligible.filter { texts[$0].count <= shortWords }
        let shortTexts = ShortTexts(short.map { numbered.texts[$0] }, wordCount: numbered.hashes.count)
        let shortPlaces = Dictionary(uniqueKeysWithValues: zip(short, short.indices))
        forEachSharingShingles(eligible, numbered) { first, second, similarity in
            if let one = shortPlaces[first], let other = shortPlaces[second], !shortTexts.tellAlike(one, other) {
                return
            }
            keep(first, second, similarity)
        }
        shortTexts.forEachPair { keep(short[$0], short[$1], $2) }
        return best.map { Pair(first: $0.key.first, second: $0.key.second, similarity: $0.value) }
            .sorted { ($0.second, $0.first) < ($1.second, $1.first) }
    }

    private struct Places: Hashable {
        let first: Int
        let second: Int
    }

    /// Calls `body` with every two texts whose shingles are alike enough, the earlier one first.
    private static func forEachSharingShingles(
        _ places: [Int], _ words: NumberedWords, _ body: (Int, Int, Double) -> Void
    ) {
        let minHash = MinHash(permutations: banding.bands * banding.rows)
        var index = LocalitySensitiveIndex(banding)
        for place in places { index.add(minHash.signature(of: words.shingles(of: place, length: shingleLength))) }
        var sets: [Int: [UInt64]] = [:]
        func set(_ place: Int) -> [UInt64] {
            if let known = sets[place] { return known }
            let set = Set(words.shingles(of: place, length: shingleLength)).sorted()
            sets[place] = set
            return set
        }
        index.forEachCandidate { first, second in
            let (one, other) = (set(places[first]), set(places[second]))
            // Nothing that is so much shorter can be alike, whatever it shares.
            guard Double(min(one.count, other.count)) >= shingleThreshold * Double(max(one.count, other.count)) else {
                return
            }
            let shared = countShared(one, other)
            let similarity = Double(shared) / Double(one.count + other.count - shared)
            if similarity >= shingleThreshold { body(places[first], places[second], similarity) }
        }
    }

    /// |A ∩ B| of two ascending lists without repetitions.
    static func countShared<Element: Comparable>(_ first: [Element], _ second: [Element]) -> Int {
        var shared = 0
        var (i, j) = (0, 0)
        while i < first.count, j < second.count {
            if first[i] == second[j] {
                shared += 1
                i += 1
                j += 1
            } else if first[i] < second[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return shared
    }

    /// 1 − (Levenshtein distance in words) / (words of the longer text).
    package static func editSimilarity<Word: Equatable>(_ first: [Word], _ second: [Word]) -> Double {
        let longer = max(first.count, second.count)
        guard longer > 0 else { return 1 }
        var row = Array(0...second.count)
        for (i, word) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in second.indices {
                let substitution = diagonal + (word == second[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, diagonal + 1)
            }
        }
        return 1 - Double(row[second.count]) / Double(longer)
    }
}
