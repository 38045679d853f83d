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

    static let migrations = [Migration(name: "1-tables", sql: tables1)]

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
                "has schema version \(found), this Braid (\(BraidVersion.current)) knows up to \(version); update Braid")
        }
    }

    /// Refuses, for reading, a database that has not been brought up to date.
    static func checkUpToDate(_ db: Database) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        let isCurrent = try viewsAreCurrent(db)
        if found < version || !isCurrent {
            throw StoreError(
                .olderVersion, "was made by an older Braid; open it once for writing, for example with 'braid ingest'")
        }
    }

    /// Applies the migrations that are missing, and renews the views when their text has changed.
    ///
    /// Views hold no data, so they are not migrated but made anew. They go first, since SQLite refuses to change a
    /// table under a view that would no longer fit.
    static func bringUpToDate(_ connections: DatabasePool) throws {
        var migrator = DatabaseMigrator()
        for (index, migration) in migrations.enumerated() {
            migrator.registerMigration(migration.name) { db in
                try dropViews(db)
                try db.execute(sql: migration.sql)
                // Inside the migration's transaction, like the tables.
                try db.execute(sql: "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(index + 1)")
            }
        }
        try migrator.migrate(connections)
        if try !connections.read(viewsAreCurrent) {
            try connections.write { db in
                // Another process may have been quicker.
                guard try !viewsAreCurrent(db) else { return }
                try dropViews(db)
                for view in ViewDefinition.all { try db.execute(sql: view.createSQL) }
            }
        }
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
