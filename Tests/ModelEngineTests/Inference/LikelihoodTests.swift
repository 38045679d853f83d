import Foundation
import ModelEngine
import Testing

@Suite("Likelihood of an answer")
struct LikelihoodTests {
    @Test("Is the sum of the log-probabilities of its tokens, in any chunks", arguments: [1, 7, 128])
    func sum(rows: Int) throws {
        let model = try TinyModel.load(threads: 1)
        let adapter = try PreparedAdapter(TinyModel.lora(), for: model.configuration)
        let tokens = TinyModel.prompts([60], seed: 3)[0]
        let logits = try Generator(model).logits(of: tokens, adapter: adapter)
        for start in [1, 20, 59] {
            var expected = 0.0
            for position in start - 1..<59 {
                let row = logits[position * 300..<(position + 1) * 300].map(Double.init)
                let largest = row.max() ?? 0
                expected += row[Int(tokens[position + 1])] - largest - log(row.reduce(0) { $0 + exp($1 - largest) })
            }
            let generator = Generator(model, maximumSequences: 1, maximumRows: rows)
            let value = try generator.logLikelihood(
                of: TrainingExample(tokens: tokens, answerStart: start), adapter: adapter)
            #expect(abs(value - expected) < 1e-4)
        }
    }

    @Test("Refuses an answer outside the sequence", arguments: [0, 5, 6])
    func outside(start: Int) throws {
        let model = try TinyModel.load(threads: 1)
        #expect(throws: ModelError.self) {
            try Generator(model).logLikelihood(of: TrainingExample(tokens: [5, 6, 7, 8, 9], answerStart: start))
        }
    }
}
