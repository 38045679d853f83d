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
            measurements and for results.json where that was not published. Then a sample of the answers is made again by \
            the model, on a copy of the database, and compared to the letter with its scores. The exit code is 1 where anything differs.

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
        guard model.precision == nil else { throw ValidationError("--precision is the run's own; leave it out.") }
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
        // Another version of Braid, or another model, would make everything look forged.
        let verifier = try RunVerifier(run, of: database, adapterFolder: store.adapterFolder)
        if answers > 0 { try verifier.checkModel(at: try model.url()) }
        let differences = try compare(folder, with: database, run)
        for line in differences { Console.output(line + "\n") }
        let areAnswersRight = try answers == 0 || again(verifier)
        guard differences.isEmpty, areAnswersRight else { throw ExitCode(1) }
    }

    /// The files of the report that a new rendering does not repeat.
    private func compare(_ folder: URL, with database: BenchmarkDatabase, _ run: RunRecord) throws -> [String] {
        let scratch = FileManager.default.temporaryDirectory.appending(path: AsideName.make(for: "braid-verify"))
        defer { try? FileManager.default.removeItem(at: scratch) }
        try ReportCommand.write(database, run: run, to: scratch)
        var compared = 0
        let differences = try ReportWriter.repeatableNames.compactMap { name -> String? in
            let path = folder.appending(path: name)
            let new = try Data(contentsOf: scratch.appending(path: name))
            let isThere = FileManager.default.fileExists(atPath: path.path(percentEncoded: false))
            if !isThere, name == PublishedReport.dataName {
                // The largest file, and nothing that the others do not show.
                store.console.say("\(path.relativePath) is not there, so it was not compared")
                return nil
            }
            guard let old = PublishedReport.bytes(of: path) else {
                return "\(path.relativePath): \(isThere ? "cannot be read" : "is missing")"
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

    /// Makes a sample of answers again and says which differ; whether none does.
    private func again(_ verifier: RunVerifier) throws -> Bool {
        let progress = ProgressPrinter(store.console)
        defer { progress.close() }
        Interrupt.listen("nothing was changed")
        let loaded = try model.load(verifier.precision)
        var outcome: RunVerifier.Outcome?
        try RunCommand.stopping {
            outcome = try verifier.verify(
                answers, seed: seed, model: loaded, shouldStop: { Interrupt.isAsked }, onEvent: progress.handle)
        }
        guard let outcome else { return false }
        for difference in outcome.differences {
            Console.output(
                "\(difference.method) \(difference.setting) \(difference.document): \(difference.what) is "
                    + "'\(difference.stored)' in the database and came out as '\(difference.found)'\n")
        }
        if outcome.differences.isEmpty {
            store.console.say(
                "\(outcome.answers) answers of \(outcome.cells) cells came out the same, with their scores")
        }
        return outcome.differences.isEmpty
    }
}

/// What is read of a report's folder.
private struct PublishedReport {
    /// The file of data, which not every report is published with.
    static let dataName = "results.json"

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
        let results = folder.appending(path: Self.dataName)
        let page = folder.appending(path: "leaderboard.md")
        let key: String?
        if let data = Self.bytes(of: results) {
            key = try? JSONDecoder().decode(Results.self, from: data).report.run.key
        } else if let text = Self.bytes(of: page).map({ String(decoding: $0, as: UTF8.self) }) {
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

    /// What a file holds; nil where there is none, or a pipe or the like, which would be waited for.
    static func bytes(of file: URL) -> Data? {
        let values = try? file.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey])
        return values?.isRegularFile == true ? try? Data(contentsOf: file) : nil
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
