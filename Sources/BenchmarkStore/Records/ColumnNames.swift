import Synchronization

/// Names of columns (`corpus_id`) and of the properties that hold them (`corpusID`).
///
/// Every name is worked out once and then looked up: rows are read and written by the hundred thousand.
enum ColumnNames {
    private static let properties = Mutex<[String: String]>([:])
    private static let columns = Mutex<[String: String]>([:])

    /// The property of a column: `corpus_id` is `corpusID`, `text_hash` is `textHash`.
    static func property(of column: String) -> String {
        properties.withLock { known in
            if let name = known[column] { return name }
            var parts = column.split(separator: "_")
            var name = parts.isEmpty ? column : String(parts.removeFirst())
            for part in parts { name += part == "id" ? "ID" : part.prefix(1).uppercased() + part.dropFirst() }
            known[column] = name
            return name
        }
    }

    /// The column of a property: `corpusID` is `corpus_id`, `textHash` is `text_hash`.
    static func column(of property: String) -> String {
        columns.withLock { known in
            if let name = known[property] { return name }
            var name = ""
            var previous: Character = "_"
            for character in property {
                if character.isUppercase, !previous.isUppercase { name += "_" }
                name += character.lowercased()
                previous = character
            }
            known[property] = name
            return name
        }
    }
}
