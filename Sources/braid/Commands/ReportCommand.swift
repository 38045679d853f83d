import ArgumentParser
import BenchmarkStore
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

    @Option(help: "Number of the run (see `SELECT * FROM provenance`).")
    var run: Int64?

    @Option(help: "Folder to write to. Default: Reports/ and the profile's name.", completion: .directory)
    var output: String?

    @OptionGroup var store: StoreOptions

    func run() throws {
        let database = try store.openReadOnly()
        let runs = try database.runs()
        guard let chosen = runs.first(where: { (run == nil || $0.id == run) && (profile == nil || $0.profileName == profile) })
        else {
            throw CommandError(
                "\(store.database): there is no such run; `braid run` makes one, and `braid query \"SELECT * FROM provenance\"` lists them")
        }
        let folder = URL(filePath: output ?? "Reports/\(chosen.profileName)", directoryHint: .isDirectory)
        for file in try ReportWriter.write(database: database, run: chosen.id, to: folder) {
            Console.output(file.relativePath + "\n")
        }
    }
}
