import ArgumentParser
import EvaluationRunner
import Foundation
import ModelEngine

/// `braid bench engine`, and `braid bench` alone: how fast the engine is on this machine.
struct EngineBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Measures the engine: prefill, decoding, the published job, training, start-up and memory.",
        discussion: """
            Each figure is the median of several repetitions after a warm-up. docs/performance.md says what the job is \
            and how other engines do it.

            Examples:
              braid bench
              braid bench --precision int8 --only job --repetitions 5 --format json
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json
    }

    @Option(help: "Repetitions of each measurement.")
    var repetitions = 3

    @Option(help: "How the figures are printed.")
    var format: Format = .table

    @Option(help: "Measure only this; may be given several times.")
    var only: [BenchPart] = []

    @Flag(help: "Count processor time instead of the time on the wall, for a machine that is shared.")
    var processorTime = false

    @Option(
        help: "The build whose references `--only likelihood` takes; that is measured where it is asked for alone.")
    var build = "everyday"

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 1000.") }
    }

    func run() throws {
        let loaded = try model.load()
        let bench = EngineBench(
            model: loaded, options: model,
            watch: Stopwatch(repetitions: repetitions, usesProcessorTime: processorTime))
        var figures: [BenchFigure] = []
        for part in only.isEmpty ? BenchPart.standard : only {
            figures += part == .likelihood ? try likelihood(loaded) : try bench.measure(part)
        }
        try show(figures, loaded)
    }

    private func likelihood(_ model: LanguageModel) throws -> [BenchFigure] {
        try ReferenceLikelihood.measure(build: build, in: store.openReadOnly(), model: model).map {
            BenchFigure(
                name: $0.family, value: $0.perplexity, unit: "perplexity",
                note: String(format: "%.4f bits per byte, %d references", $0.bitsPerByte, $0.examples))
        }
    }

    private func show(_ figures: [BenchFigure], _ model: LanguageModel) throws {
        switch format {
        case .json:
            struct Output: Encodable {
                var version = 1
                var model: String
                var precision: String
                var kernels: String
                var threads: Int
                var repetitions: Int
                /// Seconds of the job where it alone was asked for: what `scripts/peers/compare.py` reads.
                var seconds: Double?
                var figures: [BenchFigure]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let output = Output(
                model: model.url.lastPathComponent, precision: model.precision.rawValue,
                kernels: LanguageModel.kernels, threads: model.threads, repetitions: repetitions,
                seconds: figures.count == 1 && figures[0].unit == "s" ? figures[0].value : nil, figures: figures)
            Console.output(String(decoding: try encoder.encode(output), as: UTF8.self) + "\n")
        case .table:
            let about = [
                model.url.lastPathComponent, model.precision.rawValue, "\(model.threads) threads",
                LanguageModel.kernels,
            ]
            Console.output(about.joined(separator: ", ") + "\n")
            for figure in figures {
                let name = figure.name.padding(toLength: 30, withPad: " ", startingAt: 0)
                let unit = figure.unit.padding(toLength: 10, withPad: " ", startingAt: 0)
                let digits = figure.value < 100 ? 2 : 0
                Console.output("\(name) \(String(format: "%9.\(digits)f", figure.value)) \(unit) \(figure.note)\n")
            }
        }
    }
}

extension BenchPart: ExpressibleByArgument {}
