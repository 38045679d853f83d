import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct ReadOnlyQueryTests {
    let fixture: StoreFixture
    let query: ReadOnlyQuery

    init() throws {
        fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a", "b"]))
        query = try ReadOnlyQuery(path: fixture.path)
    }

    @Test func valuesKeepTheirTypes() throws {
        let result = try query.run("SELECT 1 AS i, 2.5 AS r, 'x' AS t, x'00ff' AS b, NULL AS n, 1 AS i")
        #expect(result.columns == ["i", "r", "t", "b", "n", "i"])
        #expect(result.rows == [[1, 2.5, "x", .blob(Data([0, 255])), nil, 1]])
        #expect(!result.isTruncated)
    }

    @Test func argumentsAreBoundInOrder() throws {
        let result = try query.run("SELECT ?, ?, ?", arguments: [7, "O'Neill; --", .null])
        #expect(result.rows == [[7, "O'Neill; --", nil]])
        let error = try #require(throws: StoreError.self) { try query.run("SELECT ?") }
        #expect(error.code == .query)
    }

    @Test(arguments: [(0, true), (1, true), (2, false), (3, false)]) func theLimitIsSaid(limit: Int, truncated: Bool)
        throws
    {
        let result = try query.run("SELECT key FROM documents", limit: limit)
        #expect(result.rows.count == min(limit, 2))
        #expect(result.isTruncated == truncated)
    }

    @Test(arguments: [
        "SELECT 1;", "select 1", " \n\t-- comment\n/* another; */ SELECT 1 ; ; -- end",
        "WITH x AS (SELECT 1) SELECT * FROM x",
        "VALUES (1), (2)", "EXPLAIN QUERY PLAN SELECT 1", "SELECT ';' AS \"a;b\", '--', 'it''s' /* ; */",
        "SELECT 1 AS [a;b], 2 AS `c;d`", ";SELECT 1", "SELECT 1 /* no end",
    ])
    func queriesMayRead(sql: String) throws {
        #expect(try !query.run(sql).rows.isEmpty)
    }

    @Test(arguments: [
        "DELETE FROM documents", "INSERT INTO corpora DEFAULT VALUES", "UPDATE documents SET key = 'x'",
        "DROP TABLE documents", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "ATTACH 'other.sqlite' AS other",
        "PRAGMA query_only = 0", "PRAGMA writable_schema = 1", "BEGIN", "COMMIT", "VACUUM INTO 'copy.sqlite'",
        "REINDEX",
        "WITH x AS (SELECT 1) DELETE FROM documents", "WITH x AS (SELECT 1) INSERT INTO documents SELECT * FROM x",
        "/* SELECT */ DELETE FROM documents", "SELECT 1; DELETE FROM documents", "SELECT 1; SELECT 2",
        "REPLACE INTO documents (id) VALUES (1)", "SELECT load_extension('x')", "", " ", ";", "-- only a comment",
        "(SELECT 1)", "SELECT 1\0; DELETE FROM documents",
    ])
    func nothingElseIsPossible(sql: String) throws {
        let error = try #require(throws: StoreError.self) { try query.run(sql) }
        #expect(error.code == .query, "\(error)")
        #expect(!error.description.contains("\n"))
        #expect(try query.run("SELECT count(*) FROM documents").rows == [[2]])
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.url.path).count <= 3)
    }

    @Test(arguments: [
        ("SELEC 1", 1, 1), ("\n  DELETE FROM documents", 2, 3), ("SELECT 1;\n\nSELECT 2", 3, 1),
        ("SELECT key\nFRM documents", 2, 5), ("SELECT key FROM documents WHERE WHERE", 1, 33),
        ("SELECT key,\n  titel\nFROM documents", 2, 3), ("SELECT 'titel', d.Titel FROM documents d", 1, 17),
        ("SELECT 1\nFROM nothing", 2, 6), ("SELECT\n\tnofunction(1)", 2, 2), ("SELECT 'é🙂', nofunction(1)", 1, 14),
        ("SELECT 1 FROM", 1, 14), ("SELECT 'open", 1, 8), ("SELECT id FROM documents,\ncorpora", 1, 8),
        ("SELECT 1\r\nFROM nothing", 2, 6), ("SELECT sum(count(*)) FROM documents", 0, 0),
        ("SELECT titel FROM documents WHERE titel = 1", 0, 0),
    ])
    func errorsHaveAPlace(sql: String, line: Int, column: Int) throws {
        let error = try #require(throws: StoreError.self) { try query.run(sql) }
        #expect(error.code == .query)
        #expect(error.line ?? 0 == line && error.column ?? 0 == column, "\(error)")
    }

    @Test func errorsSayWhatToDo() throws {
        let unknown = try #require(throws: StoreError.self) { try query.run("SELECT key FROM dokuments") }
        #expect(unknown.description == "SQL:1:17: no such table: dokuments; 'braid query --schema' lists all")
        let write = try #require(throws: StoreError.self) { try query.run("DELETE FROM documents") }
        #expect(
            write.description
                == "SQL:1:1: 'DELETE' is not allowed; queries only read: begin with SELECT, WITH, VALUES or EXPLAIN")
        let empty = try #require(throws: StoreError.self) { try query.run(" ") }
        #expect(empty.description == "SQL: the text is empty; give one SELECT statement")
    }

    @Test func aLongQueryCanBeStopped() async throws {
        let endless = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        let query = query
        let stopper = Task.detached {
            while !Task.isCancelled {
                try await Task.sleep(for: .milliseconds(20))
                query.interrupt()
            }
        }
        let error = try await Task.detached { try #require(throws: StoreError.self) { try query.run(endless) } }.value
        stopper.cancel()
        #expect(error.code == .interrupted)
        #expect(error.message == "the query was stopped before it ended")
        _ = await stopper.result
        #expect(try query.run("SELECT 1").rows == [[1]])
    }

    @Test func aMissingDatabaseIsNamed() throws {
        let error = try #require(throws: StoreError.self) { try ReadOnlyQuery(path: "/nowhere/x.sqlite") }
        #expect(error.description == "/nowhere/x.sqlite: does not exist; give the path of a Braid database")
    }

    @Test func itSeesWhatAnotherConnectionWrites() throws {
        try fixture.database.insertCorpus(corpus("second", keys: ["c"]))
        #expect(try query.run("SELECT count(*) FROM corpora").rows == [[2]])
    }
}
