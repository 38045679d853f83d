extension LanguageIdentifier {
    /// Learns the languages of labelled text.
    ///
    /// The result depends on the multiset of pairs only, not on their order. About 300 lines a language are enough.
    ///
    /// - Parameter training: texts with their language's code; only training text, never text that will be scored.
    /// - Throws: `TextMetricsError.badTraining` for fewer than two languages, a language without any letter, or more
    ///   than 65,534 different characters.
    public init(training: some Sequence<(language: String, text: String)>) throws(TextMetricsError) {
        let texts = training.map { (language: $0.language, characters: LetterSequence.characters(of: $0.text)) }
        let languages = Set(texts.map(\.language)).sorted()
        guard languages.count >= 2 else {
            throw TextMetricsError(
                .badTraining, "language identification needs training text in at least two languages",
                key: languages.first)
        }
        if let silent = languages.first(where: { code in
            !texts.contains { $0.language == code && !$0.characters.isEmpty }
        }) {
            throw TextMetricsError(.badTraining, "the training text of this language has no letters", key: silent)
        }
        var characters = Set<Character>()
        for text in texts { characters.formUnion(text.characters) }
        characters.remove(LetterSequence.blank)
        guard characters.count < Int(UInt16.max) - 1 else {
            throw TextMetricsError(
                .badTraining, "\(characters.count) different characters are more than 65,534; is this text?")
        }
        let alphabet = [LetterSequence.blank] + characters.sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(alphabet, (1...UInt16.max).lazy))

        var places: [UInt64: Int32] = [:]
        var table: [UInt32] = []
        for text in texts {
            let language = languages.firstIndex(of: text.language) ?? 0
            Self.forEachGram(of: text.characters.map { numbers[$0] ?? 0 }) { gram in
                let place: Int
                if let known = places[gram] {
                    place = Int(known)
                } else {
                    place = places.count
                    places[gram] = Int32(truncatingIfNeeded: place)
                    table.append(contentsOf: repeatElement(0, count: languages.count))
                }
                table[place * languages.count + language] &+= 1
            }
        }
        let sorted = places.sorted { $0.key < $1.key }
        self.init(
            languages: languages, alphabet: alphabet, grams: sorted.map(\.key),
            counts: sorted.flatMap { table[Int($0.value) * languages.count..<(Int($0.value) + 1) * languages.count] })
    }
}
