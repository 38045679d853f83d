import Foundation
import GRDB
import TestSupport
import Testing

/// Reports that are derived again.
@Suite("Verifying a report", .serialized)
struct VerifyCommandTests {
    /// A tiny run with its report in `out`.
    private let place: TinyPlace

    init() throws {
        place = try TinyPlace()
        #expect(try place.run("run").status == 0)
        _ = try place.report()
    }

    private func verify(_ arguments: String..., model: String = "tiny/tiny-llama.gguf") throws -> BraidBinary.Result {
        try BraidBinary.run(
            ["verify", "out", "--database", place.database, "--model", Fixtures.url(model).path, "--threads", "2"]
                + arguments, in: place.folder)
    }

    private func edit(_ name: String, _ old: String, _ new: String) throws {
        let file = place.folder.appending(path: "out").appending(path: name)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains(old))
        try Data(text.replacing(old, with: new, maxReplacements: 1).utf8).write(to: file)
    }

    private func change(_ sql: String) throws {
        try DatabaseQueue(path: place.database).write { try $0.execute(sql: sql) }
    }

    @Test("finds an untouched one right, whatever the threads, and writes nothing")
    func untouched() throws {
        let before = try Data(contentsOf: URL(filePath: place.database))
        let result = try verify("--answers", "1000")
        #expect(result.status == 0 && result.output.isEmpty, "\(result)")
        #expect(result.errors.contains("4 files are what the database says"))
        // 15 methods and 4 sanity rows on 2 settings and 2 documents.
        #expect(
            result.errors.contains("76 answers of 38 cells came out the same, with their scores"), "\(result.errors)")
        #expect(try Data(contentsOf: URL(filePath: place.database)) == before)
        #expect(try verify("--answers", "0", model: "no-such-model").status == 0)
    }

    @Test("names the file and line of a number that is not the database's")
    func numbers() throws {
        try edit("leaderboard.md", "| Zero-shot |", "| Zero-shot, tuned |")
        let result = try verify("--answers", "0")
        #expect(result.status == 1)
        #expect(
            result.output.contains(#/out\/leaderboard\.md:\d+: '.*Zero-shot, tuned.*' is now '.*Zero-shot.*'/#),
            "\(result)")
        #expect(result.output.split(separator: "\n").count == 1)
        try FileManager.default.removeItem(at: place.folder.appending(path: "out/leaderboard.csv"))
        #expect(try verify("--answers", "0", "--quiet").output.contains("out/leaderboard.csv: is missing"))
    }

    @Test("knows its run from the page where the data were not published")
    func pageAlone() throws {
        try FileManager.default.removeItem(at: place.folder.appending(path: "out/results.json"))
        let result = try verify("--answers", "0")
        #expect(result.status == 0 && result.errors.contains("3 files are what the database says"), "\(result)")
        #expect(result.errors.contains("results.json is not there, so it was not compared"))
    }

    @Test("names an answer that is not the model's, even where report and database agree")
    func answers() throws {
        try change("UPDATE predictions SET text = 'better' WHERE id = 2")
        _ = try place.report()
        let result = try verify("--answers", "1000")
        #expect(result.status == 1)
        #expect(result.output.contains(": answer is 'better' in the database and came out as '"), "\(result)")
    }

    @Test("names a score that is not the answer's")
    func scores() throws {
        try change("UPDATE prediction_scores SET value = value + 1 WHERE prediction_id = 2")
        _ = try place.report()
        let result = try verify("--answers", "1000")
        #expect(result.status == 1 && result.output.contains("rouge"), "\(result)")
        #expect(!result.output.contains(": answer is"))
    }

    @Test("trains adapters again that are gone, and leaves their folder alone")
    func adapters() throws {
        let folder = place.folder.appending(path: "Adapters")
        try FileManager.default.removeItem(at: folder)
        let result = try verify("--answers", "1000")
        #expect(result.status == 0, "\(result)")
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test("trains an adapter again whose file was changed, and leaves that file alone")
    func changedAdapter() throws {
        let folder = place.folder.appending(path: "Adapters")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let file = folder.appending(path: try #require(names.first { !$0.contains(".") }))
            .appending(path: "adapter_model.safetensors")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        let result = try verify("--answers", "1000", "--database", "braid.sqlite")
        #expect(result.status == 0 && result.errors.contains("76 answers"), "\(result)")
        #expect(try Data(contentsOf: file) == bytes)
    }

    @Test("makes no more of a run that is not through than was asked for")
    func unfinished() throws {
        try change("DELETE FROM predictions WHERE id % 2 = 0")
        try change("UPDATE runs SET finished_at = NULL")
        _ = try place.report()
        let result = try verify("--answers", "5")
        #expect(result.status == 0 && result.errors.contains("5 answers"), "\(result)")
        #expect(try place.rows("SELECT count(*) FROM predictions") == ["integer(38)"])
    }

    @Test("refuses another model, another database, and what is no report")
    func refusals() throws {
        let other = try verify("--answers", "1", model: "tiny/tiny-llama-untied.gguf")
        #expect(other.status == 1 && other.errors.contains("this is not the run's model"), "\(other)")
        #expect(try verify("--precision", "int8").status == 64)
        try edit("results.json", "\"key\" : \"", "\"key\" : \"0")
        #expect(try verify().errors.contains("this database has no run 0"))
        try Data("{}".utf8).write(to: place.folder.appending(path: "out/results.json"))
        #expect(try verify().errors.contains("does not name its run"))
        try FileManager.default.removeItem(at: place.folder.appending(path: "out"))
        #expect(try verify().errors.contains("out: has neither results.json nor"))
    }
}
