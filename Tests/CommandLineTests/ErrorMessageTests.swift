import BenchmarkStore
import Foundation
import TestSupport
import Testing
import braid

@Suite("Errors and the table that explains them")
struct ErrorMessageTests {
    @Test("every code has one row, and every row is of a code, in the same order")
    func everyCodeHasItsRow() throws {
        let rows = try ErrorTable().rows.map(\.code)
        let codes = ErrorKind.all.flatMap(\.codes)
        #expect(Set(codes).subtracting(rows) == [], "codes without a row")
        #expect(Set(rows).subtracting(codes) == [], "rows of no code")
        #expect(rows == codes)
    }

    @Test("every row has an example, a meaning, a remedy and an exit code")
    func everyRowIsFull() throws {
        for row in try ErrorTable().rows {
            #expect(row.cells.count == 4, "\(row.code)")
            #expect(row.cells.allSatisfy { !$0.trimmingCharacters(in: .whitespaces).isEmpty }, "\(row.code)")
            #expect(row.example.count > 10, "\(row.code)")
            #expect(["0", "1", "130"].contains(row.cells.last), "\(row.code)")
        }
    }

    private let folder: ScratchFolder
    private let table: ErrorTable

    init() throws {
        folder = try ScratchFolder()
        table = try ErrorTable()
    }

