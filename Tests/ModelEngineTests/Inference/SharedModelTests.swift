import Foundation
import ModelEngine
import Testing

@Suite("A shared model")
struct SharedModelTests {
    @Test("Callers on several threads take turns and get the same results", .timeLimit(.minutes(10)))
    func concurrentCallers() async throws {
        let model = try TinyModel.load()
        let requests = TinyModel.prompts((0..<8).map { 3 + $0 * 5 }, seed: 41).enumerated().map {
            GenerationRequest(id: $0.offset, prompt: $0.element, maximumNewTokens: 20)
        }
        @Sendable func texts() throws -> [Int: [Int32]] {
            var result: [Int: [Int32]] = [:]
            try Generator(model).generate(requests) { result[$0.id] = $0.tokens }
            return result
        }
        let expected = try texts()
        try await withThrowingTaskGroup(of: [Int: [Int32]].self) { group in
            for _ in 0..<8 { group.addTask { try texts() } }
            for try await result in group { #expect(result == expected) }
        }
    }
}
