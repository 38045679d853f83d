/// What went wrong with a profile or a run, and what to do about it.
public struct RunError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String, CaseIterable {
            case badProfile, unknownSetting, unknownMethod, missingBuild, missingExamples, stopped, unwritable,
                unreadable, diverged, server
        }
        private let value: Value
        public var description: String { value.rawValue }

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Value.allCases.map { Code(value: $0) }

        /// The profile's file cannot be read or breaks the format.
        public static let badProfile = Code(value: .badProfile)
        /// The profile names a setting that the build lacks.
        public static let unknownSetting = Code(value: .unknownSetting)
        /// The profile names a method that does not exist, or gives it wrong parameters.
        public static let unknownMethod = Code(value: .unknownMethod)
        /// The database lacks the build that the profile names.
        public static let missingBuild = Code(value: .missingBuild)
        /// A split that is needed has no examples.
        public static let missingExamples = Code(value: .missingExamples)
        /// The run was asked to stop; what is done is stored.
        public static let stopped = Code(value: .stopped)
        /// A file could not be written.
        public static let unwritable = Code(value: .unwritable)
        /// A file or row is missing or is not the one that was stored.
        public static let unreadable = Code(value: .unreadable)
        /// A training met numbers that are not finite; the last good adapter is kept.
        public static let diverged = Code(value: .diverged)
        /// A model's server cannot be reached, or refuses.
        public static let server = Code(value: .server)
    }

    public var code: Code
    /// What is wrong and what to do.
    public var message: String
    /// The profile's file.
    public var file: String?
    /// The line of the key, from 1.
    public var line: Int?
    /// The key in it, e.g. `methods[2].name`.
    public var key: String?

    public init(_ code: Code, _ message: String, file: String? = nil, key: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.key = key
    }

    /// The error with the line of its key in the profile's text.
    package func placed(in text: String) -> RunError {
        var error = self
        error.line = key.flatMap { ProfileLines.line(of: $0, in: text) }
        return error
    }

    /// The user's text: `path:line: key: message`, leaving out what is unknown.
    public var description: String {
        let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
        return [place, key, message].compactMap { $0 }.joined(separator: ": ")
    }
}
