/// What went wrong in the store, in one line: where, what, and what to do.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of fault, for code that reacts to it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case notADatabase, otherApplication, newerVersion, olderVersion, cannotOpen, readOnly, diskFull, busy
            case corrupt, io, notFound, conflict, invalid, query, interrupted, internalFault
        }

        private let value: Value

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Value.allCases.map { Code(value: $0) }

        /// The code's name.
        public var description: String { value.rawValue }

        /// The file is something else than an SQLite database.
        public static let notADatabase = Code(value: .notADatabase)
        /// The file is a database, but not one of Braid's.
        public static let otherApplication = Code(value: .otherApplication)
        /// A newer Braid made the database.
        public static let newerVersion = Code(value: .newerVersion)
        /// An older Braid made the database, and it was opened for reading only.
        public static let olderVersion = Code(value: .olderVersion)
        /// The file or its folder is missing or may not be opened.
        public static let cannotOpen = Code(value: .cannotOpen)
        /// The file may not be written.
        public static let readOnly = Code(value: .readOnly)
        /// The disk has no room left.
        public static let diskFull = Code(value: .diskFull)
        /// Another process is writing and did not finish in time.
        public static let busy = Code(value: .busy)
        /// The file is damaged.
        public static let corrupt = Code(value: .corrupt)
        /// The system could not read or write.
        public static let io = Code(value: .io)
        /// Something that was named does not exist.
        public static let notFound = Code(value: .notFound)
        /// Other content has that name already, or other rows depend on it.
        public static let conflict = Code(value: .conflict)
        /// The content breaks a rule of the schema.
        public static let invalid = Code(value: .invalid)
        /// The user's SQL is wrong, or does more than read.
        public static let query = Code(value: .query)
        /// The query was stopped, or took longer than it was given.
        public static let interrupted = Code(value: .interrupted)
        /// A fault of the store itself.
        public static let internalFault = Code(value: .internalFault)
    }

    /// The kind of fault.
    public var code: Code
    /// What is wrong and what to do.
    public var message: String
    /// The database or other file; `SQL` for a fault in the user's statement.
    public var file: String?
    /// Line of the SQL statement, from 1.
    public var line: Int?
    /// Column in that line in characters, from 1.
    public var column: Int?

    /// An error with its place, as far as it is known.
    public init(_ code: Code, _ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    /// `path:line:column: message`, without the parts that are unknown.
    public var description: String {
        var place = file.map { [$0] } ?? []
        if let line {
            if place.isEmpty { place.append("line \(line)") } else { place.append("\(line)") }
            if let column { place.append("\(column)") }
        }
        return place.isEmpty ? message : place.joined(separator: ":") + ": " + message
    }
}
