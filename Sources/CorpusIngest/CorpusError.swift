/// Why a corpus was not read, checked or stored.
public struct CorpusError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case unreadable, unknownFormat, incomplete, refused, alreadyIngested
        }
        private let value: Value

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Value.allCases.map { Code(value: $0) }

        /// The folder or its manifest cannot be read.
        public static let unreadable = Code(value: .unreadable)
        /// No format knows the files, or none is called so.
        public static let unknownFormat = Code(value: .unknownFormat)
        /// Something that every corpus must say of itself is missing.
        public static let incomplete = Code(value: .incomplete)
        /// The corpus has fatal problems; `problems` lists them all.
        public static let refused = Code(value: .refused)
        /// Another text is stored under the same name and version.
        public static let alreadyIngested = Code(value: .alreadyIngested)

        /// The name of the code.
        public var description: String { value.rawValue }
    }

    /// What kind of fault it is.
    public let code: Code
    /// What is wrong and what to do.
    public let message: String
    /// The file or folder in question.
    public let file: String?
    /// Every problem found, fatal or not, in the order of the files; empty unless the code is `refused`.
    public let problems: [CorpusProblem]

    /// An error about one file or folder, or about nothing in particular.
    public init(_ code: Code, _ message: String, file: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
        problems = []
    }

    /// The refusal of a corpus for its problems.
    ///
    /// - Parameters:
    ///   - corpus: the folder, for the message.
    ///   - problems: all problems, warnings included, or the first many of them.
    ///   - count: how many errors there are, where `problems` may lack some.
    public init(refusing corpus: String, for problems: [CorpusProblem], errors count: Int? = nil) {
        code = .refused
        file = corpus
        self.problems = problems
        let errors = count ?? problems.count { $0.severity == .error }
        message = "\(errors) \(errors == 1 ? "problem keeps" : "problems keep") this corpus out; nothing was stored"
    }

    /// How many problems `description` prints before it only counts them.
    public static let printedProblems = 50

    /// `path: message`, then one problem a line, at most `printedProblems` of them.
    public var description: String {
        let head = [file, message].compactMap(\.self).joined(separator: ": ")
        return ([head] + CorpusProblem.lines(problems, atMost: Self.printedProblems)).joined(separator: "\n")
    }
}
