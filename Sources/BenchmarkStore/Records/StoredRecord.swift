import Foundation
import GRDB

/// A row of one table, stored under the snake_case names of its properties.
///
/// A property `id` is the row's number: 0 until the store has assigned one. Foreign keys that the store itself knows
/// (a document's corpus, an example's setting) may likewise be left at 0 in what is handed to the store.
public protocol StoredRecord: Codable, Hashable, Sendable, FetchableRecord, EncodableRecord, TableRecord {}

extension StoredRecord {
    /// Reads `corpus_id` into `corpusID` and `file_name` into `fileName`.
    public static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
        .custom { ColumnKey(column: $0) }
    }

    /// Writes `corpusID` as `corpus_id` and `fileName` as `file_name`.
    public static var databaseColumnEncodingStrategy: DatabaseColumnEncodingStrategy {
        .custom { ColumnNames.column(of: $0.stringValue) }
    }

    /// Nested values become canonical JSON, so that the same value is always the same text.
    public static func databaseJSONEncoder(for column: String) -> JSONEncoder { CanonicalJSON.encoder() }
}

/// The property name of a column, for decoding.
struct ColumnKey: CodingKey {
    let stringValue: String
    let intValue: Int? = nil

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }

    init(column: String) { self.init(stringValue: ColumnNames.property(of: column)) }
}

extension StoredRecord {
    /// Adds the row and gives its number.
    ///
    /// A property `id` that is 0 is left to SQLite. `conflict` is an upsert clause that is appended as it is.
    @discardableResult
    func insert(into db: Database, onConflict conflict: String = "") throws -> Int64 {
        var values = try databaseDictionary
        if values["id"] == 0.databaseValue { values["id"] = nil }
        let columns = values.keys.sorted()
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let sql = """
            INSERT INTO \(Self.databaseTableName) (\(columns.joined(separator: ", "))) VALUES (\(marks)) \(conflict)
            """
        let statement = try db.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(columns.map { values[$0] ?? .null }))
        return db.lastInsertedRowID
    }
}
