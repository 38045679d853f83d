#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Tells which language of a closed set a text is written in: naive Bayes on character 1- to 4-grams.
///
/// Trained on the benchmark's own training text, so that a new language pack brings its own detector:
/// ```swift
/// let identifier = try LanguageIdentifier(training: lines.map { (language: $0.code, text: $0.text) })
/// let detection = identifier.detect("¿Dónde está la llave?")  // es, margin 14 or so
/// ```
///
/// With c the training count of n-gram g in language l, log P(g | l) = ln((c + α) / (N + α·V)), N being all n-grams of
/// that order in l and V the distinct ones of that order. A text's score is the mean over the four orders of the sums
/// of log P; languages are equally likely beforehand. N-grams seen in no language are passed over, but a Han ideograph or
/// Hangul syllable seen in none, of which a little training text leaves thousands, counts as one of its kind: by the share
/// that such letters have among the single letters of each language.
///
/// ## Topics
/// - ``init(training:)``
/// - ``detect(_:)``
/// - ``report(_:source:)``
public struct LanguageIdentifier: Sendable {
    /// The largest n-gram order.
    public static let orders = 4
    /// What is added to every count, α.
    static let smoothing = 0.1

    /// The languages it chooses from, by code, sorted.
    public let languages: [String]
    /// The characters of the training text, the blank first; a character's number is its place + 1.
    let alphabet: [Character]
    /// The n-grams, ascending: up to four 16-bit character numbers each, the last lowest.
    let grams: [UInt64]
    /// How often each n-gram occurs in each language, `languages.count` a gram.
    let counts: [UInt32]

    /// The number of each character.
    private let numbers: [Character: UInt16]
    /// log P of each n-gram in each language, laid out as `counts`.
    private let weights: [Float]
    /// log P of a letter of each large script in each language.
    private let largeScripts: [LargeScript: [Double]]
    /// Open addressing: the place in `grams` of the n-gram that hashes here, or −1.
    private let slots: [Int32]

    /// A detector from its counts.
    init(languages: [String], alphabet: [Character], grams: [UInt64], counts: [UInt32]) {
        self.languages = languages
        self.alphabet = alphabet
        self.grams = grams
        self.counts = counts
        numbers = Dictionary(
            zip(alphabet, (1...UInt16.max).lazy), uniquingKeysWith: { first, _ in first })
        weights = Self.weights(grams: grams, counts: counts, languages: languages.count)
        largeScripts = Self.largeScripts(alphabet: alphabet, grams: grams, counts: counts, languages: languages.count)
        slots = Self.slots(for: grams)
    }

    /// The most likely language of a whole text, and by how much; nil where it has no letter known from training.
    ///
    /// - Complexity: O(characters); some microseconds for a sentence.
    public func detect(_ text: String) -> LanguageDetection? {
        let characters = LetterSequence.characters(of: text)
        var sums = [Double](repeating: 0, count: languages.count)
        var known = 0
        forEachGram(of: characters.map { numbers[$0] ?? 0 }) { gram in
            guard let place = place(of: gram) else { return }
            known += 1
            let start = place * sums.count
            for language in sums.indices { sums[language] += Double(weights[start + language]) }
        }
        for character in characters where numbers[character] == nil {
            guard let kind = LargeScript(character), let share = largeScripts[kind] else { continue }
            known += 1
            for language in sums.indices { sums[language] += share[language] }
        }
        guard known > 0 else { return nil }
        var best = 0
        for language in sums.indices where sums[language] > sums[best] { best = language }
        let second = sums.indices.filter { $0 != best }.map { sums[$0] }.max() ?? -.infinity
        return LanguageDetection(
            language: languages[best], margin: (sums[best] - second) / Double(Self.orders),
            letters: characters.count { $0 != LetterSequence.blank })
    }

    /// Calls `body` with every n-gram of order 1…4, passing over those with an unknown character (number 0) and the
    /// blank alone.
    static func forEachGram(of numbers: [UInt16], _ body: (UInt64) -> Void) {
        for start in numbers.indices {
            var gram: UInt64 = 0
            for end in start..<min(start + orders, numbers.count) {
                guard numbers[end] != 0 else { break }
                gram = gram << 16 | UInt64(numbers[end])
                if gram != 1 { body(gram) }
            }
        }
    }

    /// The order of an n-gram, 1…4.
    static func order(of gram: UInt64) -> Int { 4 - gram.leadingZeroBitCount / 16 }

    private func forEachGram(of numbers: [UInt16], _ body: (UInt64) -> Void) { Self.forEachGram(of: numbers, body) }

    private func place(of gram: UInt64) -> Int? {
        let mask = slots.count - 1
        var slot = Self.hash(gram) & mask
        while slots[slot] >= 0 {
            let place = Int(slots[slot])
            if grams[place] == gram { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private static func hash(_ gram: UInt64) -> Int {
        let mixed = (gram ^ gram >> 29) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 20)
    }

    private static func slots(for grams: [UInt64]) -> [Int32] {
        var size = 16
        while size < grams.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (place, gram) in grams.enumerated() {
            var slot = hash(gram) & (size - 1)
            while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
            slots[slot] = Int32(truncatingIfNeeded: place)
        }
        return slots
    }

    /// Only scripts that some training text has; where none has them they cannot tell languages apart.
    private static func largeScripts(
        alphabet: [Character], grams: [UInt64], counts: [UInt32], languages: Int
    ) -> [LargeScript: [Double]] {
        var totals = [Double](repeating: 0, count: languages)
        var found: [LargeScript: [Double]] = [:]
        var distinct = 0.0
        for (place, gram) in grams.enumerated() where 1...UInt64(alphabet.count) ~= gram {
            distinct += 1
            let kind = LargeScript(alphabet[Int(gram) - 1])
            for language in 0..<languages {
                let count = Double(counts[place * languages + language])
                totals[language] += count
                if let kind { found[kind, default: Array(repeating: 0, count: languages)][language] += count }
            }
        }
        return found.mapValues { shares in
            zip(shares, totals).map { log(($0 + smoothing) / ($1 + smoothing * distinct)) }
        }
    }

    private static func weights(grams: [UInt64], counts: [UInt32], languages: Int) -> [Float] {
        var totals = [Double](repeating: 0, count: (orders + 1) * languages)
        var distinct = [Double](repeating: 0, count: orders + 1)
        for (place, gram) in grams.enumerated() {
            let order = order(of: gram)
            distinct[order] += 1
            for language in 0..<languages {
                totals[order * languages + language] += Double(counts[place * languages + language])
            }
        }
        var weights: [Float] = []
        weights.reserveCapacity(counts.count)
        for (place, gram) in grams.enumerated() {
            let order = order(of: gram)
            for language in 0..<languages {
                let count = Double(counts[place * languages + language])
                let total = totals[order * languages + language]
                weights.append(Float(log((count + smoothing) / (total + smoothing * distinct[order]))))
            }
        }
        return weights
    }
}

/// A script with so many letters that training text never shows them all.
private enum LargeScript: Hashable {
    case han, hangul

    init?(_ character: Character) {
        guard let scalar = character.unicodeScalars.first else { return nil }
        if scalar.isHan {
            self = .han
        } else if 0xAC00...0xD7A3 ~= scalar.value {
            self = .hangul
        } else {
            return nil
        }
    }
}

/// The language found for a text, with how sure it is.
public struct LanguageDetection: Hashable, Sendable {
    /// The most likely language's code.
    public let language: String
    /// How much likelier it is than the next, in nats (natural logarithm of the ratio); above 0 but for ties.
    public let margin: Double
    /// How many letters the text has.
    public let letters: Int
}
