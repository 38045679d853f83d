import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct OpeningTests {
    @Test func writesInWALModeWithForeignKeys() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a"]))
        #expect(try fixture.values("SELECT * FROM pragma_journal_mode") == [["wal"]])
        let error = try #require(throws: StoreError.self) {
            try fixture.database.execute("INSERT INTO rejects (corpus_file_id, record, reason) VALUES (99, 'x', 'y')")
        }
        #expect(error.description.contains("FOREIGN KEY constraint failed"))
    }

    @Test func aTextFileIsRefusedAndLeftAlone() throws {
        let folder = try ScratchFolder()
        let path = folder.path("notes.txt").path
        let text = Data(String(repeating: "Not a database. ", count: 100).utf8)
        try text.write(to: URL(filePath: path))
        for open in [{ _ = try BenchmarkDatabase(path: path) }, { _ = try BenchmarkDatabase(readingOnly: path) }] {
            let error = try #require(throws: StoreError.self) { try open() }
            #expect(error.code == .notADatabase)
            #expect(
                error.description == "\(path): is not a Braid database; give another file or let Braid make a new one")
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["notes.txt"])
    }

    @Test func aShortTextFileIsRefused() throws {
        let folder = try ScratchFolder()
        try Data("hello".utf8).write(to: folder.path("short"))
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: folder.path("short").path) }
        #expect(error.code == .notADatabase)
    }

    @Test func aTruncatedDatabaseIsRefused() throws {
        let fixture = try StoreFixture()
        try fixture.database.close()
        let whole = try Data(contentsOf: URL(filePath: fixture.path))
        #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.url.path) == ["benchmark.sqlite"])
        let path = fixture.folder.path("cut.sqlite").path
        try whole.prefix(whole.count / 2).write(to: URL(filePath: path))
        let error = try #require(throws: StoreError.self) {
            let database = try BenchmarkDatabase(path: path)
            try database.insertCorpus(corpus(keys: ["a"]))
        }
        #expect(error.code == .corrupt || error.code == .notADatabase)
        #expect(!error.description.contains("\n"))
    }

    @Test func anotherProgramsDatabaseIsRefusedAndLeftAlone() throws {
        let fixture = try StoreFixture()
        try fixture.database.execute("PRAGMA application_id = 77")
        try fixture.database.close()
        let before = try Data(contentsOf: URL(filePath: fixture.path))
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: fixture.path) }
        #expect(error.code == .otherApplication)
        #expect(try Data(contentsOf: URL(filePath: fixture.path)) == before)
    }

    @Test func aDatabaseWithTablesButNoApplicationIsRefused() throws {
        let fixture = try StoreFixture()
        try fixture.database.execute("PRAGMA application_id = 0")
        try fixture.database.close()
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: fixture.path) }
        #expect(error.code == .otherApplication)
    }

    @Test func aNewerVersionIsRefusedInOneLine() throws {
        let fixture = try StoreFixture()
        try fixture.database.execute("PRAGMA user_version = 99")
        try fixture.database.close()
        for open in [
            { _ = try BenchmarkDatabase(path: fixture.path) }, { _ = try BenchmarkDatabase(readingOnly: fixture.path) },
            { _ = try ReadOnlyQuery(path: fixture.path) },
        ] {
            let error = try #require(throws: StoreError.self) { try open() }
            #expect(error.code == .newerVersion)
            #expect(
                error.description
                    == "\(fixture.path): has schema version 99, this Braid (0.1.0) knows up to 4; update Braid")
        }
    }

    @Test func staleViewsAreMadeAnewByWritersAndRefusedByReaders() throws {
        let fixture = try StoreFixture()
        try fixture.database.execute("DROP VIEW leaderboard; CREATE VIEW leaderboard AS SELECT 1 AS one")
        try fixture.database.execute("CREATE VIEW old AS SELECT 1 AS one")
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(readingOnly: fixture.path) }
        #expect(error.code == .olderVersion)
        try BenchmarkDatabase(path: fixture.path).close()
        let views = try fixture.values("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
        let described = SchemaDescription.current.relations.filter(\.isView).map(\.name).sorted()
        #expect(views == described.map { [.text($0)] })
        #expect(try BenchmarkDatabase(readingOnly: fixture.path).leaderboard(ofRun: 1) == [])
    }

    @Test func anEmptyFileBecomesADatabase() throws {
        let folder = try ScratchFolder()
        let path = folder.path("empty").path
        try Data().write(to: URL(filePath: path))
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(readingOnly: path) }
        #expect(error.code == .otherApplication)
        #expect(try BenchmarkDatabase(path: path).corpora() == [])
    }

    @Test func aMissingFileOrFolderIsNamed() throws {
        let folder = try ScratchFolder()
        let missing = folder.path("none.sqlite").path
        let first = try #require(throws: StoreError.self) { try BenchmarkDatabase(readingOnly: missing) }
        #expect(first.description == "\(missing): does not exist; give the path of a Braid database")
        #expect(!FileManager.default.fileExists(atPath: missing))
        let inside = folder.path("none/new.sqlite").path
        let second = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: inside) }
        #expect(second.code == .cannotOpen)
        let third = try #require(throws: StoreError.self) { try BenchmarkDatabase(readingOnly: folder.url.path) }
        #expect(third.description.hasSuffix("is a folder; give the path of a Braid database"))
        let fourth = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: folder.url.path) }
        #expect(fourth.code == .cannotOpen)
    }

    @Test func readingOnlyRefusesWrites() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a"]))
        let reader = try BenchmarkDatabase(readingOnly: fixture.path)
        #expect(reader.isReadOnly)
        #expect(try reader.corpora().map(\.name) == ["everyday"])
        let error = try #require(throws: StoreError.self) { try reader.insertCorpus(corpus("other", keys: ["a"])) }
        #expect(error.code == .readOnly)
        #expect(error.description == "\(fixture.path): was opened for reading only")
    }

    @Test func aFullDiskIsSaidInOneLineAndStoresNothing() throws {
        let fixture = try StoreFixture()
        let pages = try #require(try fixture.values("SELECT page_count FROM pragma_page_count").first?.first)
        guard case .integer(let count) = pages else { return }
        try fixture.database.execute("PRAGMA max_page_count = \(count + 2)")
        let error = try #require(throws: StoreError.self) {
            try fixture.database.insertCorpus(corpus(keys: (0..<500).map { "document-\($0)" }))
        }
        #expect(error.code == .diskFull)
        #expect(
            error.description
                == "\(fixture.path): the disk is full; free some space and run the same command again")
        #expect(try fixture.count("corpora") == 0)
    }

    @Test func odderPathsWork() throws {
        let folder = try ScratchFolder()
        for name in ["with space.sqlite", "percent%20?#.sqlite", "été 🙂.sqlite"] {
            let path = folder.path("x").path.dropLast() + name
            try BenchmarkDatabase(path: String(path)).close()
            #expect(try BenchmarkDatabase(readingOnly: String(path)).corpora() == [])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count >= 3)
    }

    @Test func severalMayOpenANewFileAtOnce() async throws {
        let folder = try ScratchFolder()
        let path = folder.path("new.sqlite").path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<4 {
                group.addTask {
                    let database = try BenchmarkDatabase(path: path)
                    try database.insertCorpus(corpus("corpus-\(index)", keys: ["a", "b"]))
                }
            }
            try await group.waitForAll()
        }
        #expect(try BenchmarkDatabase(readingOnly: path).corpora().count == 4)
    }

    /// Root may write everything, so only other users can see these refusals.
    static let permissionsCount = getuid() != 0

    @Test(.enabled(if: permissionsCount)) func aFileThatMayNotBeWrittenCanBeRead() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a"]))
        try fixture.database.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: fixture.path)
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: fixture.path) }
        #expect(error.code == .readOnly)
        #expect(
            error.description
                == "\(fixture.path): may not be written; check the permissions of the file and its folder")
        #expect(try BenchmarkDatabase(readingOnly: fixture.path).corpora().count == 1)
        #expect(try fixture.count("documents") == 1)
    }

    @Test(.enabled(if: permissionsCount)) func aFileInAFolderThatMayNotBeWrittenCanBeRead() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a"]))
        try fixture.database.close()
        let folder = fixture.folder.url.path
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder) }
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: fixture.path) }
        #expect([.readOnly, .cannotOpen].contains(error.code))
        #expect(try BenchmarkDatabase(readingOnly: fixture.path).corpora().count == 1)
        #expect(try fixture.count("documents") == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["benchmark.sqlite"])
    }
}
