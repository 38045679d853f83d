/// One fault of a corpus, with the place where a person can mend it.
public struct CorpusProblem: Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case manifest, missingFile, encoding, syntax, blankLine, missingKey, wrongType, unknownKey, badValue, empty
            case duplicateID, duplicateText, nearDuplicate, copiedText, wrongLanguage, mixedLanguages
        }
        private let value: Value

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Value.allCases.map { Code(value: $0) }

        /// The manifest asks for something that cannot be.
        public static let manifest = Code(value: .manifest)
        /// A file named in the manifest cannot be read.
        public static let missingFile = Code(value: .missingFile)
        /// The file is not UTF-8, or holds the traces of a wrong conversion.
        public static let encoding = Code(value: .encoding)
        /// A line is not JSON.
        public static let syntax = Code(value: .syntax)
        /// A line is blank.
        public static let blankLine = Code(value: .blankLine)
        /// A key that every record must have is not there.
        public static let missingKey = Code(value: .missingKey)
        /// A value is of another JSON type than the key asks for.
        public static let wrongType = Code(value: .wrongType)
        /// A key means nothing here.
        public static let unknownKey = Code(value: .unknownKey)
        /// A value is of the right type but not allowed.
        public static let badValue = Code(value: .badValue)
        /// A text is empty, or blank.
        public static let empty = Code(value: .empty)
        /// Two records share an id.
        public static let duplicateID = Code(value: .duplicateID)
        /// Two records have the same text but for case, punctuation and white space.
        public static let duplicateText = Code(value: .duplicateText)
        /// Two records have nearly the same text.
        public static let nearDuplicate = Code(value: .nearDuplicate)
        /// A version repeats the text that it should translate or rewrite, or another version.
        public static let copiedText = Code(value: .copiedText)
        /// A text is in another language than its key says.
        public static let wrongLanguage = Code(value: .wrongLanguage)
        /// Part of a text is in another language.
        public static let mixedLanguages = Code(value: .mixedLanguages)

        /// The name of the code.
        public var description: String { value.rawValue }
    }

    /// Whether a problem keeps the corpus out.
    public enum Severity: String, Hashable, Sendable {
        /// The record cannot be stored as it is.
        case error
        /// The record can be stored; a person should look.
        case warning
    }

    /// What kind of fault it is.
    public let code: Code
    /// Whether it keeps the corpus out.
    public let severity: Severity
    /// The file, relative to the corpus's folder.
    public let file: String
    /// The line in the file, from 1.
    public let line: Int?
    /// The record's place in the file, from 1, where that is not its line.
    public let number: Int?
    /// The column in Unicode scalars, from 1; only syntax and encoding errors have one.
    public let column: Int?
    /// The record's id, where it could be read.
    public let record: String?
    /// The path of the key, such as `summary.translations.es` or `turns[2].text`.
    public let key: String?
    /// What is wrong and what to do; names the key.
    public internal(set) var message: String

    /// A problem at a place.
    public init(
        _ code: Code, _ severity: Severity = .error, file: String, line: Int? = nil, number: Int? = nil,
        column: Int? = nil,
        record: String? = nil, key: String? = nil, message: String
    ) {
        self.code = code
        self.severity = severity
        self.file = file
        self.line = line
        self.number = number ?? line
        self.column = column
        self.record = record
        self.key = key
        self.message = message
    }

    /// `file:line:column: message [problem.code]`, as compilers write it; a warning says so before its message.
    public var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ":\(column)" }
        if let number, number != line { place += ": record \(number)" }
        return "\(place): \(severity == .warning ? "warning: " : "")\(message) [problem.\(code)]"
    }

    /// One line a problem, errors first, and a last line that counts those beyond the limit.
    public static func lines(_ problems: [CorpusProblem], atMost limit: Int) -> [String] {
        let ordered = problems.filter { $0.severity == .error } + problems.filter { $0.severity == .warning }
        var lines = ordered.prefix(limit).map(\.description)
        if ordered.count > limit { lines.append("… and \(ordered.count - limit) more") }
        return lines
    }
}
