import SeededRandom
import Testing
import TextMetrics

@Suite("ROUGE beyond the goldens")
struct RougeTests {
    @Test(
        "The Unicode tokenizer makes words of every script",
        arguments: [
            ("", []), ("…!?", []), ("a", ["a"]), ("Cristóbal a été là", ["cristóbal", "a", "été", "là"]),
            ("don't stop", ["don", "t", "stop"]), ("l’été", ["l", "été"]),
            ("snake_case two-part", ["snake", "case", "two", "part"]),
            ("今天 OK", ["今", "天", "ok"]), ("𠮷野家", ["𠮷", "野", "家"]), ("ひらがなカナー", ["ひ", "ら", "が", "な", "カ", "ナ", "ー"]),
            ("mix今b", ["mix", "今", "b"]), ("แมว", ["แ", "ม", "ว"]), ("ที่นี่", ["ที่", "นี่"]),
            ("STRASSE Straße ẞ", ["strasse", "strasse", "ss"]), ("Don\u{AD}au", ["donau"]),
            ("ΣΑΣ σας", ["σασ", "σασ"]),
            ("❤\u{FE0F} ok", ["ok"]), ("4,5 m² ½", ["4", "5", "m²", "½"]), ("one\r\ntwo", ["one", "two"]),
            ("👍🏽 fine", ["fine"]),
            ("한국어 좋아", ["한국어", "좋아"]), ("हिन्दी में", ["हिन्दी", "में"]), ("سنزور السوق", ["سنزور", "السوق"]),
        ] as [(String, [String])])
    func unicodeTokens(text: String, expected: [String]) {
        #expect(UnicodeTokenizer().tokens(of: text.unicodeScalars) == expected)
    }

    @Test("Case folding knows no locale: İ keeps its dot, ı its lack of one")
    func turkish() {
        let tokens = UnicodeTokenizer().tokens(of: "İ I ı K".unicodeScalars)
        #expect(tokens == ["i\u{307}", "i", "ı", "k"])
    }

    @Test("The normal form does not matter")
    func normalForms() {
        let scores = RougeScorer().scores(
            prediction: "caf\u{65}\u{301} \u{304B}\u{3099}", reference: "caf\u{E9} \u{304C}")
        #expect(scores.rouge2.f1 == 1)
        #expect(scores.rougeLsum.f1 == 1)
    }

    @Test("The classic tokenizer loses accents, the Unicode one does not")
    func classicLoses() {
        #expect(ClassicTokenizer().tokens(of: "Cristóbal été 今天".unicodeScalars) == ["crist", "bal", "t"])
        let classic = RougeScorer(tokenizer: .classic(stems: false))
        #expect(classic.scores(prediction: "今天", reference: "今天").rouge1.f1 == 0)
        #expect(RougeScorer().scores(prediction: "今天", reference: "今天").rougeL.f1 == 1)
    }

    @Test("No other character than K and İ has an ASCII letter in its lower case")
    func asciiLowerCase() {
        let found = (UInt32(0x80)...0x10FFFF).compactMap(Unicode.Scalar.init)
            .filter { $0.properties.lowercaseMapping.unicodeScalars.contains { $0.isASCII } }
        #expect(found == ["\u{130}", "\u{212A}"])
    }

    @Test("Of several references the best counts for each type by itself")
    func severalReferences() {
        let scorer = RougeScorer()
        let prediction = "a b c d"
        let references = ["d c b a", "a b x y", ""]
        let scores = scorer.scores(prediction: prediction, references: references)
        #expect(scores.rouge1 == scorer.scores(prediction: prediction, reference: references[0]).rouge1)
        #expect(scores.rouge2 == scorer.scores(prediction: prediction, reference: references[1]).rouge2)
        #expect(scores.rouge1.f1 == 1)
        #expect(scores.rouge2.f1 > 0.3)
        #expect(scorer.scores(prediction: "a", references: []) == .zero)
    }

    @Test("Weighted ROUGE is R1/6 + R2/3 + R3/2 of the F1 values")
    func weighted() {
        let scores = RougeScorer().scores(prediction: "a b c d", reference: "a b c e")
        #expect(abs(scores.weighted - (0.75 / 6 + (2.0 / 3) / 3 + 0.5 / 2)) < 1e-12)
        #expect(scores[.rougeW] == scores.weighted)
        #expect(abs(scores.points(.rouge1) - 75) < 1e-12)
        #expect(RougeScorer().scores(prediction: "x y z", reference: "x y z").weighted == 1)
    }

    @Test("The longest common subsequence agrees with the plain table at every word boundary")
    func subsequence() {
        var generator = SeededGenerator(seed: 5)
        for length in [0, 1, 5, 63, 64, 65, 127, 128, 129, 200] {
            for other in [0, 1, 40, 64, 130] {
                let rows = (0..<other).map { _ in Int32(generator.nextIndex(below: 6)) }
                let columns = (0..<length).map { _ in Int32(generator.nextIndex(below: 6)) }
                let fast = LongestCommonSubsequence(rows: rows, columns: columns, distinctTokens: 6)
                let (plainLength, plainIndices) = plainSubsequence(rows, columns)
                #expect(fast.length == plainLength)
                #expect(fast.rowIndices() == plainIndices)
            }
        }
    }

    private func plainSubsequence(_ rows: [Int32], _ columns: [Int32]) -> (Int, [Int]) {
        var table = Array(repeating: Array(repeating: 0, count: columns.count + 1), count: rows.count + 1)
        for (i, row) in rows.enumerated() {
            for (j, column) in columns.enumerated() {
                table[i + 1][j + 1] = row == column ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
            }
        }
        var (i, j) = (rows.count, columns.count)
        var indices: [Int] = []
        while i > 0, j > 0 {
            if rows[i - 1] == columns[j - 1] {
                indices.insert(i - 1, at: 0)
                i -= 1
                j -= 1
            } else if table[i][j - 1] > table[i - 1][j] {
                j -= 1
            } else {
                i -= 1
            }
        }
        return (table[rows.count][columns.count], indices)
    }

    @Test("The signature names every choice")
    func signatures() {
        #expect(
            RougeScorer().signature(of: .rougeL).description
                == "rougeL|nrefs:var|multi:best|case:fold|norm:nfc|tok:unicode|stem:none|version:braid-2")
        let classic = RougeScorer(tokenizer: .classic(stems: true))
        #expect(
            classic.signature(of: .rouge2, references: .fixed(1)).description
                == "rouge2|nrefs:1|multi:best|case:lc|norm:none|tok:classic|stem:porter|version:braid-1")
        #expect(classic.signature(of: .rouge1) != RougeScorer(tokenizer: .classic(stems: false)).signature(of: .rouge1))
    }
}
