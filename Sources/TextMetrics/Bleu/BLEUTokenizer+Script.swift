extension BLEUTokenizer {
    /// The tokenizer that suits the script of these texts, which the signature then names.
    ///
    /// `13a` unless most letters are of scripts without blanks; then `braid-han` where they are Han, as in Chinese and
    /// Cantonese, and `char` where a tenth or more is not, as in Japanese, Thai, Lao, Khmer and Burmese. It goes by the
    /// letters and knows no language. (sacreBLEU would take `ja-mecab` and `ko-mecab`, which need a dictionary.)
    public init(suiting texts: some Sequence<String>) {
        var spaced = 0
        var han = 0
        var others = 0
        for text in texts {
            for scalar in text.unicodeScalars {
                switch WordClass(scalar) {
                case .letter: spaced += 1
                case .character: if scalar.isHan { han += 1 } else { others += 1 }
                case .mark, .ignorable, .separator: break
                }
            }
        }
        if han + others <= spaced {
            self = .mteval13a
        } else {
            self = 10 * others >= han + others ? .character : .han
        }
    }
}
