import ArgumentParser
import BenchmarkStore
import Foundation
import Logging
import ModelEngine

/// The command line; each verb is a file under `Commands/`.
@main
struct Braid: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "braid",
        abstract: "Builds a benchmark for compositional multi-tasking and publishes its leaderboards.",
        discussion: """
            One prompt asks a small model for two tasks at once; a method makes one adapter out of the two that know \
            one half each. Braid ingests corpora, builds the splits, trains the adapters, runs the methods and renders \
            leaderboards.

            An error has its code in brackets, such as [store.busy]; docs/errors.md explains each.

            Examples:
              braid quickstart
              braid query "SELECT method, family, mean FROM leaderboard WHERE metric = 'rougeL'"
            """,
        version: BraidVersion.current,
        subcommands: [
            QuickstartCommand.self, IngestCommand.self, AnnotateCommand.self, BuildCommand.self, ExportCommand.self,
            TrainCommand.self, MergeCommand.self, AdaptersCommand.self, RunCommand.self, ReportCommand.self,
            VerifyCommand.self, QueryCommand.self, BenchCommand.self,
            BenchChildCommand.self, ModelCommand.self,
        ])

    static func main() {
        // A closed pipe downstream (`braid query … | head`) ends the program quietly, as other tools do.
        signal(SIGPIPE, SIG_DFL)
        FreedMemory.keep()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            // Help, wrong arguments and a stop on request are said elsewhere, and end with exit codes of their own.
            guard exitCode(for: error) == .failure, !(error is ExitCode) else {
                let message = fullMessage(for: error)
                guard VisibleText.block(message) != message else { exit(withError: error) }
                // A corpus, a model or a profile says it, and it must not steer the terminal.
                Console.write(message + "\n")
                exit(withError: exitCode(for: error))
            }
            let code = ErrorKind.code(of: error) ?? "command.\(CommandError.Code.unexpected)"
            Console.write("Error [\(code)]: \(message(for: error))\n")
            exit(withError: ExitCode.failure)
        }
    }
}
