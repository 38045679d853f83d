import ArgumentParser
import EvaluationRunner
import Foundation
import ModelEngine

/// `braid run`: runs a profile's methods on its settings.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs every method of a profile on its settings and scores the answers.",
        discussion: """
            Each answer is stored as it is made. Stop with Ctrl-C, or in any other way, and run the same command again: \
            it goes on where it was.

            Example:
              braid run --profile Benchmark/quick.yml
            """)

    @Option(help: "The profile, a YAML file.", completion: .file(extensions: ["yml", "yaml"]))
    var profile = "Benchmark/quick.yml"

    @Option(help: "Answers in the making at once. Fewer take less memory and more time; the answers are the same.")
    var parallel = Generator.standardSequences

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard (1...1_024).contains(parallel) else { throw ValidationError("--parallel must be 1 to 1024.") }
    }

    func run() throws {
        try RunCommand.run(
            profile: Profile(contentsOf: URL(filePath: profile)), model, store, parallel: parallel,
            afterMethod: { _ in })
    }

    /// Runs a profile with progress and Ctrl-C.
    static func run(
        profile: Profile, _ modelOptions: ModelOptions, _ store: StoreOptions,
        parallel: Int = Generator.standardSequences, afterMethod: (Int64) throws -> Void
    ) throws {
        // The profile is resolved before the model is loaded, so that a typing error shows at once.
        var surroundings = try surroundings(store)
        surroundings.sequences = parallel
        let evaluation = try Evaluation(profile: profile, surroundings: surroundings)
        let progress = ProgressPrinter(store.console)
        defer { progress.close() }
        Interrupt.listen()
        let model = try modelOptions.load(profile.precision)
        try stopping {
            _ = try evaluation.run(
                model: model, shouldStop: { Interrupt.isAsked }, afterMethod: afterMethod, onEvent: progress.handle)
        }
    }

    static func surroundings(_ store: StoreOptions) throws -> Evaluation.Surroundings {
        Evaluation.Surroundings(
            database: try store.open(), adapterFolder: store.adapterFolder, commit: SourceCommit.current())
    }

    /// Turns a stop on request into its message and exit code 130.
    static func stopping(_ work: () throws -> Void) throws {
        do {
            try work()
        } catch let error as RunError where error.code == .stopped {
            Console.write("\n\(error.message)\n")
            throw ExitCode(130)
        }
    }
}
