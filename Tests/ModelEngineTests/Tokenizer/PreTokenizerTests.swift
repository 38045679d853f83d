import ModelEngine
import Testing

struct PreTokenizerTests {
    static let gpt2: [(String, [String])] = [
        ("", []),
        ("a", ["a"]),
        ("Hello world", ["Hello", " world"]),
        ("  two", [" ", " two"]),
        ("a  ", ["a", "  "]),
        ("a \n b", ["a", " \n", " b"]),
        ("a\r\nb", ["a", "\r", "\n", "b"]),
        ("a\n\nb", ["a", "\n", "\n", "b"]),
        ("\tx", ["\t", "x"]),
        ("x\u{A0}y", ["x", "\u{A0}", "y"]),
        ("x \u{3000}y", ["x", " ", "\u{3000}", "y"]),
        ("it's we'll I'd", ["it", "'s", " we", "'ll", " I", "'d"]),
        ("IT'S 'S", ["IT", "'", "S", " '", "S"]),
        ("'s's", ["'s", "'s"]),
        (" 's", [" '", "s"]),
        ("''re", ["''", "re"]),
        ("'r 've 'l", ["'", "r", " '", "ve", " '", "l"]),
        ("'", ["'"]),
        ("12 345", ["12", " 345"]),
        ("x²½Ⅷ", ["x", "²½Ⅷ"]),
        ("3rd", ["3", "rd"]),
        ("!?  ...", ["!?", " ", " ..."]),
        ("naïve", ["naïve"]),
        // A combining mark is neither letter nor number.
        ("cafe\u{301}s", ["cafe", "\u{301}", "s"]),
        ("नमस्ते", ["नमस", "्", "त", "े"]),
        ("日本語 テキスト", ["日本語", " テキスト"]),
        ("👩‍👧 ok", ["👩‍👧", " ok"]),
        // U+001C is a control character, not a blank; U+0085 and U+2028 are blanks.
        ("a\u{1C}b", ["a", "\u{1C}", "b"]),
        ("a\u{85}\u{2028}b", ["a", "\u{85}", "\u{2028}", "b"]),
        ("a\u{200B}b", ["a", "\u{200B}", "b"]),
    ]

    @Test(arguments: gpt2)
    func gpt2SplitsAsItsExpression(_ text: String, _ pieces: [String]) {
        #expect(PreTokenizer.gpt2.pieces(of: text).map { Array($0.utf8) } == pieces.map { Array($0.utf8) })
    }

    static let smollm: [(String, [String])] = [
        ("", []),
        ("7", ["7"]),
        ("12 345", ["1", "2", " ", "3", "4", "5"]),
        ("a  5", ["a", "  ", "5"]),
        (" 5 a", [" ", "5", " a"]),
        ("x²½Ⅷ٣", ["x", "²", "½", "Ⅷ", "٣"]),
        ("it's 9'll", ["it", "'s", " ", "9", "'ll"]),
        ("a\n1\n\nb", ["a", "\n", "1", "\n", "\n", "b"]),
        ("𝟘𝟙", ["𝟘", "𝟙"]),
    ]

    @Test(arguments: smollm)
    func smollmTakesNumbersApartFirst(_ text: String, _ pieces: [String]) {
        #expect(PreTokenizer.smollm.pieces(of: text).map { Array($0.utf8) } == pieces.map { Array($0.utf8) })
    }

    /// Where Llama 3's expression and Qwen 2's agree.
    static let words: [(String, [String])] = [
        ("", []),
        ("Hello world", ["Hello", " world"]),
        ("  two", [" ", " two"]),
        ("a  ", ["a", "  "]),
        // One character before a word goes with it, unless it ends a line or is a number.
        ("(word) -word\u{A0}word", ["(word", ")", " -", "word", "\u{A0}word"]),
        ("\tx \u{3000}y", ["\tx", " ", "\u{3000}y"]),
        ("\nx\ry", ["\n", "x", "\r", "y"]),
        ("1x\u{301}y", ["1", "x", "\u{301}y"]),
        // Symbols take the line ends behind them, blanks go as far as their last line end.
        ("a!\n\r\nb", ["a", "!\n\r\n", "b"]),
        ("a \n \n  b", ["a", " \n \n", " ", " b"]),
        ("a \t", ["a", " \t"]),
        ("a\u{85}\u{2028}b", ["a", "\u{85}", "\u{2028}b"]),
        ("a  1", ["a", " ", " ", "1"]),
        ("it's IT'S we'Re I'LL", ["it", "'s", " IT", "'S", " we", "'Re", " I", "'LL"]),
        ("it'\u{17F}o '\u{17F}", ["it", "'\u{17F}", "o", " '", "\u{17F}"]),
        ("'r 'v 'lx", ["'r", " '", "v", " '", "lx"]),
        ("'\u{212A}'\u{FB06}", ["'\u{212A}", "'\u{FB06}"]),
        ("''s", ["''", "s"]),
        ("'", ["'"]),
        ("日本語。テキスト", ["日本語", "。テキスト"]),
    ]

    @Test(arguments: words, [PreTokenizer.llama3, .qwen2])
    func wordsTakeTheCharacterBeforeThem(_ example: (String, [String]), _ preTokenizer: PreTokenizer) {
        let (text, pieces) = example
        #expect(preTokenizer.pieces(of: text).map { Array($0.utf8) } == pieces.map { Array($0.utf8) })
    }

    @Test func numbersAreCutInThreesOrOnes() {
        #expect(PreTokenizer.llama3.pieces(of: "1234567 x²½Ⅷ٣!") == ["123", "456", "7", " x", "²½Ⅷ", "٣", "!"])
        #expect(PreTokenizer.qwen2.pieces(of: "123 x²½!") == ["1", "2", "3", " x", "²", "½", "!"])
    }

    @Test(arguments: PreTokenizer.allCases)
    func thePiecesAreTheWholeText(_ preTokenizer: PreTokenizer) {
        var scalars = String.UnicodeScalarView()
        for value in stride(from: UInt32(0), to: 0x3_0000, by: 7) {
            if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
            if value % 5 == 0 { scalars.append(" ") }
        }
        let text = String(scalars)
        #expect(preTokenizer.pieces(of: text).flatMap { Array($0.utf8) } == Array(text.utf8))
        #expect(preTokenizer.pieces(of: text).allSatisfy { !$0.isEmpty })
    }
}
