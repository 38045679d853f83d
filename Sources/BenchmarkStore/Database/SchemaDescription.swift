/// What the database holds, for people who write SQL: every table and view with its columns.
///
/// The descriptions lie beside the code that makes the tables and views; tests compare them with a real database.
public struct SchemaDescription: Sendable, Hashable {
    /// A table or view.
    public struct Relation: Sendable, Hashable {
        /// Name in SQL.
        public let name: String
        /// Whether it is a view rather than a table.
        public let isView: Bool
        /// One sentence on what a row is.
        public let summary: String
        /// The columns in their order.
        public let columns: [ColumnDescription]
    }

    /// Views first, since they are what questions should be put to.
    public let relations: [Relation]

    /// The description of the present schema.
    public static let current = SchemaDescription(
        relations: ViewDefinition.all.map {
            Relation(name: $0.name, isView: true, summary: $0.summary, columns: $0.columns)
        } + tableDescriptions)

    /// The table or view of that name, nil when there is none.
    public func relation(named name: String) -> Relation? { relations.first { $0.name == name } }

    /// Plain text for a terminal: each relation with its summary and columns.
    public var text: String {
        relations.map { relation in
            let width = relation.columns.map(\.name.count).max() ?? 0
            let columns = relation.columns.map { column in
                let padding = String(repeating: " ", count: width - column.name.count)
                return "    \(column.name)\(padding)  \(column.description)\n"
            }
            return "\(relation.isView ? "view" : "table") \(relation.name)\n  \(relation.summary)\n\(columns.joined())"
        }.joined(separator: "\n")
    }

    /// Markdown for the documentation: a heading and a table of columns for each relation.
    public var markdown: String {
        relations.map { relation in
            let columns = relation.columns.map { "| `\($0.name)` | \($0.description) |\n" }
            return """
                ## \(relation.isView ? "View" : "Table") `\(relation.name)`

                \(relation.summary)

                | Column | Meaning |
                | --- | --- |
                \(columns.joined())
                """
        }.joined(separator: "\n")
    }
}

/// A column and what it means.
public struct ColumnDescription: Sendable, Hashable {
    /// Name in SQL.
    public let name: String
    /// One sentence on what it means, with its unit where it has one.
    public let description: String

    init(_ name: String, _ description: String) {
        self.name = name
        self.description = description
    }
}
