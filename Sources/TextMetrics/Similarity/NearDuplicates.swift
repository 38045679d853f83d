/// Finds the pairs of texts that are nearly the same.
///
/// Two texts are near-duplicates when either
/// - the Jaccard similarity |A ∩ B| / |A ∪ B| of their sets of five-word shingles is at least `shingleThreshold`, or
/// - both have at most `shortWords` words and their word edit similarity, 1 − distance / longer length, is at least
///   `editThreshold`; in a short text two changed words break every shingle.
///
/// Texts below `leastWords` words are never near-duplicates. Candidates come from an inverted index over rare shingles
/// with prefix filtering, which misses no pair above the threshold: with n shingles in order of rarity, two sets of
/// similarity t or more share one of the first n − ⌈t·n⌉ + 1. (Bayardo, Ma and Srikant, "Scaling Up All Pairs
/// Similarity Search", WWW 2007.)
package struct NearDuplicates {
    /// Least Jaccard similarity of five-word shingles.
    package static let shingleThreshold = 0.5
    /// Least word edit similarity of short texts.
    package static let editThreshold = 0.65
    /// Texts of at most so many words are also compared word by word.
    package static let shortWords = 40
    /// Texts of fewer words are never called near-duplicates.
    package static let leastWords = 6
    /// Least Jaccard similarity of two-word shingles that an edit similarity of `editThreshold` leaves.
    ///
    /// k changed words of n spare n − 1 − 2k of n − 1 + 2k different pairs: a ninth at worst for k ≤ 0.35 n (n = 6, k =
    /// 2).
    private static let pairThreshold = 0.11

    /// Two texts that are nearly the same, by their places in the list.
    package struct Pair: Hashable, Sendable {
        /// The place of the earlier text.
        package let first: Int
        /// The place of the later text.
        package let second: Int
        /// How alike they are, 0…1.
        package let similarity: Double
    }

    private let texts: [[UInt32]]

    /// All near-duplicate pairs among texts given as words, ordered by second and then first place.
    ///
    /// - Complexity: near O(words) where few texts share rare shingles; 10,000 dialogues take a second or two.
    package static func pairs(among texts: [[String]]) -> [Pair] {
        var numbers: [String: UInt32] = [:]
        let finder = NearDuplicates(
            texts: texts.map { words in
                words.map { word in
                    let next = UInt32(truncatingIfNeeded: numbers.count)
                    let number = numbers[word] ?? next
                    if number == next { numbers[word] = number }
                    return number
                }
            })
        return finder.pairs()
    }

    private func pairs() -> [Pair] {
        let eligible = texts.indices.filter { texts[$0].count >= Self.leastWords }
        var best: [Pair: Double] = [:]
        func keep(_ first: Int, _ second: Int, _ similarity: Double) {
            let key = Pair(first: first, second: second, similarity: 0)
            best[key] = max(best[key] ?? 0, similarity)
        }
        Self.forEachSimilar(eligible, shingles: { shingles($0, length: 5) }, threshold: Self.shingleThreshold) {
            keep($0, $1, $2)
        }
        let short = eligible.filter { texts[$0].count <= Self.shortWords }
        Self.forEachSimilar(short, shingles: { shingles($0, length: 2) }, threshold: Self.pairThreshold) {
            first, second, _ in
            let similarity = Self.editSimilarity(texts[first], texts[second])
            if similarity >= Self.editThreshold { keep(first, second, similarity) }
        }
        return best.map { Pair(first: $0.key.first, second: $0.key.second, similarity: $0.value) }
            .sorted { ($0.second, $0.first) < ($1.second, $1.first) }
    }

    /// The distinct shingles of a text, each as a 64-bit mixture of its words' numbers.
    private func shingles(_ index: Int, length: Int) -> Set<UInt64> {
        let words = texts[index]
        guard words.count >= length else { return [] }
        var shingles: Set<UInt64> = []
        for start in 0...(words.count - length) {
            var mixed: UInt64 = 0x9e37_79b9_7f4a_7c15
            for word in words[start..<start + length] {
                mixed = (mixed ^ UInt64(word)) &* 0xbf58_476d_1ce4_e5b9
                mixed ^= mixed >> 29
            }
            shingles.insert(mixed)
        }
        return shingles
    }

    /// Calls `body` with every pair of sets whose Jaccard similarity reaches the threshold, earlier place first.
    private static func forEachSimilar(
        _ places: [Int], shingles: (Int) -> Set<UInt64>, threshold: Double, body: (Int, Int, Double) -> Void
    ) {
        let sets = places.map(shingles)
        var frequency: [UInt64: Int32] = [:]
        for set in sets { for shingle in set { frequency[shingle, default: 0] += 1 } }
        // Shingles by rarity: a number below another means rarer or as rare.
        let order = frequency.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
        let ranks = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element.key, Int32($0.offset)) })
        let ranked = sets.map { set in set.compactMap { ranks[$0] }.sorted() }

        var postings = [[Int32]](repeating: [], count: order.count)
        var lastSeenFor = [Int](repeating: -1, count: places.count)
        for (current, set) in ranked.enumerated() where !set.isEmpty {
            let prefix = set.count - Int((threshold * Double(set.count)).rounded(.up)) + 1
            for shingle in set.prefix(prefix) {
                for posting in postings[Int(shingle)] {
                    let other = Int(posting)
                    guard lastSeenFor[other] != current else { continue }
                    lastSeenFor[other] = current
                    let sizes = (
                        Double(min(set.count, ranked[other].count)), Double(max(set.count, ranked[other].count))
                    )
                    guard sizes.0 >= threshold * sizes.1 else { continue }
                    let similarity = jaccard(set, ranked[other])
                    if similarity >= threshold { body(places[other], places[current], similarity) }
                }
                postings[Int(shingle)].append(Int32(current))
            }
        }
    }

    /// |A ∩ B| / |A ∪ B| of two ascending lists.
    private static func jaccard(_ first: [Int32], _ second: [Int32]) -> Double {
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
        return Double(shared) / Double(first.count + second.count - shared)
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
