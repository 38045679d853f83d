import BenchmarkStore

extension ReportPage {
    /// Where the numbers come from and how to make them again.
    static func provenance(_ data: ReportData, commands: [String]) -> [ReportBlock] {
        let run = data.run
        var blocks: [ReportBlock] = [
            .heading(level: 2, "Provenance"),
            .facts([
                ("Model", run.model.name),
                ("Model file", "\(run.model.fileName), \(NumberText.bytes(run.model.bytes)), \(run.model.fileType)"),
                ("Model SHA-256", run.model.sha256),
                ("Architecture", "\(run.model.architecture), \(NumberText.count(run.model.parameters)) parameters"),
                ("Build", "\(run.build.name), seed \(run.build.seed)"),
                ("Build SHA-256 (settings, splits, examples)", run.build.contentHash),
                ("Build parameters", run.build.parameters),
                ("Profile", run.profileName),
                ("Profile SHA-256", run.profileHash),
                ("Run", run.key),
                ("Seed", "\(run.seed)"),
                ("Braid", run.version),
                ("Precision", run.precision),
                ("Decoding", run.decoding),
                ("Machine, moments and times", ReportWriter.measurementsName),
            ]),
            .paragraph(seedStatement(run)),
            .table(corpora(run)),
        ]
        blocks += run.corpora.filter { !$0.citation.isEmpty }.map {
            .verbatim(label: "How to cite \($0.name)", $0.citation)
        }
        blocks += [
            .fold(title: "Profile text", [.verbatim(label: run.profileName, run.profileText)]),
            .heading(level: 3, "How to reproduce"),
            .verbatim(
                label: "Command lines", (commands.isEmpty ? usualCommands(run) : commands).joined(separator: "\n")),
        ]
        return blocks
    }

    static func seedStatement(_ run: RunFacts) -> String {
        guard run.trainingSeeds.count > 1 else {
            return "These results hold for these adapters: variation over training seeds was not measured."
        }
        let seeds = run.trainingSeeds.map { "\($0)" }.joined(separator: ", ")
        return """
            Learned methods were trained with the seeds \(seeds). The intervals are over documents and do not hold the \
            variation over seeds.
            """
    }

    private static func corpora(_ run: RunFacts) -> ReportTable {
        ReportTable(
            caption: "Corpora of the build",
            columns: [
                .init("Corpus"), .init("Version"), .init("Title"), .init("Licence"), .init("References"),
                .init("Content SHA-256"),
            ], isNumeric: [Bool](repeating: false, count: 6),
            rows: run.corpora.map { corpus in
                ReportTable.Row([
                    .init(corpus.name), .init(corpus.version), .init(corpus.title),
                    .init(LicenceTerms.described(corpus.licence)),
                    .init(writer(corpus.origin)), .init(corpus.contentHash),
                ])
            })
    }

    private static func usualCommands(_ run: RunFacts) -> [String] {
        ["braid quickstart --profile \("Benchmark/\(run.profileName).yml".shellWord)"]
    }
}
