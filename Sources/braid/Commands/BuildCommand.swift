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
            The same corpora and seed give the same bytes. Splits that a source has itself are kept; documents that \
            are the same or nearly so never lie in two splits. --check shows what the corpora have in common, proves \
            that nothing leaks, and compares the exported folder byte for byte. It reads the corpora under Corpora/, \
            or, where one of them is not there or --annotations is given, those in the database.

            Examples:
              braid build everyday
              braid build dialogues --corpus dialogsum --corpus convsumx --no-export
              braid build --check everyday
            """)

    @Argument(help: "Name of the build, and of its folder under Benchmark/.")
    var name = "everyday"

    @Option(help: "Corpora to build from, by name. Default: the one named as the build.")
    var corpus: [String] = []

    @Option(help: "Seed of the splits and of the order of examples.")
    var seed: Int64 = 1

    @Option(help: "A model whose annotations may be used as references. Default: the sources' own references alone.")
    var annotations: [String] = []

    @Option(help: "Folder to write the splits to. Default: Benchmark/ and the build's name.", completion: .directory)
    var output: String?

    @Flag(help: "Build into the database alone and write no files.")
    var noExport = false

    @Flag(help: "You may use and pass on text whose licence forbids commercial use or derivatives, or is not known.")
    var iMay = false

    @Flag(help: "Write nothing; look for leaks, and compare what the corpora build to with the folder.")
    var check = false

    @OptionGroup var store: StoreOptions

    func run() throws {
        let parameters = BuildParameters(
            name: name, seed: seed, corpora: corpus.isEmpty ? [name] : corpus, annotations: annotations)
        try parameters.validate()
        let folder = try OutputFolder.url(output, under: "Benchmark", named: name)
        if check {
            try check(parameters, folder)
        } else {
            try BuildCommand.build(
                parameters, in: store.open(), exportingTo: noExport ? nil : folder, isAllowed: iMay, store.console)
        }
    }

    /// Builds into the store and the folder, and says what came out.
    static func build(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, exportingTo folder: URL?,
        isAllowed: Bool = false, _ console: Console
    ) throws {
        let report: BuildReport
        do {
            report = try BenchmarkBuilder.build(
                parameters, in: database, exportingTo: folder, isAllowed: isAllowed)
        } catch let error as BuildError where error.code == .licence {
            throw BuildError(
                .licence, "\(error.message), or build into the database alone with --no-export", file: error.file,
                key: error.key)
        }
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
        console.say(report.provenance.text.trimmingCharacters(in: .newlines))
        guard report.excluded > 0 else { return }
        console.say(
            "\(report.excluded) documents left out, since they repeat documents of another split; see the table "
                + "build_exclusions, or `braid build --check`")
    }

    private func check(_ parameters: BuildParameters, _ folder: URL) throws {
        let check = try withCorpora(parameters) {
            try BenchmarkBuilder.check(parameters, in: $0, against: folder)
        }
        Console.output(VisibleText.block(check.provenance.text + check.leaks.text))
        guard check.leaks.proof.isClean else {
            throw BuildError(
                .leak,
                "what is trained on would be tested on, as counted above; this is a fault of Braid, report it with the corpus",
                file: folder.relativePath)
        }
        guard let differences = check.differences else {
            Console.output("\(folder.relativePath) is not there, so there is nothing to compare\n")
            return
        }
        guard differences.isEmpty else {
            for difference in differences.prefix(50) { Console.write("\(difference)\n") }
            throw BuildError(
                .stale,
                "is not what the corpora build to (\(differences.count) differences); run `braid ingest` and "
                    + "`braid build`, and commit", file: folder.relativePath)
        }
        Console.output("\(folder.relativePath) is what the corpora build to, byte for byte\n")
    }

    /// Calls `body` with a database that has the corpora: a scratch one with those under Corpora/, or the user's.
    ///
    /// Annotations are in the user's alone.
    private func withCorpora<Result>(
        _ parameters: BuildParameters, _ body: (BenchmarkDatabase) throws -> Result
    ) throws -> Result {
        guard parameters.annotations.isEmpty else { return try body(try store.openReadOnly()) }
        let folders = parameters.corpora.map { URL(filePath: "Corpora/\($0)", directoryHint: .isDirectory) }
        let manager = FileManager.default
        if let missing = folders.first(where: { !manager.fileExists(atPath: $0.path(percentEncoded: false)) }) {
            guard manager.fileExists(atPath: store.database) else {
                throw BuildError(
                    .corpus,
                    "is not there, nor the database \(store.database) with what was ingested: ingest the corpus first",
                    file: missing.relativePath)
            }
            return try body(try store.openReadOnly())
        }
        let scratch = manager.temporaryDirectory.appending(path: "braid-check-\(UUID().uuidString)")
        try manager.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: scratch) }
        let database = try BenchmarkDatabase(path: scratch.appending(path: "check.sqlite").path(percentEncoded: false))
        for folder in folders { _ = try CorpusIngester.ingest(folder: folder, into: database) }
        return try body(database)
    }
}