    /// Runs the program, and expects the error of a code on the first line, as its row shows it.
    private func expect(
        _ code: String, _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let result = try BraidBinary.run(arguments, in: folder.url)
        let line = result.errors.split(separator: "\n").first.map(String.init) ?? ""
        #expect(result.status == 1, "\(result.errors)", sourceLocation: sourceLocation)
        let prefix = "Error [\(code)]: "
        let row = try #require(table[code], sourceLocation: sourceLocation)
        #expect(line.hasPrefix(prefix), "\(result.errors)", sourceLocation: sourceLocation)
        #expect(
            row.isExample(of: String(line.dropFirst(prefix.count))), "\(line)\nis not like\n\(row.example)",
            sourceLocation: sourceLocation)
    }

    private func write(_ name: String, _ text: String) throws {
        let file = folder.path(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func change(_ database: String, _ sql: String) throws {
        let opened = try BenchmarkDatabase(path: folder.path(database).path)
        try opened.execute(sql)
        try opened.close()
    }

    @Test("those of the database are printed with their codes, as the table shows them")
    func databases() throws {
        try expect("store.cannotOpen", "query", "SELECT 1")
        try write("notes.txt", "hello")
        try expect("store.notADatabase", "query", "--database", "notes.txt", "SELECT 1")
        try change("photos.sqlite", "PRAGMA application_id = 77")
        try expect("store.otherApplication", "query", "--database", "photos.sqlite", "SELECT 1")
        try change("braid.sqlite", "SELECT 1")
        try expect("store.query", "query", "SELECT titel FROM corpora")
        try expect("report.noRun", "report")
        try expect("command.unknownName", "adapters", "export", "reply", "--output", "x")
        try change("braid.sqlite", "DROP VIEW leaderboard")
        try expect("store.olderVersion", "query", "SELECT 1")
        try change("braid.sqlite", "PRAGMA user_version = 99")
        // The version that this Braid knows goes up.
        let newer = try BraidBinary.run("query", "SELECT 1", in: folder.url)
        #expect(newer.status == 1 && newer.errors.hasPrefix("Error [store.newerVersion]: braid.sqlite: has schema"))
    }

    @Test("those of corpora and builds are printed with their codes, as the table shows them")
    func corpora() throws {
        try write("notes.txt", "hello")
        try expect("corpus.unreadable", "ingest", "talks")
        try expect("corpus.unknownFormat", "ingest", "--format", "jsonline", "notes.txt")
        try expect("build.parameters", "build", "Small")
        try FileManager.default.createDirectory(at: folder.path("Corpora"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: Fixtures.url("corpora/small"), to: folder.path("Corpora/mine"))
        #expect(try BraidBinary.run("ingest", "Corpora/mine", in: folder.url).status == 0)
        try expect("command.badArgument", "annotate", "small", "--translation", "en")
        try expect("build.corpus", "build", "mine")
        try write("Benchmark/main/notes.txt", "mine")
        try expect("build.foreignFolder", "build", "main", "--corpus", "small")
        try write("out", "mine")
        try expect("build.io", "build", "main", "--corpus", "small", "--output", "out")

        let sentences = folder.path("Corpora/mine/texts/sentences.jsonl")
        let whole = try String(contentsOf: sentences, encoding: .utf8)
        try Data(whole.replacing("fog", with: "mist").utf8).write(to: sentences)
        try expect("corpus.alreadyIngested", "ingest", "Corpora/mine")
        var lines = whole.split(separator: "\n").map(String.init)
        lines[0] = lines[0].replacing(#""topic""#, with: #""mood": "calm", "topic""#)
        lines[1] = #"{"id": "sentence-2", "topic": 3, "text": "", "translations": {"es": "x"}}"#
        lines.insert("", at: 2)
        try Data(lines.joined(separator: "\n").utf8).write(to: sentences)
        let check = try BraidBinary.run("ingest", "--check", "Corpora/mine", in: folder.url)
        let problems = check.errors.split(separator: "\n").compactMap { $0.wholeMatch(of: #/(.*) \[(problem\.\w+)\]/#) }
        #expect(
            Set(problems.map { String($0.2) }) == [
                "problem.unknownKey", "problem.wrongType", "problem.empty", "problem.missingKey", "problem.blankLine",
            ], "\(check.errors)")
        for problem in problems {
            #expect(table[String(problem.2)]?.isExample(of: String(problem.1)) == true, "\(problem.0)")
        }
        #expect(check.status == 1 && check.errors.contains("Error [corpus.refused]: Corpora/mine: 5 problems; mend"))
        lines[1] = #"{"id": "sentence-2", "topic": 3, "text": "", "translations": {"es": "x", "de": "y"}}"#
        try Data(lines.joined(separator: "\n").utf8).write(to: sentences)
        try expect("corpus.refused", "ingest", "--replace", "Corpora/mine")
    }

    @Test("those of profiles are printed with their codes and lines, as the table shows them")
    func profiles() throws {
        let head = "format: braid-profile\nversion: 1\nname: mine\nbuild: main\n"
        try write("mine.yml", head + "settings: all\nmethod: [{name: ties}]\n")
        try expect("run.badProfile", "run", "--profile", "mine.yml")
        try write("mine.yml", head + "settings: all\nmethods: [{name: tie}]\n")
        try expect("run.unknownMethod", "quickstart", "--profile", "mine.yml")
        try write("mine.yml", head + "settings: all\nmethods: [{name: ties}]\n")
        try expect("run.missingBuild", "run", "--profile", "mine.yml")
        let small = Fixtures.url("corpora/small").path
        #expect(try BraidBinary.run("ingest", small, in: folder.url).status == 0)
        #expect(try BraidBinary.run("build", "main", "--corpus", "small", "--no-export", in: folder.url).status == 0)
        try write("mine.yml", head + "settings: [summarize+translate/pt]\nmethods: [{name: ties}]\n")
        try expect("run.unknownSetting", "run", "--profile", "mine.yml")
    }

    @Test("those of models and merges are printed with their codes, as the table shows them")
    func merges() throws {
        try expect("command.missingModel", "bench")
        try write("notes.txt", "hello")
        try expect("model.badFormat", "model", "info", "notes.txt")
        try expect("model.unreadableFile", "model", "info", "model.gguf")
        let lora = Fixtures.url("tiny/lora").path
        try expect("merge.unknownMethod", "merge", "--method", "tie", "a", "b", "--output", "out")
        try expect("merge.unreadableFile", "merge", "--method", "ties", "a", "b", "--output", "out")
        try expect("merge.adapterCount", "merge", "--method", "slerp", lora, lora, lora, "--output", "out")
        try expect("merge.badParameter", "merge", "--method", "ties", "--density", "2", lora, lora, "--output", "out")
        try expect(
            "merge.unknownParameter", "merge", "--method", "linear", "--density", "0.5", lora, lora, "--output", "out")
        try write("a/adapter_config.json", "{")
        try expect("merge.badFormat", "merge", "--method", "ties", "a", "a", "--output", "out")
        try write("a/adapter_config.json", #"{"peft_type": "LORA"}"#)
        try expect("merge.missingKey", "merge", "--method", "ties", "a", "a", "--output", "out")
        try write("a/adapter_config.json", #"{"peft_type": "LORA", "r": 4, "use_dora": true}"#)
        try expect("merge.unsupportedOption", "merge", "--method", "ties", "a", "a", "--output", "out")
        try write("out/notes.txt", "mine")
        try expect("merge.alreadyExists", "merge", "--method", "ties", lora, lora, "--output", "out")
    }

    @Test("an error that no part of Braid foresaw still has a code")
    func unforeseen() throws {
        // The scratch folder of a check lies in TMPDIR, which is a file here.
        try write("Corpora/small/corpus.json", "{}")
        try write("notes.txt", "hello")
        let result = try BraidBinary.run(
            "build", "--check", "small", in: folder.url, environment: ["TMPDIR": folder.path("notes.txt").path])
        #expect(result.status == 1 && result.errors.hasPrefix("Error [command.unexpected]: "), "\(result.errors)")
    }
}
