import ArgumentParser
import EvaluationRunner
import Foundation
import ModelEngine

/// `braid train`: trains the single-task adapters that a profile needs.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains the single-task adapters that a profile needs.",
        discussion: """
            `braid run` trains what it needs by itself; this verb is for training alone. Adapters are PEFT folders.

            Example:
              braid train --profile Benchmark/quick.yml
            """)

    @Option(help: "The profile, a YAML file.", completion: .file(extensions: ["yml", "yaml"]))
    var profile = "Benchmark/quick.yml"

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func run() throws {
        let evaluation = try Evaluation(
            profile: Profile(contentsOf: URL(filePath: profile)), surroundings: RunCommand.surroundings(store))
        let progress = ProgressPrinter(store.console)
        defer { progress.close() }
        Interrupt.listen()
        // Adapters are trained in float32, whatever answers are made in.
        let model = try LanguageModel(contentsOf: try model.url(), threads: model.threads)
        try RunCommand.stopping {
            try evaluation.train(model: model, shouldStop: { Interrupt.isAsked }, onEvent: progress.handle)
        }
    }
}
