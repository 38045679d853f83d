import Foundation
import ModelEngine

/// Writes missing references with a model file, greedily, through the embedded engine.
public struct EmbeddedAnnotator: AnnotatingModel {
    private let model: LanguageModel

    /// An annotator with a model that was loaded.
    public init(_ model: LanguageModel) { self.model = model }

    /// The model file's name without its ending.
    public var name: String { model.url.deletingPathExtension().lastPathComponent }

    public func answer(
        _ requests: [AnnotationRequest], shouldStop: @escaping @Sendable () -> Bool,
        onAnswer: (Int, AnnotationAnswer) throws -> Void
    ) throws {
        let generation = requests.enumerated().map { index, request in
            GenerationRequest(
                id: index,
                prompt: PromptComposer(model: model, system: request.system).prompt(message: request.message),
                maximumNewTokens: request.maximumTokens)
        }
        try Generator(model).generate(generation, shouldStop: shouldStop) { result in
            let text = model.tokenizer.decode(result.tokens)
            try onAnswer(result.id, AnnotationAnswer(text: text, isComplete: result.finish == .stop))
        }
    }
}
