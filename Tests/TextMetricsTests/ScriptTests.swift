import TestSupport
import Testing
import TextMetrics

@Suite("Scripts with and without blanks")
struct ScriptTests {
    struct Row: Decodable {
        let prediction: String
        let references: [String]
        let tokens: [String]
        let scores: [String: [Double]]
    }

    @Test("ROUGE over words of every script agrees with rouge_score, the best of several references counting")
    func rougeAgrees() throws {
        let rows = try Fixtures.jsonLines(Row.self, "rouge/scripts.jsonl")
        #expect(rows.count == 18)
        for row in rows {
            #expect(UnicodeTokenizer().tokens(of: row.prediction.unicodeScalars) == row.tokens)
            let scores = RougeScorer().scores(prediction: row.prediction, references: row.references)
            let found = [
                "rouge1": scores.rouge1, "rouge2": scores.rouge2, "rouge3": scores.rouge3, "rougeL": scores.rougeL,
            ]
            for (type, expected) in row.scores {
                let score = try #require(found[type])
                let parts = [score.precision, score.recall, score.f1]
                #expect(zip(parts, expected).allSatisfy { abs($0 - $1) < 1e-9 }, "\(type) of \(row.prediction)")
            }
        }
    }

    @Test("the letters that are words by themselves are those that Unicode says")
    func spaceless() throws {
        struct Table: Decodable { let ranges: [[UInt32]] }
        var isSpaceless: Set<UInt32> = []
        for range in try Fixtures.json(Table.self, "rouge/spaceless.json").ranges {
            isSpaceless.formUnion(range[0]...range[1])
        }
        #expect(isSpaceless.count > 90_000)
        var wrong: [String] = []
        for scalar in (UInt32(0x80)...0x33FFF).compactMap(Unicode.Scalar.init) {
            switch scalar.properties.generalCategory {
            // The table may know letters that the standard library does not yet.
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
                let isIgnorable = scalar.properties.isDefaultIgnorableCodePoint
                if (WordClass(scalar) == .character) != isSpaceless.contains(scalar.value), !isIgnorable {
                    wrong.append(String(scalar.value, radix: 16))
                }
            default: break
            }
        }
        #expect(wrong == [])
    }

    @Test("every mark of Cantonese, Japanese, Thai and Burmese is where it should be, invisible ones are nowhere")
    func tokens() {
        let cases: [(String, [String])] = [
            ("𠮶個嘢喺度", ["𠮶", "個", "嘢", "喺", "度"]), ("𨋢门", ["𨋢", "门"]), ("人々ー", ["人", "々", "ー"]),
            ("ที่1", ["ที่", "1"]), ("ကြောင်", ["ကြော", "င်"]),
            ("葛\u{E0100}城", ["葛", "城"]), ("a\u{200F}b", ["ab"]), ("a\u{200B}b", ["a", "b"]),
            ("❤\u{FE0F}", []), ("\u{FEFF}x", ["x"]),
        ]
        for (text, expected) in cases {
            #expect(UnicodeTokenizer().tokens(of: text.unicodeScalars) == expected)
        }
    }

    @Test(
        "BLEU's tokenizer follows the script",
        arguments: [
            (["Ana llega tarde.", "Hasta luego"], .mteval13a), ([], .mteval13a), (["123 …"], .mteval13a),
            (["我喺度等你。", "OK 呀"], .han), (["今天很热。"], .han), (["明日の朝に行きます。"], .character), (["แมวนอน"], .character),
            (["ကြောင်လေး"], .character), (["고양이가 있어요"], .mteval13a), (["القطة هنا"], .mteval13a),
            (["Chloé mange des 寿司 à Lyon"], .mteval13a),
        ] as [([String], BLEUTokenizer)])
    func tokenizer(texts: [String], expected: BLEUTokenizer) {
        #expect(BLEUTokenizer(suiting: texts) == expected)
    }

    @Test("braid-han cuts every Han character of Cantonese where zh leaves Extension B whole")
    func cantonese() {
        #expect(BLEUTokenizer.han.tokens(of: "𠮶個𨋢。") == ["𠮶", "個", "𨋢", "。"])
        #expect(BLEUTokenizer.chinese.tokens(of: "𠮶個𨋢。") == ["𠮶", "個", "𨋢", "。"])
        #expect(BLEUTokenizer.chinese.tokens(of: "𠮶𨋢") == ["𠮶𨋢"])
    }

    @Test("a copy in a script without blanks needs runs of six characters, twelve in all")
    func copies() {
        let check = CopyCheck(source: "今天下午他们把旧书搬到二楼,没有用电梯,因为电梯坏了。")
        let usual = LanguageThresholds()
        #expect(check.isCopied("他们把旧书搬到二楼,没有用电梯。", thresholds: usual))
        #expect(!check.isCopied("把旧书搬到二楼", thresholds: usual))
        #expect(!check.isCopied("电梯坏了,所以他们用楼梯把旧书搬到楼上去了。", thresholds: usual))
    }
}
