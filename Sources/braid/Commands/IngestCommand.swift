import ArgumentParser
import BenchmarkStore
import CorpusIngest
import Foundation

/// `braid ingest`: reads a corpus into the database, or only looks at it.
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Reads a corpus into the database.",
        discussion: """
            The paths together are one corpus: a folder, files, archives (.gz, .zip, .tar.gz) or - for standard input. \
            Its format is found by looking, or named with --format; docs/corpora.md describes them all. A corpus whose \
            format does not tell where the texts come from needs --name, --corpus-version, --licence and --citation.

            Examples:
              braid ingest Corpora/everyday
              braid ingest --dry-run dialogsum.dev.jsonl dialogsum.test.jsonl
              braid ingest --check Corpora/everyday
            """)

    @Argument(help: "Files and folders of one corpus.", completion: .file())
    var paths: [String] = []

    @Option(
        help: "A profile whose corpora are read, each as it says there.",
        completion: .file(extensions: ["yml", "yaml"])
    )
    var profile: String?

    @Flag(help: "List the formats, and read nothing.")
    var formats = false

    @Flag(help: "Store nothing: count, show three records, and list every irregularity by record number.")
    var dryRun = false

    @Flag(help: "Store nothing; refuse duplicates, near-duplicates, empty fields and wrong or mixed-up languages.")
    var check = false

    @Flag(help: "Store a corpus without its bad records; they are listed in the table rejects.")
    var skipBad = false

    @Flag(help: "Replace a stored corpus of the same name and version by other content.")
    var replace = false

    @OptionGroup(title: "About the source") var source: SourceArguments
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if profile != nil, !paths.isEmpty { throw ValidationError("Give paths or --profile, not both.") }
    }

    func run() throws {
        if formats { return Console.output(IngestCommand.formatList) }
        for source in try sources() {
            if check {
                try check(source)
            } else if dryRun {
                Console.output(try SourcePreview(of: source).text)
            } else {
                try ingest(source)
            }
        }
    }

    private func sources() throws -> [CorpusSource] {
        if let profile { return try ProfileSources.sources(of: profile) }
        return [try CorpusSource(paths.isEmpty ? ["Corpora/everyday"] : paths, try source.options())]
    }

    private func check(_ source: CorpusSource) throws {
        let report = CorpusCheck.report(on: try source.readAll())
        for note in report.notes { store.console.say(note) }
        guard report.isClean else {
            for problem in report.problems.prefix(CorpusError.printedProblems) { Console.write("\(problem)\n") }
            let more = report.problems.count - CorpusError.printedProblems
            if more > 0 { Console.write("… and \(more) more\n") }
            let count = report.problems.count
            throw CorpusError(
                .refused, "\(count) \(count == 1 ? "problem; mend it" : "problems; mend them") and check again",
                file: source.origin)
        }
        Console.output("\(source.origin): \(report.documents) documents, no problems\n")
    }

    private func ingest(_ source: CorpusSource) throws {
        let report = try CorpusIngester.ingest(
            source, into: store.open(), options: CorpusIngester.Options(skipsBad: skipBad, replaces: replace))
        IngestCommand.tell(report, store.console)
    }

    /// What was stored, in a few lines, and what was not, line by line.
    static func tell(_ report: IngestReport, _ console: Console) {
        for line in CorpusProblem.lines(report.problems, atMost: CorpusError.printedProblems) { console.say(line) }
        for line in report.irregularities { console.say(line) }
        let kinds = report.documents.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)s" }.joined(separator: ", ")
        let verb =
            switch report.outcome {
            case .inserted: "ingested"
            case .unchanged: "already there"
            case .replaced: "replaced"
            }
        let rejected = report.rejected > 0 ? "; \(report.rejected) records left out" : ""
        let format = report.format.wasRecognised ? " (\(report.format.name), found by looking)" : ""
        console.say("\(report.name) \(report.version) \(verb)\(format)\(kinds.isEmpty ? "" : ": ")\(kinds)\(rejected)")
        let terms = LicenceTerms(report.licence)
        if terms.restrictsExport { console.say("\(report.name): licence \(report.licence): \(terms.words)") }
    }

    /// All formats with what they yield.
    private static var formatList: String {
        FormatRegister.formats.map { format in
            "\(format.about.name)\n    \(format.about.title)\n    \(format.about.yields)\n"
        }.joined()
    }
}
