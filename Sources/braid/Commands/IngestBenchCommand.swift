import ArgumentParser
import BenchmarkStore
import CorpusIngest
import Foundation
import SeededRandom

/// `braid bench ingest`: how fast JSON Lines become an indexed database, beside another tool.
struct IngestBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Measures ingest of JSON Lines into a new database, and sqlite-utils on the same file.",
        discussion: """
            The file is made up: dialogues in DialogSum's form from a fixed seed. Each tool runs as a process of its own, \
            in turns, after one run that is not counted; the figures are medians. sqlite-utils, where it is installed, \
            inserts the same file with its ids as primary key and makes one index. It stores the records as they are; \
            Braid checks, normalises and hashes each, and stores turns and references apart.

            Example:
              braid bench ingest --records 200000 --sqlite-utils ~/venv/bin/sqlite-utils
            """)

    @Option(help: "Records of the file, about 1.1 kB each.")
    var records = 60_000

    @Option(help: "Counted runs of each tool.")
    var repetitions = 3

    @Option(help: "The command of sqlite-utils. Default: the one on the PATH, if there is one.")
    var sqliteUtils: String?

    @Option(help: .hidden, completion: .file())
    var measuredFile: String?

    @Option(help: .hidden)
    var measuredDatabase: String?

    func validate() throws {
        guard (1...50_000_000).contains(records) else { throw ValidationError("--records must be 1 to 50,000,000.") }
        guard (1...100).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 100.") }
    }

    func run() throws {
        if let measuredFile, let measuredDatabase { return try measure(measuredFile, measuredDatabase) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "dialogsum.train.jsonl")
        let bytes = try MadeUpDialogues.write(records, to: file)
        let other = try sqliteUtils ?? Self.path(of: "sqlite-utils")
        var ours: [Double] = []
        var theirs: [Double] = []
        var peak = 0.0
        for round in 0...repetitions {
            let database = folder.appending(path: "braid.sqlite").path(percentEncoded: false)
            let run = try MeasuredProcess.run(
                Bundle.main.executablePath ?? "braid",
                [
                    "bench", "ingest", "--measured-file", file.path(percentEncoded: false), "--measured-database",
                    database,
                ])
            peak = max(peak, Double(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0)
            if round > 0 { ours.append(run.seconds) }
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: database + suffix) }
            guard let other else { continue }
            let table = folder.appending(path: "other.sqlite").path(percentEncoded: false)
            let insert = try MeasuredProcess.run(
                other,
                ["insert", table, "documents", file.path(percentEncoded: false), "--nl", "--pk", "fname"])
            let index = try MeasuredProcess.run(other, ["create-index", table, "documents", "topic"])
            if round > 0 { theirs.append(insert.seconds + index.seconds) }
            try? FileManager.default.removeItem(atPath: table)
        }
        show(bytes: bytes, ours: ours, theirs: theirs, peak: peak)
    }

    private func measure(_ file: String, _ database: String) throws {
        _ = try CorpusIngester.ingest(try CorpusSource([file]), into: try BenchmarkDatabase(path: database))
        Console.output("\(BenchChild.peakResidentBytes)\n")
    }

    private func show(bytes: Int, ours: [Double], theirs: [Double], peak: Double) {
        func line(_ name: String, _ seconds: [Double], _ note: String) -> String {
            let sorted = seconds.sorted()
            let median = sorted[sorted.count / 2]
            return String(
                format: "%@ %7.2f s  %6.1f MB/s  %8.0f records/s  %@\n",
                name.padding(toLength: 14, withPad: " ", startingAt: 0), median, Double(bytes) / 1e6 / median,
                Double(records) / median, note)
        }
        Console.output(
            String(format: "%d records, %.1f MB, medians of %d\n", records, Double(bytes) / 1e6, repetitions))
        Console.output(line("braid", ours, String(format: "peak memory %.0f MB", peak / 1e6)))
        if theirs.isEmpty {
            Console.output(
                "sqlite-utils is not on the PATH: `pip install sqlite-utils`, or name it with --sqlite-utils\n")
        } else {
            let ratio = theirs.sorted()[theirs.count / 2] / ours.sorted()[ours.count / 2]
            Console.output(line("sqlite-utils", theirs, String(format: "%.1f times as long", ratio)))
        }
    }

    private static func path(of command: String) throws -> String? {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(command)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// Dialogues of made-up words in DialogSum's form, the same on every machine.
enum MadeUpDialogues {
    /// Writes so many records, and tells how many bytes they are.
    static func write(_ count: Int, to url: URL) throws -> Int {
        var generator = SeededGenerator(seed: 1, purpose: "made-up dialogues")
        let syllables = ["ba", "ne", "lo", "ri", "tu", "mas", "ken", "dol", "pir", "sun", "ve", "cha"]
        let words = (0..<5_000).map { _ in
            (0...generator.nextIndex(below: 3)).map { _ in syllables[generator.nextIndex(below: syllables.count)] }
                .joined()
        }
        func sentence(_ length: Int) -> String {
            (0..<length).map { _ in words[generator.nextIndex(below: words.count)] }.joined(separator: " ") + "."
        }
        try Data().write(to: url)
        let file = try FileHandle(forWritingTo: url)
        defer { try? file.close() }
        var bytes = 0
        var buffer = ""
        for number in 0..<count {
            let turns = (0..<6 + generator.nextIndex(below: 5)).map { turn in
                "#Person\(turn % 2 + 1)#: \(sentence(6 + generator.nextIndex(below: 20)))"
            }
            buffer +=
                #"{"fname":"train_\#(number)","dialogue":"\#(turns.joined(separator: "\\n"))","#
                + #""summary":"\#(sentence(25))","topic":"\#(words[generator.nextIndex(below: words.count)])"}"# + "\n"
            if buffer.utf8.count > 1 << 20 || number == count - 1 {
                try file.write(contentsOf: Data(buffer.utf8))
                bytes += buffer.utf8.count
                buffer = ""
            }
        }
        return bytes
    }
}
