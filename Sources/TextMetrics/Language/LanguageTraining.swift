/// A detector trained on labelled text, with the languages left out that have too little of it to be judged.
///
/// Languages go by what `LanguageTag.detected` calls them, so `pt-BR` and `pt-PT` teach one. An answer in a language that
/// is left out cannot be judged, and a detector that guessed would only add noise; what was left out is told.
public struct LanguageTraining: Sendable {
    /// The fewest letters of training text of a language that shares its letters with others.
    ///
    /// (Everyday corpus, English, Spanish, French and German, one of them cut to so many letters, its 168 summaries and
    /// replies judged four times: at 500 letters 92 to 98 % are right, at 1,000 98 to 99.6 %, at 2,000 99 to 100 %, and
    /// with all 21,000 99.4 to 100 %; of the first four words of each 12, 7 and 5 % are called another language at 500,
    /// 1,000 and 2,000 Spanish letters. The other languages stay at 99.8 % or above throughout.)
    public static let fewestLetters = 2_000
    /// The fewest letters of a language of which at most a tenth occur in the text of any other.
    ///
    /// (Chinese beside English, French and Ukrainian, 500 summaries four times: 98.3 to 99.2 % right from 50 to 2,000
    /// characters; Ukrainian 100 %.)
    public static let fewestLettersAlone = 200
    /// The tenths of its letters above which a language shares its script with others.
    private static let sharedTenths = 1

    /// How much training text a language has.
    public struct Amount: Hashable, Sendable {
        /// What the check calls the language.
        public let language: String
        /// How many letters its texts have.
        public let letters: Int
        /// How many it needs.
        public let needed: Int

        /// Whether the language is judged.
        public var isEnough: Bool { letters >= needed }
    }

    /// The languages by name, with those left out.
    public let amounts: [Amount]
    /// The detector; nil where fewer than two languages have enough text.
    public let identifier: LanguageIdentifier?

    /// Trains on texts with the codes of their languages; only on training text, never on text that will be scored.
    public init(_ training: some Sequence<(language: String, text: String)>) {
        let texts = training.map { (language: LanguageTag.detected($0.language), text: $0.text) }
        var letters: [String: [Character: Int]] = [:]
        for (language, text) in texts {
            for character in LetterSequence.characters(of: text) where character != LetterSequence.blank {
                letters[language, default: [:]][character, default: 0] += 1
            }
        }
        let amounts = Set(texts.map(\.language)).sorted().map { language in
            let own = letters[language] ?? [:]
            let all = own.values.reduce(0, +)
            let shared = own.filter { letter, _ in
                letters.contains { $0.key != language && $0.value[letter] != nil }
            }.values.reduce(0, +)
            return Amount(
                language: language, letters: all,
                needed: 10 * shared > Self.sharedTenths * all ? Self.fewestLetters : Self.fewestLettersAlone)
        }
        let judged = Set(amounts.filter(\.isEnough).map(\.language))
        self.amounts = amounts
        identifier =
            judged.count > 1
            ? try? LanguageIdentifier(training: texts.filter { judged.contains($0.language) }) : nil
    }

    /// The languages that cannot be judged: those with too little text, or all where there is no detector.
    public var notJudged: [Amount] { identifier == nil ? amounts : amounts.filter { !$0.isEnough } }
}
