/// A text as its detector sees it: case-folded letters with their marks, everything between words one blank.
///
/// Works on characters (grapheme clusters), so that `é` is the same whichever normal form it has.
enum LetterSequence {
    /// The blank that stands before, between and behind words.
    static let blank: Character = " "

    /// The characters, with a blank at both ends; empty for a text without letters.
    static func characters(of text: String) -> [Character] {
        var folded = String.UnicodeScalarView()
        folded.append(" ")
        var isBlank = true
        for scalar in text.unicodeScalars {
            switch WordClass(scalar) {
            case .letter, .character:
                if scalar.isLetter {
                    scalar.appendCaseFolded(to: &folded)
                    isBlank = false
                    continue
                }
            case .mark:
                if !isBlank { scalar.appendCaseFolded(to: &folded) }
                continue
            case .ignorable: continue
            case .separator: break
            }
            if !isBlank { folded.append(" ") }
            isBlank = true
        }
        guard folded.count > 1 else { return [] }
        if !isBlank { folded.append(" ") }
        return Array(String(folded))
    }
}

extension Unicode.Scalar {
    /// Whether the scalar is a letter rather than a digit or number; asked only of scalars that make words.
    fileprivate var isLetter: Bool {
        switch value {
        case 0x30...0x39: false
        case ..<0x80: true
        default: properties.isAlphabetic
        }
    }
}
