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
        "VALUES (1), (2)", "EXPLAIN SELECT 1", "explain query plan SELECT 1",
        "EXPLAIN WITH x AS (SELECT 1) SELECT * FROM x", "SELECT ';' AS \"a;b\", '--', 'it''s' /* ; */",
        "SELECT 1 AS [a;b], 2 AS `c;d`", ";SELECT 1", "SELECT 1 /* no end",
    ])
    func queriesMayRead(sql: String) throws {
        #expect(try !query.run(sql).rows.isEmpty)
    }

    /// What reads in an unusual way still reads.
    @Test(arguments: [
        "SELECT * FROM pragma_table_info('documents')", "SELECT * FROM pragma_table_xinfo('leaderboard')",
        "SELECT * FROM pragma_table_list", "SELECT * FROM pragma_index_list('documents')",
        "SELECT * FROM pragma_foreign_key_list('documents')", "SELECT * FROM pragma_integrity_check(1)",
        "SELECT * FROM pragma_user_version", "SELECT * FROM pragma_journal_mode",
        "SELECT * FROM pragma_compile_options",
        "SELECT name FROM pragma_function_list", "SELECT * FROM json_each('[1, 2]')",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT x FROM n",
        "SELECT key, row_number() OVER (ORDER BY key) FROM documents", "SELECT sql FROM sqlite_schema",
        "SELECT lower('A') || upper('b'), 'a' LIKE 'A', json_object('a', 1) ->> 'a', date('now')",
    ])
    func allKindsOfReadingArePossible(sql: String) throws {
        #expect(try !query.run(sql).rows.isEmpty)
    }

    @Test(arguments: [
        // Statements that write, in all their forms.
        "DELETE FROM documents", "INSERT INTO corpora DEFAULT VALUES", "UPDATE documents SET key = 'x'",
        "REPLACE INTO documents (id) VALUES (1)", "DELETE FROM documents RETURNING id",
        "WITH x AS (SELECT 1) DELETE FROM documents", "WITH x AS (SELECT 1) DELETE FROM documents RETURNING id",
        "WITH x AS (SELECT 1) INSERT INTO documents SELECT * FROM x",
        "WITH x AS (SELECT 1) UPDATE documents SET key = 'x'",
        "WITH x (id) AS (SELECT 1) REPLACE INTO build_corpora SELECT id, id FROM x",
        "WITH x (id) AS (SELECT 1) INSERT INTO build_corpora SELECT id, id FROM x WHERE true ON CONFLICT DO NOTHING",
        "WITH x AS (DELETE FROM documents RETURNING id) SELECT * FROM x",
        "SELECT * FROM (DELETE FROM documents RETURNING id)", "SELECT * INTO copy FROM documents",
        "WITH x AS (SELECT 1) UPDATE sqlite_master SET sql = ''", "WITH x AS (SELECT 1) DELETE FROM sqlite_schema",
        // The schema, temporary things, whole-file commands, transactions.
        "DROP TABLE documents", "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "CREATE TEMP VIEW v AS SELECT 1",
        "CREATE VIRTUAL TABLE t USING fts5 (x)", "ALTER TABLE documents ADD COLUMN x", "VACUUM",
        "VACUUM INTO 'copy.sqlite'",
        "REINDEX", "ANALYZE", "BEGIN", "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT s",
        // Other files.
        "ATTACH 'other.sqlite' AS other", "ATTACH ':memory:' AS other", "DETACH main",
        "EXPLAIN ATTACH 'other.sqlite' AS other",
        "EXPLAIN QUERY PLAN VACUUM INTO 'copy.sqlite'", "SELECT load_extension('x')", "SELECT LOAD_EXTENSION('x', 'y')",
        "SELECT writefile('copy.txt', 'x')", "SELECT readfile('/etc/hostname')", "SELECT edit('x', 'touch')",
        "SELECT * FROM fsdir('.')", "SELECT * FROM other.documents",
        // Settings; EXPLAIN compiles a PRAGMA, and some act by that alone.
        "PRAGMA query_only = 0", "PRAGMA writable_schema = 1", "EXPLAIN PRAGMA query_only = 0",
        "EXPLAIN PRAGMA QUERY_ONLY(0)",
        "EXPLAIN PRAGMA main.query_only = off", "EXPLAIN QUERY PLAN PRAGMA query_only = 0",
        "EXPLAIN PRAGMA writable_schema = 1", "EXPLAIN PRAGMA temp_store_directory = '/'",
        "EXPLAIN PRAGMA user_version = 99",
        "EXPLAIN PRAGMA journal_mode = delete", "EXPLAIN PRAGMA wal_checkpoint", "EXPLAIN PRAGMA hard_heap_limit = 1",
        "SELECT * FROM pragma_optimize(-1)", "SELECT * FROM pragma_journal_mode('delete')",
        "SELECT * FROM pragma_user_version(99)", "SELECT * FROM pragma_wal_checkpoint",
        "SELECT * FROM pragma_query_only(0)",
        // Addresses and logs.
        "SELECT fts3_tokenizer('simple')", "SELECT fts3_tokenizer('mine', x'0000000000000000')",
        "SELECT sqlite_log(1, 'x')",
        "SELECT max(id) FROM documents GROUP BY fts3_tokenizer('simple')",
        // Writes that are only explained would do no harm, and are refused all the same.
        "EXPLAIN DELETE FROM documents", "EXPLAIN QUERY PLAN INSERT INTO corpora DEFAULT VALUES",
        "EXPLAIN WITH x AS (SELECT 1) DELETE FROM documents", "EXPLAIN", "EXPLAIN QUERY PLAN",
        "EXPLAIN EXPLAIN SELECT 1",
        // More than one statement, or none.
        "/* SELECT */ DELETE FROM documents", "SELECT 1; DELETE FROM documents", "SELECT 1; SELECT 2",
        "SELECT 1 /* ; */ ; /* ; */ DELETE FROM documents", "SELECT ';'; DELETE FROM documents",
        "SELECT 1\0; DELETE FROM documents", "", " ", ";", "-- only a comment", "(SELECT 1)",
    ])
    func nothingElseIsPossible(sql: String) throws {
        let before = try files()
        let error = try #require(throws: StoreError.self) { try query.run(sql) }
        #expect(error.code == .query, "\(error)")
        #expect(!error.description.contains("\n"))
        #expect(try query.run("SELECT count(*) FROM documents").rows == [[2]])
        #expect(try query.run("SELECT * FROM pragma_query_only").rows == [[1]])
        #expect(try files() == before)
    }

    /// The bytes of the database and its log, and the names of all files beside them.
    private func files() throws -> [String: Data?] {
        let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.url.path)
        let contents = names.map { name in
            // Readers leave their marks in the shared memory.
            name.hasSuffix("-shm") ? nil : FileManager.default.contents(atPath: fixture.folder.path(name).path)
        }
        return Dictionary(uniqueKeysWithValues: zip(names, contents))
    }

    /// SQLite compiles what the file itself holds under the same rules.
    @Test func aViewCannotCallWhatAQueryMayNot() throws {
        try fixture.database.execute("CREATE VIEW trap AS SELECT sqlite_log(1, 'x') AS x")
        let error = try #require(throws: StoreError.self) { try query.run("SELECT x FROM trap") }
        #expect(error.code == .query && error.message.hasPrefix("sqlite_log() is not allowed"), "\(error)")
    }

    @Test(arguments: [
        ("SELEC 1", 1, 1), ("EXPLAIN\n DELETE FROM documents", 2, 2), ("EXPLAIN QUERY PLAN PRAGMA user_version", 1, 20),
        ("\n  DELETE FROM documents", 2, 3), ("SELECT 1;\n\nSELECT 2", 3, 1),
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
        let hidden = try #require(throws: StoreError.self) {
            try query.run("WITH x AS (SELECT 1) DELETE FROM documents")
        }
        #expect(
            hidden.description == "SQL: the query would do more than read the database; only reading is possible")
        let function = try #require(throws: StoreError.self) { try query.run("SELECT 1,\n Load_Extension('x')") }
        #expect(
            function.description == "SQL:2:2: Load_Extension() is not allowed; queries only read the database")
        let empty = try #require(throws: StoreError.self) { try query.run(" ") }
        #expect(empty.description == "SQL: the text is empty; give one SELECT statement")
    }

    private static let endless =
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

    /// The second query begins its rows at once and never ends them; the third sorts for ever.
    @Test(arguments: [
        ReadOnlyQueryTests.endless,
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT x FROM n WHERE x > 1",
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION SELECT x + 1 FROM n) SELECT x FROM n ORDER BY -x",
    ]) func timeIsLimited(sql: String) throws {
        let begin = ContinuousClock.now
        let error = try #require(throws: StoreError.self) { try query.run(sql, timeout: .milliseconds(50)) }
        #expect(ContinuousClock.now - begin < .seconds(10))
        #expect(error.code == .interrupted)
        #expect(error.message == "the query was stopped after 0.05 s; ask for less, or give it more time")
        #expect(try query.run("SELECT 1", timeout: .seconds(60)).rows == [[1]])
    }

    @Test func theCallerCanStopAQuery() throws {
        var asked = 0
        let error = try #require(throws: StoreError.self) {
            try query.run(Self.endless, timeout: .seconds(60)) {
                asked += 1
                return asked == 3
            }
        }
        #expect(asked == 3)
        #expect(error.code == .interrupted && error.message == "the query was stopped before it ended")
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
