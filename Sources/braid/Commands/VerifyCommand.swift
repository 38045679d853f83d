import ArgumentParser
import BenchmarkStore
import EvaluationRunner
import Foundation
import ModelEngine
import ReportRendering

/// `braid verify`: whether a published report is what its database says, and its database what the model says.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Derives a published report again and says what differs.",
        discussion: """
            First the report is rendered again from its database and compared byte for byte, but for the two files of \
            measurements. Then a sample of the answers is made again by the model, on a copy of the database, and \
            compared to the letter with its scores. The exit code is 1 where anything differs.

            Examples:
              braid verify Reports/quick
              braid verify Reports/quick --answers 200 --seed 2
              braid verify Reports/quick --answers 0
            """)

    @Argument(help: "The folder of the report.", completion: .directory)
    var report: String

    @Option(help: "How many answers to make again; 0 needs no model.")
    var answers = 50

    @Option(help: "Decides which answers.")
    var seed: UInt64 = 1

    @OptionGroup var model: ModelOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        guard answers >= 0 else { throw ValidationError("--answers must not be negative.") }
    }

    func run() throws {
        let folder = URL(filePath: report, directoryHint: .isDirectory)
        let database = try store.openReadOnly()
        let key = try PublishedReport(folder).runKey
        guard let run = try database.runs().first(where: { $0.runKey == key }) else {
            throw CommandError(
                .unknownName,
                "\(store.database): this database has no run \(key.prefix(12)), which the report is of; give its own "
                    + "with --database")
        }
        var differences = try compare(folder, with: database, run)
        if answers > 0 { differences += try again(run, database) }
        for line in differences { Console.output(line + "\n") }
        guard differences.isEmpty else { throw ExitCode(1) }
    }

    /// The files of the report that a new rendering does not repeat.
    private func compare(_ folder: URL, with database: BenchmarkDatabase, _ run: RunRecord) throws -> [String] {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "braid-verify-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: scratch) }
        try ReportCommand.write(database, run: run, to: scratch)
        let differences = try ReportWriter.repeatableNames.compactMap { name -> String? in
            let path = folder.appending(path: name)
            let new = try Data(contentsOf: scratch.appending(path: name))
            guard let old = try? Data(contentsOf: path) else { return "\(path.relativePath): is missing" }
            guard old != new else { return nil }
            return "\(path.relativePath):\(PublishedReport.firstDifference(old, new))"
        }
        if differences.isEmpty {
            store.console.say("\(ReportWriter.repeatableNames.count) files are what the database says")
        }
        return differences
    }

    /// The sampled answers that the model does not repeat.
    private func again(_ run: RunRecord, _ database: BenchmarkDatabase) throws -> [String] {
        let precision = WeightPrecision(rawValue: run.precision) ?? .float32
        let progress = ProgressPrinter(store.console)
        defer { progress.close() }
        Interrupt.listen()
        var outcome: RunVerifier.Outcome?
        let loaded = try model.load(precision)
        try RunCommand.stopping {
            outcome = try RunVerifier(run, of: database, adapterFolder: store.adapterFolder).verify(
                answers, seed: seed, model: loaded, shouldStop: { Interrupt.isAsked }, onEvent: progress.handle)
        }
        guard let outcome else { return [] }
        if outcome.differences.isEmpty {
            store.console.say(
                "\(outcome.answers) answers of \(outcome.cells) cells came out the same, with their scores")
        }
        return outcome.differences.map { difference in
            "\(difference.method) \(difference.setting) \(difference.document): \(difference.what) is "
                + "'\(difference.stored)' in the database and came out as '\(difference.found)'"
        }
    }
}

/// What is read of a report's folder.
private struct PublishedReport {
    /// The run that the report is of.
    let runKey: String

    init(_ folder: URL) throws {
        struct Results: Decodable {
            struct Report: Decodable {
                struct Run: Decodable { let key: String }
                let run: Run
            }
            let report: Report
        }
        let file = folder.appending(path: "results.json")
        guard let data = try? Data(contentsOf: file) else {
            throw CommandError(
                .badArgument,
                "\(file.relativePath): is not there; give the folder of a report that `braid report` wrote")
        }
        do { runKey = try JSONDecoder().decode(Results.self, from: data).report.run.key } catch {
            throw CommandError(
                .badArgument, "\(file.relativePath): does not name its run; give a report that `braid report` wrote")
        }
    }

    /// The first line in which two texts differ, as `LINE: 'published' is now 'new'`.
    static func firstDifference(_ published: Data, _ new: Data) -> String {
        let (old, new) = (lines(published), lines(new))
        let index = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
        func shown(_ lines: [Substring]) -> String {
            guard lines.indices.contains(index) else { return "the end" }
            let line = lines[index].trimmingCharacters(in: .whitespaces)
            return line.count > 120 ? "'\(line.prefix(120))…'" : "'\(line)'"
        }
        return "\(index + 1): \(shown(old)) is now \(shown(new))"
    }

    private static func lines(_ data: Data) -> [Substring] {
        String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }
}
