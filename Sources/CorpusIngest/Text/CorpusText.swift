import BenchmarkStore
import Foundation
import TextSafety

/// How source text is brought into one form.
public enum CorpusText {
    /// What `cleaned` did to a text.
    public struct Changes: OptionSet, Hashable, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// White space at an end was taken off.
        public static let outerBlanks = Changes(rawValue: 1)
        /// CR LF or CR became LF.
        public static let lineEnds = Changes(rawValue: 2)
        /// The text was brought into normal form C.
        public static let normalForm = Changes(rawValue: 4)
    }

    /// What is wrong with a text that `hasEndlessMarks`.
    static let endlessMarks =
        "more than \(String.mostMarks) accents or other marks stand on one character: no writing has so many"

    /// The text in Unicode normal form C, line ends as `\n`, without white space at either end.
    public static func cleaned(_ text: String) -> String { cleanedWithChanges(text).text }

    /// The cleaned text, and what had to be done for it.
    public static func cleanedWithChanges(_ text: String) -> (text: String, changes: Changes) {
        if isClean(text) { return (text, []) }
        var changes: Changes = []
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            // CR LF and a lone CR both become one LF.
            if !(scalar == "\n" && previous == "\r") { scalars.append(scalar == "\r" ? "\n" : scalar) }
            if scalar == "\r" { changes.insert(.lineEnds) }
            previous = scalar
        }
        let joined = String(scalars)
        let normal = joined.precomposedStringWithCanonicalMapping
        // String equality is canonical equivalence, so the scalars are compared.
        if !normal.utf8.elementsEqual(joined.utf8) { changes.insert(.normalForm) }
        let trimmed = normal.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.utf8.count != normal.utf8.count { changes.insert(.outerBlanks) }
        return (trimmed, changes)
    }

    /// Whether nothing has to be done: a quick look at the bytes that is sure where it says yes.
    ///
    /// Below U+0300 every character is in normal form C by itself, and so is the punctuation from U+2010 to U+205F; only
    /// those are passed here.
    private static func isClean(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            guard let first = bytes.first, let last = bytes.last else { return true }
            // No-break spaces at the ends are white space too: C2 A0 and all of E2 80 xx take the long way there.
            if first <= 0x20 || last <= 0x20 || first == 0xC2 || first >= 0xE1 { return false }
            if last >= 0x80, bytes.count >= 3, bytes[bytes.count - 2] == 0xC2 || bytes[bytes.count - 3] >= 0xE1 {
                return false
            }
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if byte == 0x0D { return false }
                if byte < 0xCC {
                    index += 1
                    continue
                }
                guard byte == 0xE2, index + 2 < bytes.count, bytes[index + 1] == 0x80, bytes[index + 2] >= 0x90 else {
                    return false
                }
                index += 3
            }
            return true
        }
    }
}
