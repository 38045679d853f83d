/// What went wrong in a metric's set-up or in text read back from elsewhere, and what to do about it.
public struct TextMetricsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of failure; compare with the static members.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String, CaseIterable {
            case unknownTokenizer, unsupportedTokenizer, badSignature, badLanguageModel, badTraining
        }

        private let kind: Kind

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Kind.allCases.map { Code(kind: $0) }

        /// No tokenizer has this name.
        public static let unknownTokenizer = Code(kind: .unknownTokenizer)
        /// The tokenizer exists elsewhere but cannot be offered here.
        public static let unsupportedTokenizer = Code(kind: .unsupportedTokenizer)
        /// A signature does not follow the grammar `name|key:value|…|version:…`.
        public static let badSignature = Code(kind: .badSignature)
        /// Stored language-model data is truncated, inconsistent or of another version.
        public static let badLanguageModel = Code(kind: .badLanguageModel)
        /// Training text cannot give a language model.
        public static let badTraining = Code(kind: .badTraining)

        /// The code's name.
        public var description: String { kind.rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong and what to do.
    public let message: String
    /// The part of the input that is at fault, such as a tokenizer's name or a signature's key.
    public let key: String?

    /// An error with its kind, text and, where there is one, the offending key.
    public init(_ code: Code, _ message: String, key: String? = nil) {
        self.code = code
        self.message = message
        self.key = key
    }

    /// The text for the user: `key: message`, or the message alone.
    public var description: String { key.map { "\($0): \(message)" } ?? message }
}
