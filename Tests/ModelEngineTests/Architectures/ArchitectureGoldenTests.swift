import ModelEngine
import TestSupport
import Testing

private struct LogitsGolden: Decodable {
    struct Sequence: Decodable {
        var tokens: [Int32]
        var positions: [Int]
        var logits: [[Float]]
    }
    var vocabulary: Int
    var sequences: [Sequence]
}

private struct GradientsGolden: Decodable {
    struct Example: Decodable {
        var tokens: [Int32]
        var answerStart: Int
    }
    var batch: [Example]
    var loss: Double
}

@Suite("Architectures agree with the reference")
struct ArchitectureGoldenTests {
    /// The goldens themselves are within 2.4e-5 of float64; GELU's erf form would move a logit by 2e-3.
    @Test("Logits", arguments: TinyArchitecture.allCases, [false, true])
    func logits(architecture: TinyArchitecture, isAdapted: Bool) throws {
        let golden = try Fixtures.json(
            LogitsGolden.self, "architectures/\(architecture.rawValue)\(isAdapted ? "-lora-logits" : "").json")
        let model = try architecture.load()
        #expect(model.configuration.vocabularySize == golden.vocabulary)
        let adapter = isAdapted ? try PreparedAdapter(architecture.lora(), for: model.configuration) : nil
        var worst: Float = 0
        for sequence in golden.sequences {
            let logits = try Generator(model).logits(of: sequence.tokens, adapter: adapter)
            for (position, expected) in zip(sequence.positions, sequence.logits) {
                let row = logits[position * golden.vocabulary..<(position + 1) * golden.vocabulary]
                worst = zip(row, expected).map { abs($0 - $1) }.reduce(worst, max)
            }
        }
        #expect(worst < 1e-4)
    }

    /// The goldens themselves are within 6.1e-6 of float64, relative to a tensor's largest element.
    @Test("Loss and gradients of every A and B", arguments: TinyArchitecture.allCases, [1, 512])
    func gradients(architecture: TinyArchitecture, maximumRows: Int) throws {
        let name = architecture.rawValue
        let golden = try Fixtures.json(GradientsGolden.self, "architectures/\(name)-gradients.json")
        let expected = try architecture.adapter("\(name)-gradients")
        let session = try TrainingSession(
            Trainer(architecture.load()), TrainableAdapter(training: architecture.lora()),
            options: TrainingOptions(maximumRows: maximumRows))
        let loss = session.accumulateGradients(
            golden.batch.map { TrainingExample(tokens: $0.tokens, answerStart: $0.answerStart) })
        #expect(abs(loss - golden.loss) < 1e-5)
        let gradients = session.gradients
        #expect(gradients.sites == expected.sites && !expected.sites.isEmpty)
        var worst: Float = 0
        for site in expected.sites {
            let found = try #require(gradients.terms[site]?.first).factors
            let reference = try #require(expected.factors[site])
            for (values, golden) in [(found.a, reference.a), (found.b, reference.b)] {
                try #require(values.count == golden.count)
                let largest = golden.map(abs).reduce(0, max)
                worst = zip(values, golden).map { abs($0 - $1) / largest }.reduce(worst, max)
            }
        }
        #expect(worst < 1e-4)
    }

    @Test("The sizes and constants are the file's")
    func configuration() throws {
        func read(_ architecture: TinyArchitecture) throws -> ModelConfiguration {
            try ModelConfiguration(gguf: GGUFFile(contentsOf: architecture.url))
        }
        let stable = try read(.stablelm)
        #expect(stable.architecture == "stablelm" && stable.rotarySize == 8 && stable.headSize == 32)
        #expect(stable.ropeBase == 10_000 && stable.attentionScale == 1 / Float(32).squareRoot())
        let qwen = try read(.qwen3)
        #expect(qwen.headSize == 24 && qwen.hiddenSize == 64 && qwen.shape(of: .output) == (96, 64))
        let gemma = try read(.gemma3)
        #expect(gemma.embeddingScale == Float(32).squareRoot() && gemma.ropeBase == 1e6)
        #expect(ModelConfiguration.supportedArchitectures == ["llama", "qwen2", "qwen3", "stablelm", "gemma3"])
    }
}
