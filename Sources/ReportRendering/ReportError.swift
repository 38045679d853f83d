/// What went wrong while a report was made, and what to do about it.
public struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String, CaseIterable { case noRun, unknownRun, cannotWrite, badRow, badTemplate }

        private let kind: Kind

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Kind.allCases.map { Code(kind: $0) }

        /// The database holds no run.
        public static let noRun = Code(kind: .noRun)
        /// No run has the given number or key.
        public static let unknownRun = Code(kind: .unknownRun)
        /// A file or folder of the report cannot be written.
        public static let cannotWrite = Code(kind: .cannotWrite)
        /// A row of the database lacks a column or holds another type than its view promises.
        public static let badRow = Code(kind: .badRow)
        /// A template of this module does not parse; a fault of Braid's own.
        public static let badTemplate = Code(kind: .badTemplate)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what to do.
    public let message: String
    /// The database or file concerned.
    public let file: String?

    /// An error with its kind, text and, where there is one, its file.
    public init(_ code: Code, _ message: String, file: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
    }

    /// The text for the user: `path: message`, or the message alone.
    public var description: String { file.map { "\($0): \(message)" } ?? message }
}
