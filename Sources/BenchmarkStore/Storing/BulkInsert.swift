import GRDB
import GRDBSQLite

/// An INSERT statement that is run many times with little around each run: texts are bound where they lie.
final class BulkInsert {
    // Keeps the statement that is run alive.
    private let statement: Statement
    private let db: Database

    /// A statement with a number, such as the corpus, as its first value.
    init(_ db: Database, table: String, first: String, columns: [String], conflict: String = "") throws {
        self.db = db
        let names = ([first] + columns).joined(separator: ", ")
        let marks = Array(repeating: "?", count: columns.count + 1).joined(separator: ", ")
        statement = try db.makeStatement(sql: "INSERT INTO \(table) (\(names)) VALUES (\(marks)) \(conflict)")
    }

    /// Runs the statement with a number and the cells behind it, whose texts lie in `bytes`.
    ///
    /// - Throws: `DatabaseError`; the statement can be run again afterwards.
    func execute(
        _ first: Int64, _ cells: ArraySlice<DocumentRows.Cell>, in bytes: UnsafeRawBufferPointer
    ) throws {
        let pointer = statement.sqliteStatement
        sqlite3_bind_int64(pointer, 1, first)
        var column: Int32 = 2
        for cell in cells {
            switch cell {
            case .null: sqlite3_bind_null(pointer, column)
            case .integer(let number): sqlite3_bind_int64(pointer, column, number)
            case .text(let start, let count):
                // A nil destructor is SQLITE_STATIC: the bytes stay as they are until the statement has run. An empty text
                // needs an address too, or it would be NULL.
                let text = bytes.baseAddress.map { $0 + start }?.assumingMemoryBound(to: CChar.self)
                sqlite3_bind_text(pointer, column, text, Int32(count), nil)
            }
            column += 1
        }
        let code = sqlite3_step(pointer)
        sqlite3_reset(pointer)
        sqlite3_clear_bindings(pointer)
        guard code == SQLITE_DONE else {
            let message = db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }
}
