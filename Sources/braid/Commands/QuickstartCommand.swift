import ArgumentParser
import BenchmarkBuilder
import CorpusIngest
import EvaluationRunner
import Foundation
import ReportRendering

/// `braid quickstart`: the whole way, from the corpus to the leaderboard.
struct QuickstartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quickstart",
        abstract: "Does everything: ingest, build, train, run and report, with the quick profile.",
        discussion: """
            A second call does only what is missing. The report is written anew after each method, so a first row is \
            there within minutes.

            Example:
              braid quickstart
            """)

    @Option(help: "The profile, a YAML file.", completion: .file(extensions: ["yml", "yaml"]))
    var profile = "Benchmark/quick.yml"

    @Option(help: "Folder of the corpus.", completion: .directory)
    var corpus = "Corpora/everyday"

    @Option(help: "Folder to write the report to. Default: Reports/ and the profile's name.", completion: .directory)
    var output: String?

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func run() throws {
        let console = store.console
        let profile = try Profile(contentsOf: URL(filePath: profile))
        _ = try profile.makeMethods()
        _ = try model.url()
        let database = try store.open()
        let corpusFolder = URL(filePath: corpus, directoryHint: .isDirectory)
        IngestCommand.tell(try CorpusIngester.ingest(folder: corpusFolder, into: database), console)
        try BuildCommand.build(profile.build, in: database, console)
        let folder = URL(filePath: output ?? "Reports/\(profile.name)", directoryHint: .isDirectory)
        try RunCommand.run(profile: profile, model, store) { run in
            try ReportWriter.write(database: database, run: run, to: folder)
        }
        guard let run = try database.runs().first(where: { $0.profileName == profile.name }) else { return }
        let files = try ReportWriter.write(database: database, run: run.id, to: folder)
        Console.output(try ReportWriter.summary(database: database, run: run.id) + "\n")
        for file in files { Console.output(file.relativePath + "\n") }
    }
}
