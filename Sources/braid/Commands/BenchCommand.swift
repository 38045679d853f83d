import ArgumentParser
import Foundation
import ModelEngine

/// `braid bench`: how fast the engine is on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures prefill, decoding and training in tokens per second.",
        discussion: """
            Each figure is the median of several repetitions after a warm-up.

            Example:
              braid bench --repetitions 5 --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @Option(help: "Repetitions of each measurement.")
    var repetitions = 3

    @Option(help: "How the figures are printed.")
    var format: Format = .table

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 1000.") }
    }

    private struct Figure: Encodable {
        var name: String
        var tokensPerSecond: Double
    }

    func run() throws {
        let model = try model.load()
        let generator = Generator(model)
        let vocabulary = model.configuration.vocabularySize
        func tokens(_ count: Int, _ salt: Int) -> [Int32] {
            (0..<count).map {
                Int32(($0 * 37 + salt * 101 + 300) % max(1, vocabulary - 300) + min(299, vocabulary - 1))
            }
        }
        var figures = [
            Figure(
                name: "prefill 512",
                tokensPerSecond: try median {
                    try generator.generate([GenerationRequest(id: 0, prompt: tokens(512, 1), maximumNewTokens: 1)]) {
                        _ in
                    }
                    return 512
                })
        ]
        for batch in [1, 8, 32] {
            figures.append(
                Figure(
                    name: "decode \(batch) at once",
                    tokensPerSecond: try median {
                        var made = 0
                        let requests = (0..<batch).map {
                            GenerationRequest(id: $0, prompt: tokens(16, $0), maximumNewTokens: 64)
                        }
                        try generator.generate(requests) { made += $0.tokens.count }
                        return made
                    }))
        }
        let trainer = try Trainer(model)
        let session = try TrainingSession(trainer, try adapter(model), options: TrainingOptions())
        let examples = (0..<4).map { TrainingExample(tokens: tokens(128, $0), answerStart: 96) }
        figures.append(
            Figure(
                name: "LoRA training, rank 16",
                tokensPerSecond: try median {
                    _ = try session.step(examples, learningRate: 0)
                    return 512
                }))
        try show(figures, model)
    }

    private func adapter(_ model: LanguageModel) throws -> TrainableAdapter {
        var factors: [AdapterSite: LoRAFactors] = [:]
        for site in model.configuration.sites {
            let shape = model.configuration.shape(of: site.projection)
            factors[site] = LoRAFactors(
                rank: 16, inputs: shape.inputs, outputs: shape.outputs,
                a: (0..<16 * shape.inputs).map { Float($0 % 7) * 0.01 - 0.03 },
                b: [Float](repeating: 0.01, count: shape.outputs * 16), scaling: 2)
        }
        return TrainableAdapter(training: LoRAAdapter(factors: factors))
    }

    private func median(_ work: () throws -> Int) throws -> Double {
        _ = try work()
        var rates: [Double] = []
        for _ in 0..<repetitions {
            let begin = ContinuousClock.now
            let tokens = try work()
            rates.append(Double(tokens) / ((ContinuousClock.now - begin) / .seconds(1)))
        }
        rates.sort()
        return rates[rates.count / 2]
    }

    private func show(_ figures: [Figure], _ model: LanguageModel) throws {
        switch format {
        case .json:
            struct Output: Encodable {
                var model: String
                var kernels: String
                var threads: Int
                var figures: [Figure]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let output = Output(
                model: model.url.lastPathComponent, kernels: LanguageModel.kernels, threads: model.threads,
                figures: figures)
            Console.output(String(decoding: try encoder.encode(output), as: UTF8.self) + "\n")
        case .table:
            Console.output("\(model.url.lastPathComponent), \(model.threads) threads, \(LanguageModel.kernels)\n")
            for figure in figures {
                let name = figure.name.padding(toLength: 24, withPad: " ", startingAt: 0)
                Console.output("\(name) \(String(format: "%8.0f", figure.tokensPerSecond)) tokens/s\n")
            }
        }
    }
}
