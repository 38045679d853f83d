import ArgumentParser
import Foundation
import ModelEngine

/// `braid bench`: how fast the engine is on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the engine: prefill, decoding, the published job, training, start-up and memory.",
        discussion: """
            Each figure is the median of several repetitions after a warm-up. docs/performance.md says how the figures \
            compare with other engines.

            Examples:
              braid bench
              braid bench --only job --repetitions 5 --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case peak, prefill, decode, job, mixed, training
    }

    @Option(help: "Repetitions of each measurement.")
    var repetitions = 3

    @Option(help: "How the figures are printed.")
    var format: Format = .table

    @Option(help: "Measure only this; may be given several times.")
    var only: [Part] = []

    @Flag(help: "Count processor time instead of the time on the wall, for a machine that is shared.")
    var processorTime = false

    @OptionGroup var model: ModelOptions

    func validate() throws {
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 1000.") }
    }

    private struct Figure: Encodable {
        var name: String
        var value: Double
        var unit: String
    }

    func run() throws {
        let model = try model.load()
        let watch = Stopwatch(repetitions: repetitions, usesProcessorTime: processorTime)
        var figures: [Figure] = []
        for part in only.isEmpty ? Part.allCases : only { figures += try measure(part, model, watch) }
        try show(figures, model)
    }

    private func measure(_ part: Part, _ model: LanguageModel, _ watch: Stopwatch) throws -> [Figure] {
        let job = BenchJob(model: model)
        let generator = Generator(model)
        switch part {
        case .peak:
            return []
        case .prefill:
            let request = GenerationRequest(id: 0, prompt: job.tokens(512, salt: 1), maximumNewTokens: 1)
            let seconds = try watch.median { try generator.generate([request]) { _ in } }
            return [Figure(name: "prefill 512", value: 512 / seconds, unit: "tokens/s")]
        case .decode:
            return try [1, 8, 32].map { batch in
                let requests = (0..<batch).map {
                    GenerationRequest(
                        id: $0, prompt: job.tokens(16, salt: $0), maximumNewTokens: 64, stopsAtEndOfTurn: false)
                }
                let seconds = try watch.median { try generator.generate(requests) { _ in } }
                return Figure(name: "decode \(batch) at once", value: Double(batch * 64) / seconds, unit: "tokens/s")
            }
        case .job, .mixed:
            let adapters = try (0..<(part == .job ? 1 : 8)).map {
                try PreparedAdapter(job.adapter($0), for: model.configuration)
            }
            let requests = job.requests(adapters)
            let seconds = try watch.median { try generator.generate(requests) { _ in } }
            return [Figure(name: "job, adapters: \(adapters.count)", value: seconds, unit: "s")]
        case .training:
            let trainer = try Trainer(model)
            let session = try TrainingSession(
                trainer, TrainableAdapter(training: job.adapter(0)), options: TrainingOptions())
            let examples = (0..<8).map { TrainingExample(tokens: job.tokens(257, salt: $0), answerStart: 193) }
            let seconds = try watch.median { _ = try session.step(examples, learningRate: 0) }
            return [Figure(name: "LoRA training step 8 × 256", value: seconds, unit: "s")]
        }
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
                let name = figure.name.padding(toLength: 28, withPad: " ", startingAt: 0)
                Console.output("\(name) \(String(format: "%10.3f", figure.value)) \(figure.unit)\n")
            }
        }
    }
}
