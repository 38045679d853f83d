import GRDB
import GRDBSQLite

/// Stops a statement that takes too long, or whose result nobody waits for any more.
///
/// SQLite asks every so many of its own instructions. An interruption from another thread would do no good at a moment
/// at which no statement is running.
final class QueryWatch {
    private let deadline: ContinuousClock.Instant?
    private let shouldStop: () -> Bool
    /// Whether it was the time that stopped the statement.
    private(set) var isLate = false

    init(timeout: Duration?, shouldStop: @escaping () -> Bool) {
        deadline = timeout.map { ContinuousClock.now + $0 }
        self.shouldStop = shouldStop
    }

    /// Watches over what a connection does in `body`.
    func during<Value>(_ db: Database, _ body: () throws -> Value) throws -> Value {
        // A thousand instructions are some microseconds.
        sqlite3_progress_handler(
            db.sqliteConnection, 1000,
            { context in
                guard let context else { return 0 }
                return Unmanaged<QueryWatch>.fromOpaque(context).takeUnretainedValue().stops() ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil) }
        return try body()
    }

    private func stops() -> Bool {
        if shouldStop() { return true }
        guard let deadline, ContinuousClock.now >= deadline else { return false }
        isLate = true
        return true
    }
}
