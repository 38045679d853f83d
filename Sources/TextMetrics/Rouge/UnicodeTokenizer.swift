/// Words of any script: letters, marks and digits, case folded without a language's rules.
///
/// Scripts that put no blanks between words (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar and the Tai scripts) give
/// one token a character, with its marks. Everything else separates, apostrophes included. A mark without a letter before
/// it is dropped; soft hyphens, joiners, direction marks and variation selectors, which nobody sees, are skipped without
/// ending a word.
///
/// NFC needs no pass of its own: Swift compares strings by canonical equivalence, so `é` equals `e` + accent as a token
/// whichever way each side writes it.
public struct UnicodeTokenizer: Hashable, Sendable {
    /// The version that signatures name: the second takes Myanmar and the Tai scripts by character and skips everything
    /// invisible.
    public static let version = "braid-2"

    /// The tokenizer; it has no options.
    public init() {}

    /// The tokens of a text, in order; equal tokens may differ in their Unicode normal form.
    public func tokens(of text: some Sequence<Unicode.Scalar>) -> [String] {
        var tokens: [String] = []
        var word = String.UnicodeScalarView()
        func finish() {
            guard !word.isEmpty else { return }
            tokens.append(String(word))
            word = String.UnicodeScalarView()
        }
        var standsAlone = false
        for scalar in text {
            switch WordClass(scalar) {
            case .letter:
                if standsAlone { finish() }
                standsAlone = false
                scalar.appendCaseFolded(to: &word)
            case .mark:
                if !word.isEmpty { scalar.appendCaseFolded(to: &word) }
            case .character:
                finish()
                word.append(scalar)
                standsAlone = true
            case .ignorable: break
            case .separator: finish()
            }
        }
        finish()
        return tokens
    }
}

/// What a scalar does to words in `UnicodeTokenizer`.
package enum WordClass: Hashable, Sendable {
    /// Makes words with its neighbours: letters and digits of scripts with blanks.
    case letter
    /// Goes with the letter before it.
    case mark
    /// Is a word by itself: a letter of a script without blanks.
    case character
    /// Neither makes nor breaks a word.
    case ignorable
    /// Breaks a word.
    case separator

    /// The class of a scalar.
    package init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: self = .letter
        case ..<0xAA: self = .separator
        // The zero-width space is the one invisible character that means a gap.
        case 0x200B: self = .separator
        default:
            guard !scalar.properties.isDefaultIgnorableCodePoint else {
                self = .ignorable
                return
            }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                self = scalar.isOfScriptWithoutBlanks ? .character : .letter
            case .decimalNumber, .otherNumber: self = .letter
            case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
            default: self = .separator
            }
        }
    }
}
