import ArgumentParser
import BenchmarkStore
import Foundation

/// `braid bench store`: how the database and its reports grow with the number of predictions.
struct StoreBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store",
        abstract: "Measures storing, the leaderboard query and the report of made-up runs of several sizes.",
        discussion: """
            A run is made up from a fixed seed: 14 settings, 28 methods, as many test documents as the number of \
            predictions asks for, every metric that a run stores. Its answers are stored as a run stores those that need \
            no model, a cell at a time. Then `SELECT * FROM leaderboard` and a report are measured as `braid query` and \
            `braid report` do them. Each is a process of its own, from its start to its end; memory is its peak. The \
            largest size takes some minutes and two gigabytes of disk.

            Examples:
              braid bench store
              braid bench store --predictions 20000 --predictions 100000 --format json
            """)

    @Option(parsing: .upToNextOption, help: "Predictions of a run; several sizes are measured one after another.")
    var predictions = [20_000, 200_000, 2_000_000]

    @Option(help: "Times that the query and the report are measured; the middle one counts.")
    var repetitions = 3

    @Option(
        help: "Folder for the databases, which are removed at the end. Default: the system's.", completion: .directory)
    var scratch: String?

    @Option(help: "How the figures are printed.")
    var format: EngineBenchCommand.Format = .table

    @Option(help: .hidden)
    var measured: Work?

    @Option(help: .hidden)
    var measuredDatabase: String?

    /// What one process does.
    enum Work: String, ExpressibleByArgument, CaseIterable {
        case insertion, leaderboard, report
    }

    func validate() throws {
        guard !predictions.isEmpty, predictions.allSatisfy({ (MadeUpRun.perDocument...50_000_000).contains($0) }) else {
            throw ValidationError("--predictions must be \(MadeUpRun.perDocument) to 50000000.")
        }
        guard (1...100).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 100.") }
    }

    /// What a measured process prints.
    private struct Measured: Codable {
        var peakBytes: Int
        var stored: MadeUpRun.Figures?
    }

    private struct Row: Encodable {
        var predictions: Int
        var scores: Int
        var predictionsPerSecond: Double
        var insertionPeakBytes: Int
        var leaderboardSeconds: Double
        var leaderboardPeakBytes: Int
        var reportSeconds: Double
        var reportPeakBytes: Int
        var reportBytes: Int
        var databaseBytes: Int
    }

    func run() throws {
        if let measured, let measuredDatabase { return try work(measured, measuredDatabase) }
        let parent = scratch.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory
        var rows: [Row] = []
        for size in predictions {
            let folder = parent.appending(path: "braid-bench-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            rows.append(try measure(size, in: folder))
        }
        Console().progress("")
        try show(rows)
    }

    // MARK: In the process that is measured

    private func work(_ work: Work, _ path: String) throws {
        var result = Measured(peakBytes: 0)
        switch work {
        case .insertion:
            let database = try BenchmarkDatabase(path: path)
            var run = MadeUpRun(database, predictions: predictions[0])
            result.stored = try run.store()
            try database.close()
        case .leaderboard:
            let rows = try ReadOnlyQuery(path: path).run("SELECT * FROM leaderboard")
            // Made as for a terminal, and not shown.
            _ = QueryFormat.table.render(rows)
        case .report:
            let database = try BenchmarkDatabase(readingOnly: path)
            guard let run = try database.runs().first else { return }
            let folder = URL(filePath: path).deletingLastPathComponent().appending(path: "report")
            try ReportCommand.write(database, run: run, to: folder)
        }
        result.peakBytes = BenchChild.peakResidentBytes
        Console.output(String(decoding: try JSONEncoder().encode(result), as: UTF8.self) + "\n")
    }

    // MARK: Around it

    private func measure(_ size: Int, in folder: URL) throws -> Row {
        let path = folder.appending(path: "braid.sqlite").path(percentEncoded: false)
        func once(_ work: Work) throws -> (seconds: Double, result: Measured) {
            Console().progress("\(size) predictions: \(work.rawValue)")
            let run = try MeasuredProcess.run(
                Bundle.main.executablePath ?? "braid",
                [
                    "bench", "store", "--predictions", "\(size)", "--measured", work.rawValue, "--measured-database",
                    path,
                ])
            return (run.seconds, try JSONDecoder().decode(Measured.self, from: Data(run.output.utf8)))
        }
        func median(_ work: Work) throws -> (seconds: Double, peak: Int) {
            let runs = try (0..<repetitions).map { _ in try once(work) }
            return (
                runs.map(\.seconds).sorted()[repetitions / 2], runs.map(\.result.peakBytes).max() ?? 0
            )
        }
        let insertion = try once(.insertion).result
        let stored = insertion.stored ?? MadeUpRun.Figures()
        let leaderboard = try median(.leaderboard)
        let report = try median(.report)
        return Row(
            predictions: stored.predictions, scores: stored.scores,
            predictionsPerSecond: Double(stored.predictions) / stored.seconds, insertionPeakBytes: insertion.peakBytes,
            leaderboardSeconds: leaderboard.seconds, leaderboardPeakBytes: leaderboard.peak,
            reportSeconds: report.seconds, reportPeakBytes: report.peak,
            reportBytes: try Self.bytes(in: folder.appending(path: "report")), databaseBytes: try Self.bytes(of: path))
    }

    private static func bytes(of path: String) throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    private static func bytes(in folder: URL) throws -> Int {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .reduce(0) { try $0 + bytes(of: $1.path(percentEncoded: false)) }
    }

    private func show(_ rows: [Row]) throws {
        if format == .json {
            struct Output: Encodable {
                var version = 1
                var cores: Int
                var repetitions: Int
                var runs: [Row]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let output = Output(
                cores: ProcessInfo.processInfo.activeProcessorCount, repetitions: repetitions, runs: rows)
            Console.output(String(decoding: try encoder.encode(output), as: UTF8.self) + "\n")
            return
        }
        Console.output(
            "predictions    scores  stored/s     MB  leaderboard s     MB  report s     MB   MB written  database MB\n")
        for row in rows {
            Console.output(
                String(
                    format: "%11d %9d %9.0f %6.0f %14.2f %6.0f %9.2f %6.0f %12.2f %12.1f\n", row.predictions,
                    row.scores, row.predictionsPerSecond, Double(row.insertionPeakBytes) / 1e6, row.leaderboardSeconds,
                    Double(row.leaderboardPeakBytes) / 1e6, row.reportSeconds, Double(row.reportPeakBytes) / 1e6,
                    Double(row.reportBytes) / 1e6, Double(row.databaseBytes) / 1e6))
        }
    }
}
