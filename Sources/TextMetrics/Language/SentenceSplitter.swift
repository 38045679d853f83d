/// Cuts text into sentences well enough to count languages; abbreviations make short pieces, which do no harm there.
///
/// A sentence ends at a line feed; at the marks that Unicode calls sentence terminals (`。 ！ ？ । ؟ ۔ ። ။ ។` and so on),
/// whatever follows; and at `. ! ? …` before a blank or the end, `! ? …` also before a letter of a script without blanks.
/// Closing quotes and brackets belong to the sentence before them.
package enum SentenceSplitter {
    /// The sentences, without the blanks around them; none is empty.
    package static func sentences(of text: String) -> [String] {
        var sentences: [String] = []
        var sentence = String.UnicodeScalarView()
        func finish() {
            let words = sentence.drop(while: \.isPythonWhitespace)
            if !words.isEmpty { sentences.append(String(Substring(words))) }
            sentence = String.UnicodeScalarView()
        }
        var ending = Ending.none
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\r" {
                finish()
                ending = .none
                continue
            }
            let own = Ending(scalar)
            if ending != .none, own == .none, !isClosing(scalar) {
                if scalar.isPythonWhitespace || ending.isEnd(before: scalar) { finish() }
                ending = .none
                if scalar.isPythonWhitespace { continue }
            }
            sentence.append(scalar)
            ending = max(ending, own)
        }
        finish()
        return sentences
    }

    /// What must follow a mark for it to end a sentence; of marks in a row the strongest counts.
    private enum Ending: Int, Comparable {
        case none, blank, blankOrCharacter, anything

        init(_ scalar: Unicode.Scalar) {
            switch scalar {
            case ".": self = .blank
            case "!", "?", "…": self = .blankOrCharacter
            default: self = scalar.value >= 0x80 && scalar.properties.isSentenceTerminal ? .anything : .none
            }
        }

        static func < (left: Ending, right: Ending) -> Bool { left.rawValue < right.rawValue }

        func isEnd(before scalar: Unicode.Scalar) -> Bool {
            self == .anything || self == .blankOrCharacter && WordClass(scalar) == .character
        }
    }

    private static func isClosing(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .closePunctuation, .finalPunctuation: true
        default: scalar == "\"" || scalar == "'"
        }
    }
}
