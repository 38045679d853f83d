import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// What strangers' files say reaches neither the terminal as commands nor the file system as paths.
@Suite("Hostile input at the command line") struct HostileInputTests {
    private let folder: ScratchFolder
    private var database: String { folder.path("b.sqlite").path }

    /// Clears the screen, renames the window, writes backwards; the last but one is ESC [ in one byte of Latin-1.
    private static let evil = "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m\u{202E}"

    init() throws { folder = try ScratchFolder() }

    /// Whether a terminal would obey anything of a text.
    private func steers(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            (scalar.value < 0x20 && !"\n\t\r".unicodeScalars.contains(scalar)) || (0x7F..<0xA0).contains(scalar.value)
                || scalar.value == 0x202E
        }
    }

    private func write(_ name: String, _ text: String) throws -> String {
        let url = folder.path(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    /// A database with a document that holds `evil`, and a run of a profile of that name.
    private func fill(profile: String = "p", build: String = "b", title: String = HostileInputTests.evil) throws {
        let database = try BenchmarkDatabase(path: database)
        let corpus = try database.insertCorpus(
            CorpusContents(
                corpus: CorpusRecord(
                    name: "c", version: "1", title: title, licence: "CC0-1.0", language: "en", origin: "person",
                    manifest: #"{"languages":[{"code":"es","name":"Spanish"}],"tones":[]}"#,
                    contentHash: ContentHash(of: "c").hex),
                files: [],
                documents: [
                    DocumentContents(
                        document: DocumentRecord(
                            key: "k", kind: .sentence, text: "=1+1 \(title)", textHash: ContentHash(of: "t").hex),
                        texts: [
                            DocumentTextRecord(
                                role: .translation, variantKind: .language, variant: "es", text: "=cmd|'/c calc'!A1",
                                origin: "person")
                        ])
                ])
        ).id
        let built = try database.insertBuild(
            BuildContents(
                build: BuildRecord(name: build, seed: 1, contentHash: ContentHash(of: "b").hex), corpora: [corpus],
                settings: [])
        ).id
        let model = try database.saveModel(
            ModelRecord(
                name: title, architecture: "llama", fileName: "m.gguf", sha256: ContentHash(of: "m").hex, bytes: 1,
                parameters: 1, fileType: "F32"))
        _ = try database.findOrCreateRun(
            RunRecord(
                runKey: "r", profileName: profile, profileHash: ContentHash(of: "p").hex, profileText: "version: 1",
                modelID: model.id, buildID: built, seed: 1, threads: 1, precision: "f32"))
    }

    // MARK: Terminals

    @Test("errors and messages about a corpus show control characters as signs")
    func corpusMessages() throws {
        let columns = [
            "--format", "columns", "--name", "c", "--corpus-version", "1", "--licence", "CC0-1.0", "--citation",
            "None.",
            "--column", "text=t", "--column", "translations.es=s", "--database", database,
        ]
        let escaped = #"\u001b[2J\u001b]0;owned\u0007"#
        let wrong = try write(
            "wrong.jsonl",
            "{\"t\": \"A\", \"s\": \"B\"}\n{\"\(escaped)\": 1, \"\(escaped)\": 2}\n{\"t\": \"\(escaped)\u{202E}\", \"s\": \"B\"}\n"
        )
        let refused = try BraidBinary.run(["ingest", wrong] + columns)
        #expect(refused.status == 1 && !steers(refused.errors) && refused.errors.contains("␛[2J"), "\(refused.errors)")
        let skipped = try BraidBinary.run(["ingest", "--skip-bad", wrong] + columns)
        #expect(
            skipped.status == 0 && !steers(skipped.errors + skipped.output) && skipped.errors.contains("␛[2J"),
            "\(skipped)")
        let shown = try BraidBinary.run(["ingest", "--dry-run", wrong] + columns)
        #expect(
            shown.status == 0 && !steers(shown.errors + shown.output) && shown.output.contains("␛]0;owned␇"),
            "\(shown)")
        let named = try write("\(Self.evil).jsonl", "x\n")
        let file = try BraidBinary.run(["ingest", named] + columns)
        #expect(file.status == 1 && !steers(file.errors))
    }

    @Test("tables show control characters as signs; data formats lose nothing on the way to a file")
    func queries() throws {
        try fill()
        let sql = "SELECT title, document_texts.text, documents.text AS own FROM corpora, documents, document_texts"
        for format in ["table", "md"] {
            let result = try BraidBinary.run("query", "--database", database, "--format", format, sql)
            #expect(result.status == 0 && !steers(result.output), "\(result.output)")
            #expect(result.output.contains("␛") && result.output.contains("⟦U+202E⟧"))
        }
        let json = try BraidBinary.run("query", "--database", database, "--format", "json", sql)
        let value = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let rows = try #require(value as? [[String: String]])
        #expect(rows.first?["title"] == Self.evil && rows.first?["text"] == "=cmd|'/c calc'!A1")
        let csv = try BraidBinary.run("query", "--database", database, "--format", "csv", sql)
        #expect(csv.output.contains(Self.evil) && csv.output.contains(",'=cmd|'/c calc'!A1,'=1+1 "))
        let wrong = try BraidBinary.run("query", "--database", database, "SELECT \"\(Self.evil)\" FROM nowhere")
        #expect(wrong.status == 1 && !steers(wrong.errors))
    }

    #if os(Linux)
        @Test(
            "on a terminal even data formats show control characters as signs",
            .enabled(if: FileManager.default.isWritableFile(atPath: "/dev/ptmx") && PseudoTerminal.isThere),
            arguments: ["csv", "json", "jsonl", "table", "md"])
        func terminal(_ format: String) throws {
            try fill()
            let terminal = try #require(PseudoTerminal())
            let status = try BraidBinary.run(
                ["query", "--database", database, "--format", format, "SELECT title FROM corpora"],
                output: terminal.device)
            let shown = terminal.close()
            #expect(status == 0 && !steers(shown), "\(shown)")
            let sign = format.hasPrefix("json") ? "\\u001b[2J" : format == "md" ? "␛\\[2J" : "␛[2J"
            #expect(shown.contains(sign), "\(shown)")
            #expect(shown.contains("⟦U+202E⟧") || shown.contains("\\u202e"), "\(shown)")
        }
    #endif

    @Test("a model's name does not steer the terminal")
    func model() throws {
        var bytes = try Data(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"))
        let name = try #require(bytes.range(of: Data("Tiny random llama".utf8)))
        bytes.replaceSubrange(name, with: Data("\u{1B}[2JTiny \u{9B}2m lla".utf8))
        let url = folder.path("m.gguf")
        try bytes.write(to: url)
        let result = try BraidBinary.run("model", "info", url.path)
        #expect(result.status == 0 && !steers(result.output) && result.output.contains("␛[2JTiny ⟦U+009B⟧2m"))
    }

    // MARK: Paths

    @Test("a profile's name leads to no other folder")
    func profileName() throws {
        let profile = try write(
            "p.yml",
            "format: braid-profile\nversion: 1\nname: ../../x\nbuild: b\nsettings: all\nmethods: [{name: cat}]\n")
        for verb in ["run", "train", "quickstart"] {
            let result = try BraidBinary.run(verb, "--profile", profile, "--database", database, in: folder.url)
            #expect(result.status == 1 && result.errors.contains("../../x") && result.errors.contains("name"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["p.yml"])
    }

    @Test("names in a database lead to no other folder", arguments: ["../../x", "/x", "..", "a/b", "a\u{1B}[2Jb"])
    func storedNames(_ name: String) throws {
        try fill(profile: name, build: name)
        let inner = folder.path("a/b/c")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        for arguments in [["report"], ["export", name, "--i-may"], ["build", name]] {
            let result = try BraidBinary.run(arguments + ["--database", database], in: inner)
            #expect(result.status != 0 && !steers(result.errors), "\(arguments): \(result.errors)")
        }
        let after = try FileManager.default.subpathsOfDirectory(atPath: folder.url.path)
        #expect(Set(after.filter { !$0.contains("sqlite") }) == Set(before.filter { !$0.contains("sqlite") }))
        let report = try BraidBinary.run(
            "report", "--database", database, "--output", folder.path("report").path, in: inner)
        #expect(report.status == 0 && !steers(report.output + report.errors), "\(report.errors)")
    }

    @Test("a report whose files are pipes is not waited for", .timeLimit(.minutes(10)))
    func reportOfPipes() throws {
        try fill()
        let report = folder.path("report")
        try FileManager.default.createDirectory(at: report, withIntermediateDirectories: true)
        #expect(mkfifo(report.appending(path: "results.json").path, 0o600) == 0)
        let result = try BraidBinary.run("verify", report.path, "--answers", "0", "--database", database)
        #expect(
            result.status == 1 && result.errors.contains("has neither results.json nor leaderboard.md"),
            "\(result.errors)")
    }

    @Test("a model file that is a pipe is refused and not waited for", .timeLimit(.minutes(10)))
    func pipe() throws {
        let pipe = folder.path("pipe.gguf").path
        #expect(mkfifo(pipe, 0o600) == 0)
        let result = try BraidBinary.run("model", "info", pipe)
        #expect(result.status == 1 && result.errors.contains("not a regular file"))
    }
}
