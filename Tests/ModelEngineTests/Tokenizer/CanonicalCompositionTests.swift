import ModelEngine
import Testing

struct CanonicalCompositionTests {
    static let examples: [(String, String)] = [
        ("", ""), ("plain", "plain"), ("caf\u{E9}", "caf\u{E9}"), ("cafe\u{301}", "caf\u{E9}"),
        // Singletons, and characters that are never composed.
        ("\u{212B}\u{2126}\u{212A}", "\u{C5}\u{3A9}K"), ("\u{958}\u{FB1D}", "\u{915}\u{93C}\u{5D9}\u{5B4}"),
        ("\u{F900}", "\u{8C48}"), ("\u{344}", "\u{308}\u{301}"), ("\u{2000}", "\u{2002}"),
        // Marks in another order; one in the way of the next of its class.
        ("s\u{307}\u{323}", "\u{1E69}"), ("q\u{307}\u{323}", "q\u{323}\u{307}"), ("a\u{315}\u{300}", "\u{E0}\u{315}"),
        ("a\u{305}\u{300}", "a\u{305}\u{300}"), ("o\u{308}\u{304}", "\u{22B}"), ("\u{301}a", "\u{301}a"),
        ("\u{F73}\u{F75}", "\u{F71}\u{F71}\u{F72}\u{F74}"),
        // Second parts that are no marks.
        ("\u{9C7}\u{9BE}", "\u{9CB}"), ("\u{9C7}\u{301}\u{9BE}", "\u{9C7}\u{301}\u{9BE}"),
        ("\u{110A5}\u{110BA}", "\u{110AB}"),
        // Hangul.
        ("\u{1100}\u{1161}", "\u{AC00}"), ("\u{1100}\u{1161}\u{11A8}", "\u{AC01}"), ("\u{AC00}\u{11A8}", "\u{AC01}"),
        ("\u{AC01}\u{11A8}", "\u{AC01}\u{11A8}"), ("\u{AC00}\u{11A7}", "\u{AC00}\u{11A7}"),
        ("\u{D7A3}\u{301}", "\u{D7A3}\u{301}"),
        ("\u{1161}\u{11A8}", "\u{1161}\u{11A8}"),
        // Later than Unicode 9.
        ("\u{11935}\u{11930}", "\u{11935}\u{11930}"), ("\u{323}\u{C3C}", "\u{323}\u{C3C}"),
    ]

    @Test(arguments: examples)
    func textsAreComposedAsByTheReference(_ text: String, _ expected: String) {
        #expect(CanonicalComposition.apply(to: Array(text.utf8)) == Array(expected.utf8))
        // What is composed stays so, and beside other text too.
        #expect(CanonicalComposition.apply(to: Array(expected.utf8)) == Array(expected.utf8))
        #expect(CanonicalComposition.apply(to: Array("日\(text) é".utf8)) == Array("日\(expected) é".utf8))
    }
}
