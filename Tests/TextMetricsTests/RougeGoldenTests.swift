import TestSupport
import Testing
import TextMetrics

@Suite("ROUGE against rouge_score 0.1.2")
struct RougeGoldenTests {
    struct Pair: Decodable {
        let target: String
        let prediction: String
        let plain: [String: [Double]]
        let stemmed: [String: [Double]]
    }

    @Test("All 300 pairs agree, plain and stemmed")
    func agreesOnAllPairs() throws {
        let pairs = try Fixtures.jsonLines(Pair.self, "rouge/pairs.jsonl")
        #expect(pairs.count == 300)
        for stems in [false, true] {
            let scorer = RougeScorer(tokenizer: .classic(stems: stems))
            for (index, pair) in pairs.enumerated() {
                let scores = scorer.scores(prediction: pair.prediction, reference: pair.target)
                let found = [
                    "rouge1": scores.rouge1, "rouge2": scores.rouge2, "rouge3": scores.rouge3,
                    "rougeL": scores.rougeL, "rougeLsum": scores.rougeLsum,
                ]
                for (type, expected) in stems ? pair.stemmed : pair.plain {
                    let score = try #require(found[type])
                    let parts = [score.precision, score.recall, score.f1]
                    #expect(
                        zip(parts, expected).allSatisfy { abs($0 - $1) < 1e-9 },
                        "pair \(index), \(type), stems \(stems)")
                }
            }
        }
    }

    struct Stems: Decodable {
        let words: [String]
        let stems: [String]
    }

    @Test("All 3,000 stems agree with NLTK's default mode")
    func stemsAgree() throws {
        let golden = try Fixtures.json(Stems.self, "metrics/porter.json")
        #expect(golden.words.count == 3000)
        for (word, stem) in zip(golden.words, golden.stems) {
            #expect(Array(PorterStemmer.stem(word).utf8) == Array(stem.utf8), "\(word)")
        }
    }
}
