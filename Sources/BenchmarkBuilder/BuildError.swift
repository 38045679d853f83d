/// Why a benchmark was not built or exported.
public struct BuildError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case parameters, corpus, disagreement, leak, licence, stale, foreignFolder, io
        }
        private let value: Value

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Value.allCases.map { Code(value: $0) }

        /// A parameter of the build is out of range.
        public static let parameters = Code(value: .parameters)
        /// A corpus is not in the store, or holds nothing to build from.
        public static let corpus = Code(value: .corpus)
        /// Corpora of one build say different things about the same language or tone.
        public static let disagreement = Code(value: .disagreement)
        /// A text would lie in two splits.
        public static let leak = Code(value: .leak)
        /// A corpus's licence restricts what may be done with its text, and the user has not said that they may.
        public static let licence = Code(value: .licence)
        /// The stored build is not what this version makes of its corpora.
        public static let stale = Code(value: .stale)
        /// The folder to write holds files that no build made.
        public static let foreignFolder = Code(value: .foreignFolder)
        /// A file cannot be read or written.
        public static let io = Code(value: .io)

        /// The name of the code.
        public var description: String { value.rawValue }
    }

    /// What kind of fault it is.
    public let code: Code
    /// What is wrong and what to do.
    public let message: String
    /// The file or folder in question.
    public let file: String?
    /// The parameter, corpus or document in question.
    public let key: String?

    /// An error with its place, as far as it has one.
    public init(_ code: Code, _ message: String, file: String? = nil, key: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.key = key
    }

    /// `path: message`.
    public var description: String { [file, message].compactMap(\.self).joined(separator: ": ") }
}
