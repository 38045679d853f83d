/// A word on its way through Porter's steps, with the conditions that his rules ask for.
struct PorterWord {
    /// A suffix, what takes its place, and when.
    struct Rule {
        let suffix: [Unicode.Scalar]
        let replacement: [Unicode.Scalar]

        init(_ suffix: String, _ replacement: String) {
            self.suffix = Array(suffix.unicodeScalars)
            self.replacement = Array(replacement.unicodeScalars)
        }
    }

    /// The letters left so far.
    private(set) var letters: [Unicode.Scalar]

    init(_ letters: [Unicode.Scalar]) { self.letters = letters }

    // MARK: Conditions

    /// For each of the first `count` letters whether it is a consonant: not a vowel, and `y` only where no consonant is
    /// before it.
    private func consonants(_ count: Int) -> [Bool] {
        var flags: [Bool] = []
        flags.reserveCapacity(count)
        for letter in letters[..<count] {
            switch letter {
            case "a", "e", "i", "o", "u": flags.append(false)
            case "y": flags.append(flags.last.map { !$0 } ?? true)
            default: flags.append(true)
            }
        }
        return flags
    }

    /// Porter's m: how many times a consonant follows a vowel in the first `count` letters.
    private func measure(_ count: Int) -> Int {
        let flags = consonants(count)
        return zip(flags, flags.dropFirst()).count { !$0 && $1 }
    }

    /// Whether the first `count` letters hold a vowel.
    private func hasVowel(_ count: Int) -> Bool { consonants(count).contains(false) }

    /// Condition *o on the first `count` letters: consonant, vowel, consonant other than w, x, y; NLTK adds vowel,
    /// consonant.
    private func endsShort(_ count: Int) -> Bool {
        let flags = consonants(count)
        if count == 2 { return !flags[0] && flags[1] }
        guard count >= 3, flags[count - 3], !flags[count - 2], flags[count - 1] else { return false }
        return !["w", "x", "y"].contains(letters[count - 1])
    }

    /// Condition *d: ends with the same consonant twice.
    private var endsDouble: Bool {
        let count = letters.count
        return count >= 2 && letters[count - 1] == letters[count - 2] && consonants(count)[count - 1]
    }

    private func ends(_ suffix: [Unicode.Scalar]) -> Bool {
        letters.count >= suffix.count && letters.suffix(suffix.count).elementsEqual(suffix)
    }

    private func ends(_ suffix: String) -> Bool { ends(Array(suffix.unicodeScalars)) }

    private mutating func replace(_ count: Int, with replacement: String) {
        letters.removeLast(count)
        letters.append(contentsOf: replacement.unicodeScalars)
    }

    /// Applies the first rule whose suffix fits, if what is before the suffix has a measure above `minimum`; no later
    /// rule is tried.
    mutating func apply(rules: [Rule], above minimum: Int = 0) {
        guard let rule = rules.first(where: { ends($0.suffix) }) else { return }
        guard measure(letters.count - rule.suffix.count) > minimum else { return }
        letters.removeLast(rule.suffix.count)
        letters.append(contentsOf: rule.replacement)
    }

    // MARK: Steps

    /// Step 1a: plurals.
    mutating func plurals() {
        if ends("ies") {
            replace(3, with: letters.count == 4 ? "ie" : "i")  // NLTK: dies → die, but flies → fli
        } else if ends("sses") {
            replace(2, with: "")
        } else if ends("s"), !ends("ss") {
            replace(1, with: "")
        }
    }

    /// Step 1b: -eed, -ed and -ing, and the repair of what they leave.
    mutating func pastAndProgressive() {
        if ends("ied") {
            replace(3, with: letters.count == 4 ? "ie" : "i")  // NLTK: died → die, spied → spi
            return
        }
        if ends("eed") {
            if measure(letters.count - 3) > 0 { replace(1, with: "") }
            return
        }
        if ends("ed"), hasVowel(letters.count - 2) {
            replace(2, with: "")
        } else if ends("ing"), hasVowel(letters.count - 3) {
            replace(3, with: "")
        } else {
            return
        }
        if ends("at") || ends("bl") || ends("iz") {
            replace(0, with: "e")
        } else if endsDouble {
            if !ends("l"), !ends("s"), !ends("z") { replace(1, with: "") }
        } else if measure(letters.count) == 1, endsShort(letters.count) {
            replace(0, with: "e")
        }
    }

    /// Step 1c, NLTK's condition: `y` behind a consonant that is not the word's only other letter.
    mutating func finalY() {
        let stem = letters.count - 1
        if ends("y"), stem > 1, consonants(stem)[stem - 1] { replace(1, with: "i") }
    }

    /// Step 2, with NLTK's changes: -alli first and over again, -bli for -abli, -fulli, and -logi, whose l counts for
    /// the stem.
    mutating func doubleSuffixes() {
        while ends("alli"), measure(letters.count - 4) > 0 { replace(2, with: "") }
        if ends("logi") {
            if measure(letters.count - 3) > 0 { replace(1, with: "") }
        } else {
            apply(rules: Self.secondStep)
        }
    }

    /// Step 4: the suffixes that are left; -ion goes only behind s or t.
    mutating func residualSuffixes() {
        if ends("ion") {
            let stem = letters.count - 3
            if measure(stem) > 1, ["s", "t"].contains(letters[stem - 1]) { replace(3, with: "") }
        } else {
            apply(rules: Self.fourthStep, above: 1)
        }
    }

    /// Step 5a: a final e.
    mutating func finalE() {
        guard ends("e") else { return }
        let stem = letters.count - 1
        let measure = measure(stem)
        if measure > 1 || (measure == 1 && !endsShort(stem)) { replace(1, with: "") }
    }

    /// Step 5b: -ll.
    mutating func finalDoubleL() {
        if ends("ll"), measure(letters.count - 1) > 1 { replace(1, with: "") }
    }

    // MARK: Rules

    private static let secondStep = [
        Rule("ational", "ate"), Rule("tional", "tion"), Rule("enci", "ence"), Rule("anci", "ance"), Rule("izer", "ize"),
        Rule("bli", "ble"), Rule("alli", "al"), Rule("entli", "ent"), Rule("eli", "e"), Rule("ousli", "ous"),
        Rule("ization", "ize"), Rule("ation", "ate"), Rule("ator", "ate"), Rule("alism", "al"), Rule("iveness", "ive"),
        Rule("fulness", "ful"), Rule("ousness", "ous"), Rule("aliti", "al"), Rule("iviti", "ive"),
        Rule("biliti", "ble"),
        Rule("fulli", "ful"),
    ]

    static let thirdStep = [
        Rule("icate", "ic"), Rule("ative", ""), Rule("alize", "al"), Rule("iciti", "ic"), Rule("ical", "ic"),
        Rule("ful", ""), Rule("ness", ""),
    ]

    private static let fourthStep = [
        Rule("al", ""), Rule("ance", ""), Rule("ence", ""), Rule("er", ""), Rule("ic", ""), Rule("able", ""),
        Rule("ible", ""), Rule("ant", ""), Rule("ement", ""), Rule("ment", ""), Rule("ent", ""), Rule("ou", ""),
        Rule("ism", ""), Rule("ate", ""), Rule("iti", ""), Rule("ous", ""), Rule("ive", ""), Rule("ize", ""),
    ]
}
