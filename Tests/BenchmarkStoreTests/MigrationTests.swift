import BenchmarkStore
import Foundation
import GRDB
import TestSupport
import Testing

@Suite("Databases of earlier schemas")
struct MigrationTests {
    private static let present = BenchmarkDatabase.schemaMigrations.count

    /// The files in a folder but SQLite's own, which come and go with readers.
    private static func files(_ folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    }

    @Test("every version but the present one has rows to test with")
    func rowsForEveryVersion() { #expect(EarlierSchema.newest >= Self.present - 1) }

    @Test(
        "every row is there with its values after an opening, and an older database is backed up",
        arguments: 1...EarlierSchema.newest)
    func everyRowIsKept(version: Int) throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(version, at: path)
        let before = try StoredRows(at: path)
        #expect(before.version == version)
        for (name, table) in before.tables { #expect(!table.rows.isEmpty, "\(name) has no rows to lose") }

        let backup = folder.path("old.schema-\(version).backup.sqlite").path
        let isOlder = version < Self.present
        let database = try BenchmarkDatabase(path: path)
        #expect(database.backupPath == (isOlder ? backup : nil))
        try database.close()
        let after = try StoredRows(at: path)
        #expect(after.version == Self.present)
        #expect(after.faults == ["ok"])
        // The clusters of documents went to the examples made of them; scores have no number of their own any more.
        let lost: [String] = (version == 1 ? ["documents.cluster"] : []) + (version < 4 ? ["scores.id"] : [])
        #expect(before.losses(in: after) == lost)
        let examples = after.tables["examples"]?.rows ?? []
        let clusters = examples.compactMap { $0["cluster"].flatMap(String.fromDatabaseValue) }.sorted()
        #expect(clusters == (version == 1 ? ["c-1", "c-2"] : ["c-2", "c-8"]))

        try BenchmarkDatabase(path: folder.path("new.sqlite").path).close()
        let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"
        #expect(
            try ReadOnlyQuery(path: path).run(schema).rows
                == ReadOnlyQuery(path: folder.path("new.sqlite").path).run(schema).rows)
        for view in SchemaDescription.current.relations.filter(\.isView) {
            _ = try ReadOnlyQuery(path: path).run("SELECT * FROM \(view.name)")
        }
        #expect(try ReadOnlyQuery(path: path).run("SELECT method, mean FROM leaderboard").rows == [["linear", 0.1]])
        let unsettled = "SELECT count(*) FROM cells WHERE id NOT IN (SELECT cell_id FROM cell_totals)"
        #expect(try ReadOnlyQuery(path: path).run(unsettled).rows == [[0]])

        let again = try BenchmarkDatabase(path: path)
        #expect(again.backupPath == nil)
        try again.close()
        #expect(
            try Self.files(folder.url) == ["new.sqlite"] + (isOlder ? ["old.schema-\(version).backup.sqlite"] : [])
                + ["old.sqlite"])
        guard isOlder else { return }
        #expect(try StoredRows(at: backup) == before)
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(readingOnly: backup) }
        #expect(error.code == .olderVersion)
    }

    @Test("a backup under its old name is brought up to date like the database was")
    func restoring() throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(1, at: path)
        let backup = try #require(try BenchmarkDatabase(path: path).backupPath)
        let restored = folder.path("restored").path
        try FileManager.default.copyItem(atPath: backup, toPath: restored)
        let database = try BenchmarkDatabase(path: restored)
        #expect(database.backupPath == folder.path("restored.schema-1.backup.sqlite").path)
        try database.close()
        #expect(try StoredRows(at: restored) == StoredRows(at: path))
    }

    @Test("an update that fails leaves the database as it was, and its second attempt finds the same backup")
    func failingUpdate() throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(1, at: path)
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE annotations (mine)") }
        let before = try StoredRows(at: path)
        for _ in 1...2 {
            let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: path) }
            #expect(error.description.contains("annotations already exists"))
            #expect(try StoredRows(at: path) == before)
            #expect(try Self.files(folder.url) == ["old.schema-1.backup.sqlite", "old.sqlite"])
        }
    }

    @Test("a file that has the backup's name already stays, and the backup gets a number")
    func occupiedName() throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(1, at: path)
        let occupied = folder.path("old.schema-1.backup.sqlite")
        try Data("mine".utf8).write(to: occupied)
        let before = try StoredRows(at: path)
        let database = try BenchmarkDatabase(path: path)
        let backup = folder.path("old.schema-1.backup-2.sqlite").path
        #expect(database.backupPath == backup)
        #expect(try StoredRows(at: backup) == before)
        #expect(try Data(contentsOf: occupied) == Data("mine".utf8))
    }

    @Test("without a backup nothing is changed")
    func unwritableBackup() throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(2, at: path)
        let before = try StoredRows(at: path)
        // A folder where the copy is to be written refuses even the superuser.
        let obstacle = folder.path("old.schema-2.backup.part")
        try FileManager.default.createDirectory(at: obstacle, withIntermediateDirectories: false)
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: path) }
        #expect(error.code == .cannotOpen)
        #expect(
            error.description == folder.path("old.schema-2.backup.sqlite").path
                + ": the database is copied here before it is brought up to date, which failed: cannot be opened; "
                + "check that its folder exists and may be written")
        #expect(try StoredRows(at: path) == before)
        try FileManager.default.removeItem(at: obstacle)
        #expect(try BenchmarkDatabase(path: path).backupPath != nil)
    }

    @Test("a full disk changes nothing and says what had no room", .enabled(if: SmallDisk.isPossible))
    func fullDisk() throws {
        let disk = try SmallDisk(kilobytes: 8_000)
        let path = disk.url.appending(path: "old.sqlite").path
        try EarlierSchema.make(2, at: path)
        let before = try StoredRows(at: path)
        let used = try Data(contentsOf: URL(filePath: path)).count
        // Room for what SQLite keeps beside an open database, and for no copy.
        try disk.resize(kilobytes: used / 1_024 + 100)
        let error = try #require(throws: StoreError.self) { try BenchmarkDatabase(path: path) }
        #expect(error.code == .diskFull)
        #expect(error.file == disk.url.appending(path: "old.schema-2.backup.sqlite").path)
        #expect(error.message.hasPrefix("the database is copied here before it is brought up to date, which failed: "))
        #expect(try Self.files(disk.url) == ["old.sqlite"])
        #expect(try StoredRows(at: path) == before)
        try disk.resize(kilobytes: 16_000)
        let backup = try #require(try BenchmarkDatabase(path: path).backupPath)
        #expect(try StoredRows(at: backup) == before)
    }

    @Test("what a killed attempt left half-written is written anew")
    func halfWrittenCopy() throws {
        let folder = try ScratchFolder()
        let path = folder.path("old.sqlite").path
        try EarlierSchema.make(2, at: path)
        let before = try StoredRows(at: path)
        try Data("half".utf8).write(to: folder.path("old.schema-2.backup.part"))
        try Data("half".utf8).write(to: folder.path("old.schema-2.backup.part-journal"))
        let database = try BenchmarkDatabase(path: path)
        try database.close()
        #expect(try StoredRows(at: try #require(database.backupPath)) == before)
        #expect(try Self.files(folder.url) == ["old.schema-2.backup.sqlite", "old.sqlite"])
    }
}
