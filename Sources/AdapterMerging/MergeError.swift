/// What went wrong with a merge, a method's parameters or an adapter folder, and what to do about it.
///
/// ```swift
/// do {
///     let method = try MethodRegister.make(name: "tie")
/// } catch {
///     print(error)  // "there is no method 'tie' (did you mean 'ties'?); the methods are zero-shot, …"
/// }
/// ```
public struct MergeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of a `MergeError`, for code that reacts to it.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String, CaseIterable {
            case noAdapters, adapterCount, weightCount, rankMismatch, shapeMismatch, notFinite, notConverged
            case unknownMethod, unknownParameter, badParameter
            case unreadableFile, unwritableFile, badFormat, missingKey, unsupportedOption, badAdapter, alreadyExists
            case missingHeads
        }

        private let kind: Kind

        private init(_ kind: Kind) { self.kind = kind }

        /// Every code, for the test of the table in docs/errors.md.
        package static let all = Kind.allCases.map { Code($0) }

        /// The list of adapters is empty, or an adapter changes no layer.
        public static let noAdapters = Code(.noAdapters)
        /// There are more adapters than the method can merge.
        public static let adapterCount = Code(.adapterCount)
        /// There is not one weight for each adapter.
        public static let weightCount = Code(.weightCount)
        /// The adapters' ranks differ where the method needs them equal.
        public static let rankMismatch = Code(.rankMismatch)
        /// The adapters' layers differ in length of input or output: they are not for the same model.
        public static let shapeMismatch = Code(.shapeMismatch)
        /// A number is NaN or infinite.
        public static let notFinite = Code(.notFinite)
        /// A decomposition did not converge.
        public static let notConverged = Code(.notConverged)
        /// No method of that name is registered.
        public static let unknownMethod = Code(.unknownMethod)
        /// The method has no parameter of that name.
        public static let unknownParameter = Code(.unknownParameter)
        /// A parameter has the wrong type or lies outside its range.
        public static let badParameter = Code(.badParameter)
        /// A file or folder is missing or may not be read.
        public static let unreadableFile = Code(.unreadableFile)
        /// A file or folder could not be written.
        public static let unwritableFile = Code(.unwritableFile)
        /// A file's bytes are not what its format prescribes.
        public static let badFormat = Code(.badFormat)
        /// A key that is needed is not there.
        public static let missingKey = Code(.missingKey)
        /// An adapter uses an option that would change the answer and is not supported.
        public static let unsupportedOption = Code(.unsupportedOption)
        /// An adapter's tensors do not fit its own configuration or one another.
        public static let badAdapter = Code(.badAdapter)
        /// The model's numbers of heads are needed to order the rows of a GGUF adapter, and are not known.
        public static let missingHeads = Code(.missingHeads)
        /// The destination exists and was not to be replaced.
        public static let alreadyExists = Code(.alreadyExists)

        /// The code's name, e.g. `rankMismatch`.
        public var description: String { kind.rawValue }
    }

    /// What kind of error it is.
    public var code: Code
    /// What is wrong and what to do; one or two sentences without the location.
    public var message: String
    /// Path of the file at fault.
    public var file: String?
    /// The configuration key, tensor or parameter at fault.
    public var key: String?

    /// An error with whatever of its location is known.
    public init(_ code: Code, _ message: String, file: String? = nil, key: String? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.key = key
    }

    /// The user's text: `path: 'key': message`, leaving out what is unknown.
    public var description: String {
        var text = ""
        if let file { text += "\(file): " }
        if let key { text += "'\(key)': " }
        return text + message
    }
}
