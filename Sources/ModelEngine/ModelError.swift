/// What went wrong with a model, tokenizer or adapter, and what to do about it.
///
/// ```swift
/// do {
///     let file = try GGUFFile(contentsOf: url)
/// } catch {
///     print(error)  // "model.gguf: tensor 'blk.0.ffn_up.weight': …"
/// }
/// ```
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of a `ModelError`, for code that reacts to it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String, CaseIterable {
            case unreadableFile, unwritableFile, truncatedFile, badFormat, unsupportedVersion
            case missingKey, badValue, missingTensor, badShape
            case unsupportedArchitecture, unsupportedType, unsupportedTokenizer, unsupportedTemplate, badAdapter
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Kind.allCases.map { Code($0) }

        /// The file is missing, is a folder, or may not be read.
        public static let unreadableFile = Code(.unreadableFile)
        /// The file could not be written.
        public static let unwritableFile = Code(.unwritableFile)
        /// The file ends before what it announces.
        public static let truncatedFile = Code(.truncatedFile)
        /// The bytes are not what the format prescribes.
        public static let badFormat = Code(.badFormat)
        /// The file is of a version of its format that is not read.
        public static let unsupportedVersion = Code(.unsupportedVersion)
        /// A metadata key that is needed is not there.
        public static let missingKey = Code(.missingKey)
        /// A metadata value has the wrong type or lies outside its range.
        public static let badValue = Code(.badValue)
        /// A tensor that is needed is not there.
        public static let missingTensor = Code(.missingTensor)
        /// A tensor's shape does not fit the model or its own bytes.
        public static let badShape = Code(.badShape)
        /// The model's architecture is not one of those implemented.
        public static let unsupportedArchitecture = Code(.unsupportedArchitecture)
        /// The tensor's storage type is not one of those read.
        public static let unsupportedType = Code(.unsupportedType)
        /// The vocabulary's kind or pre-tokenizer is not one of those implemented.
        public static let unsupportedTokenizer = Code(.unsupportedTokenizer)
        /// The chat template is not of a known family.
        public static let unsupportedTemplate = Code(.unsupportedTemplate)
        /// An adapter does not fit its own description or the model.
        public static let badAdapter = Code(.badAdapter)

        /// The code's name, such as `truncatedFile`.
        public var description: String { kind.rawValue }
    }

    /// What kind of error it is.
    public var code: Code
    /// What is wrong and what to do; one or two sentences without the location.
    public var message: String
    /// Path of the file at fault.
    public var file: String?
    /// The metadata key at fault, such as `general.architecture`.
    public var key: String?
    /// The tensor at fault.
    public var tensor: String?
    /// Where in the file, in bytes from its start.
    public var offset: Int?

    /// An error with whatever of its location is known.
    public init(
        _ code: Code, _ message: String, file: String? = nil, key: String? = nil, tensor: String? = nil,
        offset: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.key = key
        self.tensor = tensor
        self.offset = offset
    }

    /// A fault of a file that another copy of it may mend; the message says so after `what`.
    static func damaged(
        _ code: Code, _ what: String, file: String?, key: String? = nil, tensor: String? = nil, offset: Int? = nil
    ) -> ModelError {
        ModelError(
            code, "\(what); the file is damaged or badly converted, get it again", file: file, key: key, tensor: tensor,
            offset: offset)
    }

    /// The user's text: `path: key 'k': message (at byte 12)`, leaving out what is unknown.
    public var description: String {
        var text = ""
        if let file { text += "\(file): " }
        if let key { text += "key '\(key)': " }
        if let tensor { text += "tensor '\(tensor)': " }
        text += message
        if let offset { text += " (at byte \(offset))" }
        return text
    }
}
