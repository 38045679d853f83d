/// Words of any script: letters, marks and digits, case folded without a language's rules.
///
/// Han, Hiragana, Katakana, Thai, Lao and Khmer, which put no blanks between words, give one token a character (with
/// its marks). Everything else separates, apostrophes included. A mark without a letter before it is dropped; soft
/// hyphens and joiners are skipped without ending a word.
///
/// NFC needs no pass of its own: Swift compares strings by canonical equivalence, so `é` equals `e` + accent as a token
/// whichever way each side writes it.
public struct UnicodeTokenizer: Hashable, Sendable {
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
        // Soft hyphen, zero-width non-joiner and joiner, word joiner.
        case 0xAD, 0x200C, 0x200D, 0x2060: self = .ignorable
        default:
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

extension Unicode.Scalar {
    /// Whether the scalar's script writes words without blanks between them (letters only; ask for the category first).
    fileprivate var isOfScriptWithoutBlanks: Bool {
        switch value {
        case 0x0E00...0x0EFF: true  // Thai, Lao
        case 0x1780...0x17FF: true  // Khmer
        case 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303C: true  // Han and Kana signs
        case 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F: true  // Hiragana, Katakana
        case 0x1AFF0...0x1B16F: true  // Kana extensions
        default: isHan
        }
    }

    /// Whether the scalar is a Han ideograph: the unified blocks with extensions A to J and the compatibility blocks.
    package var isHan: Bool {
        switch value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF, 0x323B0...0x3347F: true
        default: false
        }
    }
}
