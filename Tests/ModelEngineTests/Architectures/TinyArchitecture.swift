import Foundation
import ModelEngine
import TestSupport
import Testing

/// The tiny random models of `architectures/`, one for each variant of a family.
enum TinyArchitecture: String, CaseIterable, CustomTestStringConvertible {
    case llama3, qwen2, qwen3, stablelm, gemma3
    case stablelmParallel = "stablelm-parallel"
    case gemma3Keys = "gemma3-keys"

    var testDescription: String { rawValue }

    var url: URL { Fixtures.url("architectures/\(rawValue).gguf") }

    func load(threads: Int = 2) throws -> LanguageModel { try LanguageModel(contentsOf: url, threads: threads) }

    /// The adapter in `<name>-lora`: rank 4, alpha 8.
    func lora() throws -> LoRAAdapter { try adapter("\(rawValue)-lora/adapter_model") }

    /// An adapter from a golden file: weights, or their gradients.
    func adapter(_ file: String) throws -> LoRAAdapter {
        try TinyModel.adapter(
            GoldenTensors("architectures/\(file).safetensors"), rank: 4, scaling: 2,
            layers: ModelConfiguration(gguf: GGUFFile(contentsOf: url)).layers)
    }

    /// Sequences with answers, longer than any sliding window and some shorter.
    static let examples = TinyModel.prompts([23, 38, 2, 44], seed: 11).enumerated().map {
        TrainingExample(tokens: $0.element, answerStart: [12, 30, 1, 9][$0.offset])
    }
}
