import Foundation
import TextMetrics

/// How source text is brought into one form, and when two texts count as the same.
public enum CorpusText {
    /// The text in Unicode normal form C, line ends as `\n`, without white space at either end.
    public static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            // CR LF and a lone CR both become one LF.
            if !(scalar == "\n" && previous == "\r") { scalars.append(scalar == "\r" ? "\n" : scalar) }
            previous = scalar
        }
        return String(scalars).precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The words of a text, case folded and without punctuation.
    ///
    /// Letters and digits make words; Han, Kana, Thai, Lao and Khmer characters are words by themselves.
    public static func words(_ text: String) -> [String] {
        UnicodeTokenizer().tokens(of: text.unicodeScalars)
    }

    /// The form in which two texts are compared: its words with one blank between them, in normal form C.
    ///
    /// Case, punctuation and white space do not count. A text without any word, such as `:-)`, stands for itself.
    public static func normalised(_ text: String) -> String {
        let words = words(text)
        let compared = words.isEmpty ? cleaned(text) : words.joined(separator: " ")
        return compared.precomposedStringWithCanonicalMapping
    }
}
