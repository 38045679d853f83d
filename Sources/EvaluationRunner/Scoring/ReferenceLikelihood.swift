import BenchmarkStore
import Foundation
import ModelEngine

/// How probable a model finds the references of a build's test split, by family of compositions.
///
/// Perplexity is exp(−Σ ln p / tokens), bits per byte −Σ log₂ p / bytes of UTF-8, both over all references of the family,
/// the token that ends an answer included.
public struct ReferenceLikelihood: Sendable, Equatable {
    public var family: String
    public var examples: Int
    public var tokens: Int
    public var bytes: Int
    /// Σ ln p over all tokens, in nats.
    public var logLikelihood: Double

    public var perplexity: Double { exp(-logLikelihood / Double(max(1, tokens))) }
    public var bitsPerByte: Double { -logLikelihood / log(2) / Double(max(1, bytes)) }

    /// Measures the base model with the prompts that a run gives it.
    ///
    /// - Throws: `RunError` where there is no such build, and what the model and the store throw.
    public static func measure(
        build name: String, in database: BenchmarkDatabase, model: LanguageModel
    ) throws -> [ReferenceLikelihood] {
        guard let build = try database.build(named: name) else {
            throw RunError(.missingBuild, "there is no build \"\(name)\" in the database; run `braid build` first")
        }
        let composer = PromptComposer(model: model, system: nil)
        let generator = Generator(model)
        var families: [ReferenceLikelihood] = []
        for setting in try database.settings(ofBuild: build.id) where setting.kind == .composition {
            for record in try database.examples(ofSetting: setting.id, split: .test) {
                let example = composer.trainingExample(
                    input: record.input, instruction: setting.instruction, answer: record.reference)
                let value = try generator.logLikelihood(of: example)
                let index =
                    families.firstIndex { $0.family == setting.family }
                    ?? {
                        families.append(
                            ReferenceLikelihood(
                                family: setting.family, examples: 0, tokens: 0, bytes: 0, logLikelihood: 0))
                        return families.count - 1
                    }()
                families[index].examples += 1
                families[index].tokens += example.answerTokens
                families[index].bytes += record.reference.utf8.count
                families[index].logLikelihood += value
            }
        }
        return families
    }
}
