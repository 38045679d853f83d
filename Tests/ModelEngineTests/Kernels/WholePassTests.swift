import ModelEngine
import TestSupport
import Testing

extension KernelTests {
    @Suite("Whole passes")
    struct WholePassTests {
        @Test("Logits have the same bits with every back end")
        func logits() throws {
            let model = try TinyModel.load()
            let adapter = try PreparedAdapter(TinyModel.lora(), for: model.configuration)
            let tokens = TinyModel.prompts([45], seed: 6)[0]
            let expected = try BackEnd.plain.run { try Generator(model).logits(of: tokens, adapter: adapter) }
            for backEnd in BackEnd.available {
                let logits = try backEnd.run { try Generator(model).logits(of: tokens, adapter: adapter) }
                #expect(firstDifference(logits, expected) == nil, "\(backEnd)")
            }
        }

        @Test("Training gives the same bits with every back end")
        func training() throws {
            let trainer = try Trainer(TinyModel.load())
            let start = try TrainableAdapter(training: TinyModel.lora())
            let examples = TinyModel.prompts([30, 17, 24], seed: 7).map { TrainingExample(tokens: $0, answerStart: 9) }
            func outcome(_ backEnd: BackEnd) throws -> TrainableAdapter {
                try backEnd.run {
                    try trainer.train(start, on: examples, options: TrainingOptions(epochs: 3, batchSize: 2)).adapter
                }
            }
            let expected = try outcome(.plain)
            #expect(expected != start)
            for backEnd in BackEnd.available { #expect(try outcome(backEnd) == expected, "\(backEnd)") }
        }
    }
}
