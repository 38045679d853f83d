/// A failure of a command itself, in words for the user.
struct CommandError: Error, CustomStringConvertible {
    /// What kind of fault it is.
    enum Code: String, CaseIterable, CustomStringConvertible {
        /// The default model has not been fetched.
        case missingModel
        /// Nothing in the database has the name, or several things have it.
        case unknownName
        /// An argument fits its option, but not the others or what is there.
        case badArgument
        /// Another program that was needed could not be run, or failed.
        case toolFailed
        /// Something that no part of Braid foresaw.
        case unexpected

        var description: String { rawValue }
    }

    let code: Code
    let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
