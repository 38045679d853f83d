import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite("braid query")
struct QueryCommandTests {
    private let folder: ScratchFolder
    private let path: String
    private let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

    init() throws {
        folder = try ScratchFolder()
        path = folder.path("b.sqlite").path
        try BenchmarkDatabase(path: path).close()
    }

    @Test("prints as many rows as it is told, and says when there were more")
    func limit() throws {
        func ask(_ options: String...) throws -> BraidBinary.Result {
            try BraidBinary.run(
                ["query", "--database", path, "--format", "csv", "VALUES (1), (2), (3)"] + options)
        }
        let two = try ask("--limit", "2")
        #expect(two.status == 0 && two.output == "column1\r\n1\r\n2\r\n")
        #expect(two.errors == "only the first 2 rows are shown; there are more\n")
        #expect(try ask("--limit", "2", "--quiet").errors.isEmpty)
        let three = try ask("--limit", "3")
        #expect(three.output == "column1\r\n1\r\n2\r\n3\r\n" && three.errors.isEmpty)
    }

    @Test("stops a query after its time, in one line that says so")
    func timeout() throws {
        let late = try BraidBinary.run("query", "--database", path, "--timeout", "0.2", endless)
        #expect(late.status == 1 && late.output.isEmpty)
        #expect(
            late.errors.hasSuffix("b.sqlite: the query was stopped after 0.2 s; ask for less, or give it more time\n"))
        #expect(late.errors.split(separator: "\n").count == 1)
        #expect(try BraidBinary.run("query", "--database", path, "--timeout", "60", "SELECT 1").status == 0)
    }

    @Test(
        "takes no limit without rows and no time that is none",
        arguments: [
            ["--limit", "0"], ["--limit", "x"], ["--timeout", "0"], ["--timeout", "nan"], ["--timeout", "1e9"],
        ])
    func wrongArguments(options: [String]) throws {
        let result = try BraidBinary.run(["query", "--database", path, "SELECT 1"] + options)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors.contains(options[0]))
    }

    @Test(
        "writes nowhere, even when asked",
        arguments: [
            "VACUUM INTO 'copy.sqlite'", "ATTACH 'copy.sqlite' AS copy", "EXPLAIN PRAGMA journal_mode = delete",
            "WITH x AS (SELECT 1) DELETE FROM corpora", "SELECT load_extension('x')", "SELECT 1; DROP TABLE corpora",
        ])
    func refusals(sql: String) throws {
        let result = try BraidBinary.run(["query", "--database", path, sql], in: folder.url)
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("Error") && result.errors.split(separator: "\n").count == 1)
        #expect(!FileManager.default.fileExists(atPath: folder.path("copy.sqlite").path))
    }
}
