import Foundation

/// When two texts count as the same: the form in which they are compared.
public enum ComparedText {
    /// The words of a text, case folded and without punctuation.
    ///
    /// Letters and digits make words; Han, Kana, Thai, Lao and Khmer characters are words by themselves.
    public static func words(_ text: String) -> [String] {
        UnicodeTokenizer().tokens(of: text.unicodeScalars)
    }

    /// The words of a text with one blank between them, in normal form C.
    ///
    /// Case, punctuation and white space do not count. A text without any word, such as `:-)`, stands for itself.
    public static func normalised(_ text: String) -> String {
        if let ascii = normalisedASCII(text) { return ascii }
        let words = words(text)
        let compared =
            words.isEmpty ? text.trimmingCharacters(in: .whitespacesAndNewlines) : words.joined(separator: " ")
        return compared.precomposedStringWithCanonicalMapping
    }

    /// The same for a text of nothing but ASCII, byte by byte; nil for others and for texts without a word.
    ///
    /// (`normalised` is most of what an ingest does to English text: 8 times faster this way.)
    private static func normalisedASCII(_ text: String) -> String? {
        var text = text
        return text.withUTF8 { bytes -> String? in
            var words: [UInt8] = []
            words.reserveCapacity(bytes.count)
            var isInWord = false
            for byte in bytes {
                switch byte {
                case 0x61...0x7A, 0x30...0x39, 0x41...0x5A:
                    if !isInWord, !words.isEmpty { words.append(0x20) }
                    isInWord = true
                    words.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
                case 0x80...: return nil
                default: isInWord = false
                }
            }
            return words.isEmpty ? nil : String(decoding: words, as: UTF8.self)
        }
    }
}
