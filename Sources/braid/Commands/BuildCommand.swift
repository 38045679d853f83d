import ArgumentParser
import BenchmarkBuilder
import BenchmarkStore
import CorpusIngest
import Foundation

/// `braid build`: makes the splits of a benchmark from ingested corpora.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Makes the splits for all tasks and settings, in the database and as JSON Lines.",
        discussion: """
            The same corpora and seed give the same bytes. The committed splits under Benchmark/ are checked with \
            --check, which ingests the corpora under Corpora/ into a scratch database and compares bytes.

            Examples:
              braid build everyday
              braid build --check everyday
            """)

    @Argument(help: "Name of the build, and of its folder under Benchmark/.")
    var name = "everyday"

    @Option(help: "Corpora to build from, by name. Default: the one named as the build.")
    var corpus: [String] = []

    @Option(help: "Seed of the splits and of the order of examples.")
    var seed: Int64 = 1

    @Option(help: "Folder to write the splits to. Default: Benchmark/ and the build's name.", completion: .directory)
    var output: String?

    @Flag(help: "Write nothing; compare what the corpora build to with the folder, byte for byte.")
    var check = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        let parameters = BuildParameters(name: name, seed: seed, corpora: corpus.isEmpty ? [name] : corpus)
        let folder = URL(filePath: output ?? "Benchmark/\(name)", directoryHint: .isDirectory)
        if check {
            try check(parameters, folder)
        } else {
            try BuildCommand.build(parameters, in: store.open(), exportingTo: folder, store.console)
        }
    }

    /// Builds into the store and the folder, and says what came out.
    static func build(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, exportingTo folder: URL?, _ console: Console
    ) throws {
        let report = try BenchmarkBuilder.build(parameters, in: database, exportingTo: folder)
        let counts = Split.allCases.map { split in
            let count = report.settings.reduce(0) { $0 + ($1.examples[split] ?? 0) }
            return "\(count) \(split.rawValue)"
        }
        let verb =
            switch report.outcome {
            case .inserted: "built"
            case .unchanged: "already built"
            case .replaced: "built anew"
            }
        console.say(
            "\(report.name) \(verb): \(report.settings.count) tasks and settings, examples: \(counts.joined(separator: ", "))"
        )
    }

    private func check(_ parameters: BuildParameters, _ folder: URL) throws {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "braid-check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let database = try BenchmarkDatabase(path: scratch.appending(path: "check.sqlite").path(percentEncoded: false))
        for corpus in parameters.corpora {
            _ = try CorpusIngester.ingest(
                folder: URL(filePath: "Corpora/\(corpus)", directoryHint: .isDirectory), into: database)
        }
        let differences = try BenchmarkBuilder.check(parameters, in: database, against: folder)
        guard differences.isEmpty else {
            for difference in differences.prefix(50) { Console.write("\(difference)\n") }
            throw CommandError(
                "\(folder.relativePath) is not what the corpora build to (\(differences.count) differences); run `braid ingest` and `braid build`, and commit"
            )
        }
        Console.output("\(folder.relativePath) is what the corpora build to, byte for byte\n")
    }
}
