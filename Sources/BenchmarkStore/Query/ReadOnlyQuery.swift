import Foundation
import GRDB

/// Runs a user's SQL on a database without any way to change it.
///
/// Each value has its own connection, opened read-only and with `PRAGMA query_only`; only one statement that begins
/// with SELECT, WITH, VALUES or EXPLAIN is run, and SQLite compiles nothing of it that does more than read: no ATTACH,
/// no PRAGMA that sets or does anything, no extension. A long query may be stopped by time, or by the caller.
///
/// ```swift
/// let query = try ReadOnlyQuery(path: "benchmark.sqlite")
/// let result = try query.run("SELECT method, mean FROM leaderboard", limit: 100)
/// print(QueryFormat.table.render(result))
/// ```
public final class ReadOnlyQuery: Sendable {
    /// The path of the database.
    public let path: String

    private let connection: DatabaseQueue

    /// Opens a connection to an existing database.
    ///
    /// - Throws: `StoreError` as `BenchmarkDatabase.init(readingOnly:)`.
    public init(path: String) throws {
        self.path = path
        connection = try withStoreErrors(file: path) {
            try BenchmarkDatabase.checkExists(path)
            var configuration = BenchmarkDatabase.configuration(readOnly: true)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA query_only = 1")
                ReadingAuthorizer.install(on: db)
            }
            return try BenchmarkDatabase.withImmutableFallback(path) {
                let connection = try DatabaseQueue(path: $0, configuration: configuration)
                // Without a transaction, which the authorizer would refuse; a statement sees one state by itself.
                try connection.unsafeRead { db in
                    try Schema.checkOrigin(db, mustExist: true)
                    try Schema.checkUpToDate(db)
                }
                return connection
            }
        }
    }

    /// Runs one statement and collects its rows.
    ///
    /// - Parameters:
    ///   - sql: One SELECT, WITH, VALUES or EXPLAIN statement; a semicolon at its end is allowed.
    ///   - arguments: Values for the statement's `?` marks in order.
    ///   - limit: How many rows at most; the result says whether there were more.
    ///   - timeout: How long the query may take; nil for as long as it needs.
    ///   - shouldStop: Asked again and again while the query runs.
    /// - Throws: `StoreError`: `.query` with line and column where they are known when the SQL is wrong or does more
    ///   than read; `.interrupted` when it was stopped in either way; else as the database opens.
    public func run(
        _ sql: String, arguments: [QueryValue] = [], limit: Int? = nil, timeout: Duration? = nil,
        shouldStop: @escaping () -> Bool = { false }
    ) throws -> QueryResult {
        let text = SQLText(sql)
        try text.checkIsOneQuery()
        let watch = QueryWatch(timeout: timeout, shouldStop: shouldStop)
        return try withStoreErrors(file: path) {
            try connection.unsafeRead { db in
                do {
                    return try watch.during(db) {
                        let statement = try db.makeStatement(sql: sql)
                        guard statement.isReadonly else { throw text.doesMoreThanRead }
                        try statement.setArguments(StatementArguments(arguments.map(\.databaseValue)))
                        return try Self.collect(statement, limit: limit)
                    }
                } catch let error as DatabaseError where Self.blamesTheQuery(error) {
                    throw text.storeError(for: error, in: db)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT && watch.isLate {
                    let time = Self.words(timeout)
                    throw StoreError(
                        .interrupted, "the query was stopped after \(time); ask for less, or give it more time")
                }
            }
        }
    }

    private static func collect(_ statement: Statement, limit: Int?) throws -> QueryResult {
        var result = QueryResult(columns: statement.columnNames, rows: [])
        let rows = try Row.fetchCursor(statement)
        while let row = try rows.next() {
            if let limit, result.rows.count >= limit {
                result.isTruncated = true
                break
            }
            result.rows.append(row.databaseValues.map(QueryValue.init))
        }
        return result
    }

    /// A time as `--timeout` takes it: `90 s`, `0.5 s`.
    private static func words(_ time: Duration?) -> String {
        let seconds = (time ?? .zero) / .seconds(1)
        return (seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)") + " s"
    }

    private static func blamesTheQuery(_ error: DatabaseError) -> Bool {
        [
            .SQLITE_ERROR, .SQLITE_MISUSE, .SQLITE_AUTH, .SQLITE_READONLY, .SQLITE_RANGE, .SQLITE_MISMATCH,
            .SQLITE_TOOBIG,
        ]
        .contains(error.resultCode)
    }
}
