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
            measurements and those that were not published. Then a sample of the answers is made again by the model, on a copy of the database, and \
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
        var compared = 0
        let differences = try ReportWriter.repeatableNames.compactMap { name -> String? in
            let path = folder.appending(path: name)
            let new = try Data(contentsOf: scratch.appending(path: name))
            guard let old = try? Data(contentsOf: path) else {
                store.console.say("\(path.relativePath) is not there, so it was not compared")
                return nil
            }
            compared += 1
            guard old != new else { return nil }
            return "\(path.relativePath):\(PublishedReport.firstDifference(old, new))"
        }
        if differences.isEmpty {
            store.console.say("\(compared) \(compared == 1 ? "file is" : "files are") what the database says")
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

    /// Takes it from `results.json`, or where that was not published from the Markdown page.
    init(_ folder: URL) throws {
        struct Results: Decodable {
            struct Report: Decodable {
                struct Run: Decodable { let key: String }
                let run: Run
            }
            let report: Report
        }
        let results = folder.appending(path: "results.json")
        let page = folder.appending(path: "leaderboard.md")
        let key: String?
        if let data = try? Data(contentsOf: results) {
            key = try? JSONDecoder().decode(Results.self, from: data).report.run.key
        } else if let text = try? String(contentsOf: page, encoding: .utf8) {
            key = (text.firstMatch(of: #/(?m)^- \*\*Run:\*\* (\S+)$/#)?.1).map(String.init)
        } else {
            throw CommandError(
                .badArgument,
                "\(folder.relativePath): has neither results.json nor leaderboard.md; give the folder of a report that "
                    + "`braid report` wrote")
        }
        guard let key else {
            throw CommandError(
                .badArgument, "\(folder.relativePath): does not name its run; give a report that `braid report` wrote")
        }
        runKey = key
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
