/// Cuts text into sentences well enough to count languages; abbreviations make short pieces, which do no harm there.
///
/// A sentence ends at a line feed, at `。！？।` and their like, and at `. ! ? … ؟` before a blank or the end, closing
/// quotes and brackets included.
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
            if ending != .none, !isEnd(scalar), !isClosing(scalar) {
                if ending == .anywhere || scalar.isPythonWhitespace { finish() }
                ending = .none
                if scalar.isPythonWhitespace { continue }
            }
            sentence.append(scalar)
            switch scalar {
            case "。", "！", "？", "｡", "।", "॥", "။", "።", "։", "។": ending = .anywhere
            case ".", "!", "?", "…", "؟", "۔": if ending == .none { ending = .beforeBlank }
            default: break
            }
        }
        finish()
        return sentences
    }

    private enum Ending { case none, beforeBlank, anywhere }

    private static func isEnd(_ scalar: Unicode.Scalar) -> Bool { ".!?…؟۔。！？｡।॥".unicodeScalars.contains(scalar) }

    private static func isClosing(_ scalar: Unicode.Scalar) -> Bool { "\"'”’»)]」』）".unicodeScalars.contains(scalar) }
}
