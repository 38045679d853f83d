import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite("The command line")
struct CommandLineTests {
    private let tiny = Fixtures.url("tiny/tiny-llama.gguf").path

    @Test(
        "explains every verb",
        arguments: ["quickstart", "ingest", "build", "export", "train", "run", "report", "query", "bench"])
    func help(verb: String) throws {
        let result = try BraidBinary.run(verb, "--help")
        #expect(result.status == 0)
        #expect(result.output.contains("Example"))
        #expect(try BraidBinary.run("--help").output.contains(verb))
    }

    @Test("gives wrong arguments exit code 64 and says what is right")
    func wrongArguments() throws {
        let unknown = try BraidBinary.run("query", "--formt", "csv", "SELECT 1")
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("--format"))
        #expect(try BraidBinary.run("query").status == 64)
        #expect(try BraidBinary.run("bench", "--repetitions", "0").status == 64)
        #expect(try BraidBinary.run("bench", "merge", "--only", "few-shot").status == 64)
        #expect(try BraidBinary.run("bench", "merge", "--rank", "0").status == 64)
    }

    /// One line, on standard error, exit code 1, nothing on standard output.
    private func expectFailure(_ result: BraidBinary.Result, naming words: String...) {
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(result.errors)")
        for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
    }

    @Test("names a model that is missing, cut, of another kind, or no model at all")
    func badModels() throws {
        let folder = try ScratchFolder()
        expectFailure(try BraidBinary.run("bench"), naming: "make model", "--model")
        expectFailure(try BraidBinary.run("bench", "--model", folder.path("no.gguf").path), naming: "no.gguf")
        let whole = try Data(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"))
        let cut = folder.path("cut.gguf")
        try whole.prefix(whole.count / 2).write(to: cut)
        expectFailure(try BraidBinary.run("bench", "--model", cut.path), naming: "cut.gguf")
        let text = folder.path("text.gguf")
        try Data("this is not a model".utf8).write(to: text)
        expectFailure(try BraidBinary.run("bench", "--model", text.path), naming: "text.gguf")
        var other = whole
        let name = try #require(other.range(of: Data("llama".utf8)))
        other.replaceSubrange(name, with: Data("lemma".utf8))
        let foreign = folder.path("foreign.gguf")
        try other.write(to: foreign)
        expectFailure(try BraidBinary.run("bench", "--model", foreign.path), naming: "lemma", "llama")
    }

    @Test("names the line of a corpus that does not parse or lacks a language, and stores nothing")
    func badCorpus() throws {
        let folder = try ScratchFolder()
        let corpus = folder.path("everyday")
        try FileManager.default.copyItem(at: Fixtures.root.appending(path: "Corpora/everyday"), to: corpus)
        let file = corpus.appending(path: "sentences.jsonl")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        let database = folder.path("b.sqlite").path
        var broken = lines
        broken[4] = String(lines[4].dropLast(3))
        try broken.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let parse = try BraidBinary.run("ingest", "--database", database, corpus.path)
        #expect(parse.status == 1 && parse.errors.contains("sentences.jsonl:5"))
        var lacking = lines
        lacking[6] = lines[6].replacingOccurrences(of: "\"de\"", with: "\"dx\"")
        try lacking.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let missing = try BraidBinary.run("ingest", "--database", database, corpus.path)
        #expect(missing.status == 1 && missing.errors.contains("sentences.jsonl:7") && missing.errors.contains("de"))
        let rows = try BraidBinary.run(
            "query", "--database", database, "--format", "csv", "SELECT count(*) AS n FROM documents")
        #expect(rows.output.contains("0"))
    }

    @Test("refuses a database of a newer version and one of another program")
    func foreignDatabases() throws {
        let folder = try ScratchFolder()
        let path = folder.path("b.sqlite").path
        #expect(try BraidBinary.run("ingest", "--database", path).status == 0)
        let text = folder.path("text.sqlite")
        try Data(String(repeating: "no database ", count: 100).utf8).write(to: text)
        expectFailure(try BraidBinary.run("query", "--database", text.path, "SELECT 1"), naming: "text.sqlite")
        expectFailure(try BraidBinary.run("query", "--database", folder.path("none").path, "SELECT 1"), naming: "none")
    }

    @Test("names an unknown method and setting of a profile before a model is loaded")
    func badProfile() throws {
        let folder = try ScratchFolder()
        let database = folder.path("b.sqlite").path
        #expect(try BraidBinary.run("ingest", "--database", database).status == 0)
        #expect(
            try BraidBinary.run("build", "--database", database, "--output", folder.path("out").path).status == 0)
        let profile = folder.path("p.yml")
        func text(settings: String, method: String) -> String {
            "format: braid-profile\nversion: 1\nname: p\nbuild: everyday\nsettings: \(settings)\nmethods: [{name: \(method)}]\n"
        }
        try text(settings: "all", method: "tise").write(to: profile, atomically: true, encoding: .utf8)
        expectFailure(
            try BraidBinary.run("run", "--database", database, "--profile", profile.path), naming: "p.yml", "tise",
            "ties")
        try text(settings: "[summarize+translate/it]", method: "ties").write(
            to: profile, atomically: true, encoding: .utf8)
        expectFailure(
            try BraidBinary.run("run", "--database", database, "--profile", profile.path), naming: "translate/it",
            "summarize+translate/es")
    }

    @Test("exports a build as a dataset, and refuses what is not there or not its own")
    func export() throws {
        let folder = try ScratchFolder()
        let database = folder.path("b.sqlite").path
        let out = folder.path("out").path
        #expect(try BraidBinary.run("ingest", "--database", database).status == 0)
        expectFailure(
            try BraidBinary.run("export", "everyday", "--database", database, "--output", out), naming: "everyday",
            "braid build")
        let built = folder.path("built").path
        #expect(try BraidBinary.run("build", "--database", database, "--output", built).status == 0)
        let arguments = ["summarize+translate", "reply"]
        let first = try BraidBinary.run(
            "export", "everyday", "--settings", arguments[0], arguments[1], "--database", database, "--output", out)
        #expect(first.status == 0 && first.output.isEmpty)
        #expect(first.errors.contains("4 tasks and settings") && first.errors.contains("everyday exported"))
        let files = try FileManager.default.subpathsOfDirectory(atPath: out)
        for path in [
            "README.md", "build.json", "croissant.json", "reply.test.csv", "summarize+translate/es.test.jsonl",
        ] { #expect(files.contains(path), "\(path)") }
        #expect(!files.contains("summarize.test.jsonl"))
        let again = try BraidBinary.run(
            "export", "everyday", "--settings", arguments[0], arguments[1], "--database", database, "--output", out)
        #expect(again.errors.contains("already exported"))
        try Data("mine".utf8).write(to: folder.path("out/mine.txt"))
        expectFailure(
            try BraidBinary.run("export", "everyday", "--database", database, "--output", out), naming: "mine.txt")
        expectFailure(
            try BraidBinary.run("export", "everyday", "--settings", "sing", "--database", database), naming: "sing",
            "summarize+rewrite/witty")
    }

    @Test("answers questions read-only, in every format")
    func queries() throws {
        let folder = try ScratchFolder()
        let database = folder.path("b.sqlite").path
        #expect(try BraidBinary.run("ingest", "--database", database).status == 0)
        let sql = "SELECT kind, count(*) AS n FROM documents GROUP BY kind ORDER BY kind"
        let csv = try BraidBinary.run("query", "--database", database, "--format", "csv", sql)
        #expect(csv.output.replacingOccurrences(of: "\r\n", with: "\n").hasPrefix("kind,n\nconversation,306\n"))
        let json = try BraidBinary.run("query", "--database", database, "--format", "json", sql)
        let rows = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(rows?.count == 4)
        expectFailure(try BraidBinary.run("query", "--database", database, "DELETE FROM documents"), naming: "read")
        expectFailure(try BraidBinary.run("query", "--database", database, "SELECT a FROM nowhere"), naming: "nowhere")
        let schema = try BraidBinary.run("query", "--schema")
        #expect(schema.output.contains("leaderboard") && schema.output.contains("paired_differences"))
    }

    @Test("goes the whole way on a tiny model, and does nothing the second time")
    func quickstart() throws {
        let folder = try ScratchFolder()
        let profile = folder.path("tiny.yml")
        try """
        format: braid-profile
        version: 1
        name: tiny
        build: everyday
        settings: [summarize+translate/es]
        test-documents: 1
        new-tokens: 2
        adapters: {rank: 2, epochs: 1, batch-size: 2, train-examples: 2}
        methods: [{name: zero-shot}]
        """.write(to: profile, atomically: true, encoding: .utf8)
        let report = folder.path("report")
        let arguments = [
            "quickstart", "--model", tiny, "--database", folder.path("b.sqlite").path, "--profile", profile.path,
            "--output", report.path, "--threads", "1",
        ]
        // The tiny model's context holds 256 bytes, so an everyday dialogue does not fit: one clear line, exit code 1.
        let result = try BraidBinary.run(
            arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6],
            arguments[7], arguments[8], arguments[9], arguments[10])
        #expect(result.status == 1)
        #expect(result.errors.contains("tokens"))
        // What was done before the fault is stored: the rows that need no model.
        let rows = try BraidBinary.run(
            "query", "--database", folder.path("b.sqlite").path, "--format", "csv",
            "SELECT count(*) AS n FROM predictions")
        #expect(rows.output.contains("4"))
    }
}
