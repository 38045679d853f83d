import ArgumentParser
import BenchmarkStore
import CorpusIngest
import Foundation

/// `braid ingest`: reads a corpus into the database, or only checks it.
struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Reads a corpus into the database.",
        discussion: """
            A corpus is a folder with a manifest, corpus.json, and JSON Lines files; Corpora/README.md has the format.

            Examples:
              braid ingest Corpora/everyday
              braid ingest --check Corpora/everyday
            """)

    @Argument(help: "Folders of corpora.", completion: .directory)
    var folders: [String] = ["Corpora/everyday"]

    @Flag(help: "Store nothing; refuse duplicates, near-duplicates, empty fields and wrong or mixed-up languages.")
    var check = false

    @Flag(help: "Store what is sound of a corpus with faulty records; the others are listed in the table rejects.")
    var leaveOutFaulty = false

    @Flag(help: "Replace a stored corpus of the same name and version by other content.")
    var replace = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        for folder in folders {
            let url = URL(filePath: folder, directoryHint: .isDirectory)
            if check { try check(url) } else { try ingest(url) }
        }
    }

    private func check(_ folder: URL) throws {
        let corpus = try CorpusSource([folder.path(percentEncoded: false)]).readAll()
        let report = CorpusCheck.report(on: corpus)
        for note in report.notes { store.console.say(note) }
        guard report.isClean else {
            for problem in report.problems.prefix(CorpusError.printedProblems) { Console.write("\(problem)\n") }
            let more = report.problems.count - CorpusError.printedProblems
            if more > 0 { Console.write("… and \(more) more\n") }
            throw CommandError("\(folder.relativePath): \(report.problems.count) problems; mend them and check again")
        }
        Console.output("\(folder.relativePath): \(report.documents) documents, no problems\n")
    }

    private func ingest(_ folder: URL) throws {
        let report = try CorpusIngester.ingest(
            folder: folder, into: store.open(),
            options: CorpusIngester.Options(skipsBad: leaveOutFaulty, replaces: replace))
        IngestCommand.tell(report, store.console)
    }

    /// What was stored, in one line, and what was not, line by line.
    static func tell(_ report: IngestReport, _ console: Console) {
        for problem in report.problems.prefix(CorpusError.printedProblems) { console.say("\(problem)") }
        let kinds = report.documents.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\($0.value) \($0.key.rawValue)s" }.joined(separator: ", ")
        let verb =
            switch report.outcome {
            case .inserted: "ingested"
            case .unchanged: "already there"
            case .replaced: "replaced"
            }
        let rejected = report.rejected > 0 ? "; \(report.rejected) records left out" : ""
        console.say("\(report.name) \(report.version) \(verb): \(kinds)\(rejected)")
    }
}
