import ArgumentParser
import BenchmarkBuilder
import BenchmarkStore
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
        let sources = try ProfileSources.sources(of: profile)
        for source in sources { IngestCommand.tell(try CorpusIngester.ingest(source, into: database), console) }
        try BuildCommand.build(
            BuildParameters(
                name: profile.build, corpora: sources.map { "\($0.manifest.name)@\($0.manifest.version)" }),
            in: database, exportingTo: nil, console)
        let folder = try OutputFolder.url(output, under: "Reports", named: profile.name)
        try RunCommand.run(profile: profile, model, store) { id in
            guard let run = try database.runs().first(where: { $0.id == id }) else { return }
            try ReportCommand.write(database, run: run, to: folder)
        }
        guard let run = try database.runs().first(where: { $0.profileName == profile.name }) else { return }
        let files = try ReportCommand.write(database, run: run, to: folder)
        let families = Set(try database.settings(ofBuild: run.buildID).map(\.family))
        let rows = try ReadOnlyQuery(path: store.database).run(
            Self.summary(of: families), arguments: [.integer(run.id)])
        Console.output(QueryFormat.table.render(rows))
        for file in files { Console.output(file.relativePath + "\n") }
    }

    /// The leaderboard in short: the leading metric of each family that the build has, in points.
    private static func summary(of families: Set<String>) -> String {
        let columns = leaders.filter { families.contains($0.family) }.map { family, metric in
            """
            round(max(mean) FILTER (WHERE family = '\(family)' AND metric = '\(metric)'), 1) AS "\(family)"
            """
        }
        return """
            SELECT \((["method"] + columns).joined(separator: ", "))
            FROM leaderboard WHERE run_id = ? GROUP BY method ORDER BY max(method_position)
            """
    }

    private static let leaders: [(family: String, metric: String)] = [
        ("summarize+translate", "rougeL"), ("summarize+rewrite", "rougeL"),
        ("reply+translate", "rougeW"), ("reply+rewrite", "rougeW"),
    ]
}
