/// Porter's stemmer with the changes that NLTK makes by default.
///
/// Source: Porter, "An algorithm for suffix stripping" (Program 14, 1980). NLTK's own rules are marked where they
/// stand: a short list of irregular words, no stemming of words of one or two letters, four-letter words in `-ies` and
/// `-ied`, `y` to `i` only behind a consonant, and four changes in step 2.
public enum PorterStemmer {
    /// The stem of a word, in lower case.
    public static func stem(_ word: String) -> String {
        let lowercase = Array(word.lowercased().unicodeScalars)
        // NLTK measures the length of the word as given: `İa` is short although its lower case has three scalars.
        let isShort = word.unicodeScalars.count <= 2
        return String(scalars: isShort ? irregular(lowercase) ?? lowercase : stem(lowercase: lowercase))
    }

    /// The stem of a word that is in lower case already.
    package static func stem(lowercase word: [Unicode.Scalar]) -> [Unicode.Scalar] {
        if let known = irregular(word) { return known }
        guard word.count > 2 else { return word }
        var stem = PorterWord(word)
        stem.plurals()
        stem.pastAndProgressive()
        stem.finalY()
        stem.doubleSuffixes()
        stem.apply(rules: PorterWord.thirdStep)
        stem.residualSuffixes()
        stem.finalE()
        stem.finalDoubleL()
        return stem.letters
    }

    private static func irregular(_ word: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        guard word.count <= 8 else { return nil }
        return irregularForms[word]
    }

    private static let irregularForms: [[Unicode.Scalar]: [Unicode.Scalar]] = {
        let forms = [
            "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
            "innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing",
            "cannings": "canning", "canning": "canning", "howe": "howe",
            "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
        ]
        return Dictionary(
            uniqueKeysWithValues: forms.map { (Array($0.key.unicodeScalars), Array($0.value.unicodeScalars)) })
    }()
}
