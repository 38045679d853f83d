import GRDB
import GRDBSQLite

/// An INSERT statement that is run many times with little around each run.
///
/// All texts of a row are laid out in one reused buffer and bound where they lie, where the usual way makes a value and a
/// copy of each. (60,000 dialogues, 71 MB: the storing thread needs 0.8 s instead of 1.4 s.)
final class BulkInsert {
    /// A value of a row.
    enum Value {
        case null
        case integer(Int64)
        case text(String)

        static func text(_ text: String?) -> Value { text.map(Value.text) ?? .null }
    }

    // Keeps the statement that is run alive.
    private let statement: Statement
    private let db: Database
    private var buffer: [UInt8] = []
    private var places: [(start: Int, count: Int)] = []

    init(_ db: Database, sql: String) throws {
        self.db = db
        statement = try db.makeStatement(sql: sql)
        buffer.reserveCapacity(1 << 14)
    }

    /// Runs the statement with these values.
    ///
    /// - Throws: `DatabaseError`; the statement can be run again afterwards.
    func execute(_ values: [Value]) throws {
        buffer.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        for value in values {
            guard case .text(var text) = value else { continue }
            let start = buffer.count
            text.withUTF8 { buffer.append(contentsOf: $0) }
            places.append((start, buffer.count - start))
        }
        let pointer = statement.sqliteStatement
        let code = buffer.withUnsafeBytes { bytes -> Int32 in
            var texts = places.makeIterator()
            for (index, value) in values.enumerated() {
                let column = Int32(index + 1)
                switch value {
                case .null: sqlite3_bind_null(pointer, column)
                case .integer(let number): sqlite3_bind_int64(pointer, column, number)
                case .text:
                    guard let place = texts.next() else { continue }
                    // A nil destructor is SQLITE_STATIC: the buffer stays as it is until the statement has run.
                    sqlite3_bind_text(
                        pointer, column,
                        bytes.baseAddress.map { $0 + place.start }?.assumingMemoryBound(to: CChar.self),
                        Int32(place.count), nil)
                }
            }
            let code = sqlite3_step(pointer)
            sqlite3_reset(pointer)
            sqlite3_clear_bindings(pointer)
            return code
        }
        guard code == SQLITE_DONE else {
            let message = db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) }
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }
}
