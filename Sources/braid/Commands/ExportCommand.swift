import ArgumentParser
import BenchmarkBuilder
import BenchmarkStore
import Foundation

/// `braid export`: gives a build away as a dataset.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes a build as a dataset: JSON Lines, CSV, a dataset card and Croissant metadata.",
        discussion: """
            The folder loads with datasets.load_dataset, one configuration for each setting. Export it again and no \
            byte changes.

            Examples:
              braid export everyday
              braid export everyday --output out/replies --settings reply reply+translate
              braid export everyday --url https://example.org/everyday --creator "Example Lab" --date 2026-01-31
            """)

    @Argument(help: "Name of the build.")
    var build: String

    @Option(help: "Folder to write to. Default: Exports/ and the build's name.", completion: .directory)
    var output: String?

    @Option(
        parsing: .upToNextOption,
        help: "Settings to write, by name (translate/es) or family (summarize+translate). Default: all.")
    var settings: [String] = []

    @Option(help: "The dataset's page on the web, for the metadata.")
    var url: String?

    @Option(help: "Who publishes the dataset, for the metadata.")
    var creator: String?

    @Option(help: "When it is published, YYYY-MM-DD, for the metadata.")
    var date: String?

    @Flag(help: "You may use and pass on text whose licence forbids commercial use or derivatives, or is not known.")
    var iMay = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        let folder = try OutputFolder.url(output, under: "Exports", named: build)
        let report = try BenchmarkBuilder.export(
            build, from: store.openReadOnly(), to: folder, settings: settings,
            publication: Publication(url: url, creator: creator, date: date), isAllowed: iMay)
        for reminder in report.reminders { Console.write("\(reminder)\n") }
        let examples = report.manifest.files.reduce(0) { $0 + $1.examples }
        store.console.say(
            "\(build) \(report.folderChanged ? "exported" : "already exported") to \(folder.relativePath): "
                + "\(report.manifest.settings.count) tasks and settings, \(examples) examples, \(report.files) files")
    }
}
