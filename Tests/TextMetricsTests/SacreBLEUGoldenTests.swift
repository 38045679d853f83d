import TestSupport
import Testing
import TextMetrics

@Suite("BLEU and chrF++ against sacreBLEU 2.6.0")
struct SacreBLEUGoldenTests {
    struct Corpus: Decodable {
        let hypotheses: [String]
        let references: [[String]]
        let bleu: [String: Bleu]
        let chrF: ChrFGolden

        enum CodingKeys: String, CodingKey {
            case hypotheses, references, bleu
            case chrF = "chrF2++"
        }

        func references(of index: Int) -> [String] { references.map { $0[index] } }
        var referenceCount: ReferenceCount { .fixed(references.count) }
    }

    struct Bleu: Decodable {
        let score: Double
        let counts: [Int]
        let totals: [Int]
        let precisions: [Double]
        let brevityPenalty: Double
        let hypothesisLength: Int
        let referenceLength: Int
        let signature: String
        let sentences: [Double]
        let sentenceSignature: String
    }

    struct ChrFGolden: Decodable {
        let score: Double
        let signature: String
        let sentences: [Double]
    }

    /// A signature as sacreBLEU prints it: no name in front, and its own version.
    static func bare(_ signature: MetricSignature) -> String {
        MetricSignature(name: "", fields: signature.fields, version: "2.6.0").description.dropFirst().description
    }

    @Test("BLEU agrees for every tokenizer, in counts, parts, sentences and signature")
    func bleuAgrees() throws {
        let corpora = try Fixtures.jsonLines(Corpus.self, "metrics/sacrebleu.jsonl")
        #expect(corpora.count == 78)
        for (index, corpus) in corpora.enumerated() {
            #expect(corpus.bleu.count == 5)
            for (name, golden) in corpus.bleu {
                let bleu = BLEU(tokenizer: try BLEUTokenizer(named: name))
                let where_: Comment = "corpus \(index), \(name)"
                let statistics = corpus.hypotheses.indices.map {
                    bleu.statistics(hypothesis: corpus.hypotheses[$0], references: corpus.references(of: $0))
                }
                let sum = statistics.summed()
                #expect(sum.matches == golden.counts, where_)
                #expect(sum.totals == golden.totals, where_)
                #expect(sum.hypothesisLength == golden.hypothesisLength, where_)
                #expect(sum.referenceLength == golden.referenceLength, where_)
                let score = sum.score()
                #expect(abs(score.points - golden.score) < 1e-9, where_)
                #expect(abs(score.brevityPenalty - golden.brevityPenalty) < 1e-12, where_)
                #expect(zip(score.precisions, golden.precisions).allSatisfy { abs($0 - $1) < 1e-9 }, where_)
                for (own, expected) in zip(statistics, golden.sentences) {
                    #expect(abs(own.score(effectiveOrder: true).points - expected) < 1e-9, where_)
                }
                #expect(statistics.count == golden.sentences.count)
                #expect(Self.bare(bleu.signature(references: corpus.referenceCount)) == golden.signature)
                let sentence = bleu.signature(references: corpus.referenceCount, sentence: true)
                #expect(Self.bare(sentence) == golden.sentenceSignature)
            }
        }
    }

    @Test("chrF++ agrees for corpora and sentences")
    func chrFAgrees() throws {
        let chrF = ChrF()
        for (index, corpus) in try Fixtures.jsonLines(Corpus.self, "metrics/sacrebleu.jsonl").enumerated() {
            let statistics = corpus.hypotheses.indices.map {
                chrF.statistics(hypothesis: corpus.hypotheses[$0], references: corpus.references(of: $0))
            }
            #expect(abs(statistics.summed().score - corpus.chrF.score) < 1e-9, "corpus \(index)")
            #expect(statistics.count == corpus.chrF.sentences.count)
            for (own, expected) in zip(statistics, corpus.chrF.sentences) {
                #expect(abs(own.score - expected) < 1e-9, "corpus \(index)")
            }
            #expect(Self.bare(chrF.signature(references: corpus.referenceCount)) == corpus.chrF.signature)
        }
    }
}
