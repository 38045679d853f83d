import Foundation
import Testing
import TextMetrics

@Suite("BLEU and chrF++ beyond the goldens")
struct BLEUTests {
    @Test("Tokenizers that download are refused with the reason")
    func refused() {
        for name in ["flores200", "flores101", "spm", "spBLEU-1K", "ja-mecab", "ko-mecab"] {
            let error = #expect(throws: TextMetricsError.self) { try BLEUTokenizer(named: name) }
            #expect(error?.code == .unsupportedTokenizer)
            #expect(error?.description.hasPrefix("\(name): needs ") == true)
        }
        let error = #expect(throws: TextMetricsError.self) { try BLEUTokenizer(named: "13A") }
        #expect(error?.code == .unknownTokenizer)
        #expect(error?.description.contains("13a, intl, zh, char, none, braid-han") == true)
    }

    @Test("zh repeats the reference's fault, braid-han does not")
    func chineseFault() {
        let text = "it’s 𠮷𠮷 猫…"
        #expect(BLEUTokenizer.chinese.tokens(of: text) == ["it", "’", "s", "𠮷𠮷", "猫", "…"])
        #expect(BLEUTokenizer.han.tokens(of: text) == ["it’s", "𠮷", "𠮷", "猫", "…"])
        #expect(
            BLEUTokenizer.han.tokens(of: "小猫 sleeps 在窗台上, ok?")
                == BLEUTokenizer.chinese.tokens(of: "小猫 sleeps 在窗台上, ok?"))
    }

    @Test(
        "13a cuts punctuation but not numbers",
        arguments: [
            ("", []), ("a", ["a"]), ("$1,299.00!", ["$", "1,299.00", "!"]), ("5. and .5", ["5", ".", "and", ".", "5"]),
            ("7-up a-b", ["7", "-", "up", "a-b"]), ("&amp;lt;", ["<"]), ("one\r\ntwo", ["one", "two"]),
            ("end-\nline", ["endline"]), ("a\u{1F}b", ["a", "b"]), ("𠮷.", ["𠮷", "."]),
        ] as [(String, [String])])
    func mteval(text: String, expected: [String]) {
        #expect(BLEUTokenizer.mteval13a.tokens(of: text) == expected)
    }

    @Test("Stored counts read back, and damaged ones do not")
    func storedCounts() throws {
        let bleu = BLEU().statistics(hypothesis: "The cat sat on the mat.", references: ["The cat sat on a mat."])
        #expect(bleu.counts == [7, 7, 6, 4, 2, 1, 7, 6, 5, 4])
        #expect(BLEUStatistics(counts: bleu.counts) == bleu)
        #expect(BLEUStatistics(counts: [1, 2]) == nil)
        #expect(BLEUStatistics(counts: [-1] + bleu.counts.dropFirst()) == nil)
        let chrF = ChrF().statistics(hypothesis: "The cat sat.", references: ["A cat sat."])
        #expect(ChrFStatistics(counts: chrF.counts) == chrF)
        #expect(ChrFStatistics(counts: [0]) == nil)
        let data = try JSONEncoder().encode(bleu)
        #expect(String(decoding: data, as: UTF8.self) == "[7,7,6,4,2,1,7,6,5,4]")
        #expect(try JSONDecoder().decode(BLEUStatistics.self, from: data) == bleu)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(BLEUStatistics.self, from: Data("[1]".utf8)) }
        #expect(try JSONDecoder().decode(ChrFStatistics.self, from: try JSONEncoder().encode(chrF)) == chrF)
    }

    @Test("No reference counts as an empty one")
    func noReference() {
        #expect(BLEU().sentenceScore(hypothesis: "a", references: []).points == 0)
        #expect(ChrF().sentenceScore(hypothesis: "a", references: []) == 0)
        #expect(ChrF().sentenceScore(hypothesis: "", references: [""]) == 0)
        #expect([BLEUStatistics]().summed().score().points == 0)
    }

    @Test("Signatures follow the grammar, read back, and keep measures apart")
    func signatures() throws {
        let corpus = BLEU(tokenizer: .han).signature(references: .fixed(1))
        #expect(corpus.description == "BLEU|nrefs:1|case:mixed|eff:no|tok:braid-han|smooth:exp|version:braid-1")
        #expect(try MetricSignature(parsing: corpus.description) == corpus)
        #expect(corpus != BLEU(tokenizer: .han).signature(references: .fixed(1), sentence: true))
        let chrF = ChrF().signature(references: ReferenceCount(of: [["a"], ["b", "c"]]))
        #expect(chrF.description == "chrF2++|nrefs:var|case:mixed|eff:yes|nc:6|nw:2|space:no|version:braid-1")
        #expect(chrF[key: "nc"] == "6" && chrF[key: "version"] == "braid-1" && chrF[key: "tok"] == nil)
        #expect(ReferenceCount(of: [["a", "b"], ["b", "c"]]) == .fixed(2))
        #expect(try MetricSignature(parsing: "comet|model:a:b|version:2").fields == [.init("model", "a:b")])
    }

    @Test(
        "Text that is no signature is refused",
        arguments: [
            "", "BLEU", "BLEU|nrefs:1", "nrefs:1|version:1", "BLEU|nrefs|version:1", "BLEU|a:1|a:2|version:1",
            "BLEU|a:|version:1", "|version:1",
        ])
    func badSignatures(text: String) {
        let error = #expect(throws: TextMetricsError.self) { try MetricSignature(parsing: text) }
        #expect(error?.code == .badSignature)
    }
}
