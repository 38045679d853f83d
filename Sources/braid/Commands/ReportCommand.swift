import ArgumentParser
import BenchmarkStore
import EvaluationRunner
import Foundation
import ReportRendering

/// `braid report`: renders the leaderboard of a run.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a run's leaderboard: index.html, leaderboard.md and data files.",
        discussion: """
            Examples:
              braid report
              braid report --profile quick --output Reports/quick
            """)

    @Option(help: "Name of the profile whose last run is shown. Default: the last run of all.")
    var profile: String?

    @Option(name: .customLong("run"), help: "Number of the run (see `SELECT * FROM provenance`).")
    var number: Int64?

    @Option(help: "Folder to write to. Default: Reports/ and the profile's name.", completion: .directory)
    var output: String?

    @OptionGroup var store: StoreOptions

    func run() throws {
        let database = try store.openReadOnly()
        let runs = try database.runs()
        guard
            let chosen = runs.first(where: {
                (number == nil || $0.id == number) && (profile == nil || $0.profileName == profile)
            })
        else {
            throw ReportError(
                runs.isEmpty ? .noRun : .unknownRun,
                "there is no such run; `braid run` makes one, and `braid query \"SELECT * FROM provenance\"` lists them",
                file: store.database)
        }
        let folder = try OutputFolder.url(output, under: "Reports", named: chosen.profileName)
        for file in try ReportCommand.write(database, run: chosen, to: folder) {
            Console.output(file.relativePath + "\n")
        }
    }

    /// Writes a run's report with the commands that would make it again.
    @discardableResult
    static func write(_ database: BenchmarkDatabase, run: RunRecord, to folder: URL) throws -> [URL] {
        let profile = "Benchmark/\(run.profileName).yml"
        // A profile of another version of Braid may not be readable; its name is enough then.
        let said = try? Profile(text: run.profileText, file: profile)
        return try ReportWriter.write(
            database: database, run: .number(run.id), to: folder, title: said?.title,
            description: said?.description ?? "",
            commands: [
                "make build model",
                ".build/release/braid quickstart --profile \(profile.shellWord)",
            ])
    }
}
