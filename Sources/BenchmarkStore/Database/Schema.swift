import GRDB

/// The shape of the database: its identity, its version, and how older files are brought up to date.
enum Schema {
    /// `Brai` in ASCII; `file` and SQLite tools show it, and a database with another number is not ours.
    static let applicationID: Int32 = 0x4272_6169

    /// The schema's version, kept in `PRAGMA user_version`: the number of migrations.
    static var version: Int { migrations.count }

    /// One step of the schema; steps are added at the end and never changed once published.
    struct Migration: Sendable {
        let name: String
        let sql: String
    }

    static let migrations = [
        Migration(name: "1-tables", sql: tables1), Migration(name: "2-sources", sql: tables2),
        Migration(name: "3-searches", sql: tables3), Migration(name: "4-standings", sql: tables4),
    ]

    /// What the tests pin, so that neither a published migration nor a view changes unnoticed.
    static var fingerprints: [String: String] {
        var result = Dictionary(migrations.map { ($0.name, ContentHash(of: $0.sql).hex) }) { first, _ in first }
        result["views"] = ContentHash(list: ViewDefinition.all.map(\.createSQL)).hex
        return result
    }

    /// Refuses a database that is not ours, or that a newer Braid made.
    ///
    /// - Parameter mustExist: Whether a database without any content is refused as well.
    static func checkOrigin(_ db: Database, mustExist: Bool) throws {
        let application = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        if application == 0, isEmpty, !mustExist { return }
        guard application == applicationID else {
            throw StoreError(
                .otherApplication, "is a database of another program; give another file or let Braid make a new one")
        }
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if found > version {
            throw StoreError(
                .newerVersion,
                "has schema version \(found), this Braid (\(BraidVersion.current)) knows up to \(version); update Braid"
            )
        }
    }

    /// Refuses, for reading, a database that has not been brought up to date.
    static func checkUpToDate(_ db: Database) throws {
        guard try isUpToDate(db) else {
            throw StoreError(
                .olderVersion,
                "was made by an older Braid; open it once for writing, for example with 'braid ingest', "
                    + "which keeps a copy of it as it is")
        }
    }

    /// Applies the migrations that are missing, and renews the views when their text has changed.
    ///
    /// An older database is copied first. Views alone are renewed without that.
    ///
    /// All of it is one transaction, with the version read inside it: a process that dies leaves the old state, and of
    /// several that open a new file at once one makes the tables. (GRDB's own migrator first writes a table of its
    /// own in another transaction; a file left in that state has no application number yet.)
    ///
    /// Views hold no data, so they are not migrated but made anew. They go first, since SQLite refuses to change a
    /// table under a view that would no longer fit. Foreign keys are off meanwhile, so that a later migration may
    /// rebuild a table without deleting what refers to it, and are checked at the end.
    ///
    /// - Returns: The path of the copy, where one was made.
    static func bringUpToDate(_ connections: DatabasePool) throws -> String? {
        if try connections.read(isUpToDate) { return nil }
        return try connections.writeWithoutTransaction { db in
            var backup: String?
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.inTransaction(.immediate) {
                try checkOrigin(db, mustExist: false)
                guard try !isUpToDate(db) else { return .commit }
                let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                if found > 0, found < version { backup = try SchemaBackup.keep(connections, version: found) }
                try dropViews(db)
                for migration in migrations.dropFirst(found) { try db.execute(sql: migration.sql) }
                for view in ViewDefinition.all { try db.execute(sql: view.createSQL) }
                if found > 0 { try Standings.settleAll(in: db) }
                try db.checkForeignKeys()
                try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
                return .commit
            }
            try db.execute(sql: "PRAGMA foreign_keys = ON")
            return backup
        }
    }

    private static func isUpToDate(_ db: Database) throws -> Bool {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let isCurrent = try viewsAreCurrent(db)
        return found == version && isCurrent
    }

    private static func viewsAreCurrent(_ db: Database) throws -> Bool {
        let rows = try Row.fetchAll(db, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'view'")
        let found = Dictionary(rows.map { ($0["name"] as String, $0["sql"] as String) }) { first, _ in first }
        return found == Dictionary(ViewDefinition.all.map { ($0.name, $0.createSQL) }) { first, _ in first }
    }

    private static func dropViews(_ db: Database) throws {
        let names = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'view'")
        for name in names { try db.execute(sql: "DROP VIEW \"\(name)\"") }
    }
}
