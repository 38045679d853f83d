import Foundation
import ModelEngine
import Testing

@Suite("Memory")
struct LifetimeTests {
    @Test("A model is freed after its last use", arguments: [1, 2])
    func modelIsFreed(threads: Int) throws {
        weak var weakModel: LanguageModel?
        do {
            let model = try TinyModel.load(threads: threads)
            weakModel = model
            try Generator(model).generate(
                [GenerationRequest(id: 0, prompt: [5, 6, 7], maximumNewTokens: 3)]
            ) { _ in }
            _ = try Trainer(model)
        }
        // A sleeping lane may hold the last piece of work for a moment.
        for _ in 0..<200 where weakModel != nil { Thread.sleep(forTimeInterval: 0.01) }
        #expect(weakModel == nil)
    }
}
