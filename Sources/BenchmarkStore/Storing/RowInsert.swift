import GRDB
import GRDBSQLite

/// An INSERT statement that is run many times with one value after another bound.
final class RowInsert {
    // Keeps the statement that is run alive.
    private let statement: Statement
    private let db: Database
    private var column: Int32 = 0

    init(_ db: Database, _ sql: String) throws {
        self.db = db
        statement = try db.cachedStatement(sql: sql)
        sqlite3_clear_bindings(statement.sqliteStatement)
    }

    /// Binds the next value.
    func bind(_ value: Int64) {
        column += 1
        sqlite3_bind_int64(statement.sqliteStatement, column, value)
    }

    /// Binds the next value.
    func bind(_ value: Double) {
        column += 1
        sqlite3_bind_double(statement.sqliteStatement, column, value)
    }

    /// Binds the next value; nil is NULL.
    func bind(_ value: String?) {
        column += 1
        guard var value else {
            sqlite3_bind_null(statement.sqliteStatement, column)
            return
        }
        // −1 is SQLITE_TRANSIENT: SQLite makes a copy.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        value.withUTF8 { bytes in
            // An empty text needs an address too, or it would be NULL.
            let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            if let start, !bytes.isEmpty {
                sqlite3_bind_text(statement.sqliteStatement, column, start, Int32(bytes.count), copies)
            } else {
                sqlite3_bind_text(statement.sqliteStatement, column, "", 0, copies)
            }
        }
    }

    /// Runs the statement with what was bound.
    ///
    /// - Returns: Whether a row was added or changed.
    /// - Throws: `DatabaseError`; the statement can be run again afterwards.
    func run() throws -> Bool {
        column = 0
        let code = sqlite3_step(statement.sqliteStatement)
        sqlite3_reset(statement.sqliteStatement)
        guard code == SQLITE_DONE else {
            let message = db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
        return db.changesCount > 0
    }
}
