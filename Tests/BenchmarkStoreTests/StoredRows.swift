import GRDB

/// Everything that a database's tables hold, whatever the order, read from the file without the store.
///
/// `scores` is among them: a table up to version 3, a view since.
struct StoredRows: Equatable {
    struct Table: Equatable {
        let columns: Set<String>
        let rows: Set<[String: DatabaseValue]>
    }

    let version: Int
    let tables: [String: Table]
    /// What SQLite says of the file and of its foreign keys: `ok` alone for a sound one.
    let faults: [String]

    init(at path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        (version, tables, faults) = try DatabaseQueue(path: path, configuration: configuration).read { db in
            let names = try String.fetchAll(
                db,
                sql: """
                    SELECT name FROM sqlite_schema
                    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' OR name = 'scores'
                    """)
            var tables: [String: Table] = [:]
            for name in names {
                let columns = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [name])
                let rows = try Row.fetchAll(db, sql: "SELECT * FROM \"\(name)\"").map { row in
                    Dictionary(row.map { ($0.0, $0.1) }) { first, _ in first }
                }
                tables[name] = Table(columns: Set(columns), rows: Set(rows))
            }
            let keys = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").map(\.description)
            return (
                try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0, tables,
                try String.fetchAll(db, sql: "PRAGMA integrity_check") + keys
            )
        }
    }

    /// The tables and columns that `later` lacks, and the rows that are not there with the same values.
    func losses(in later: StoredRows) -> [String] {
        tables.sorted { $0.key < $1.key }.flatMap { name, table -> [String] in
            guard let now = later.tables[name] else { return [name] }
            let kept = table.columns.intersection(now.columns)
            func narrow(_ rows: Set<[String: DatabaseValue]>) -> Set<[String: DatabaseValue]> {
                Set(rows.map { $0.filter { kept.contains($0.key) } })
            }
            let gone = table.columns.subtracting(kept).sorted().map { "\(name).\($0)" }
            let same = now.rows.count == table.rows.count && narrow(table.rows) == narrow(now.rows)
            return gone + (same ? [] : ["rows of \(name)"])
        }
    }
}
