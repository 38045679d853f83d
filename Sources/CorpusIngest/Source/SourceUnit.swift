import BenchmarkStore

/// Files that are read together: most often one, several for line-aligned translations.
public struct SourceUnit: Hashable, Sendable {
    /// One of the files, and what it is among them.
    public struct Part: Hashable, Sendable {
        /// What the file is: a language code, or a name that the format gives; empty for a file alone.
        public let label: String
        /// The file.
        public let file: SourceFile

        /// A file with its label.
        public init(_ label: String, _ file: SourceFile) {
            self.label = label
            self.file = file
        }
    }

    /// The files, in the format's order.
    public let parts: [Part]
    /// The split that the source puts all of its records in; nil for none, or where records say it themselves.
    public let split: Split?

    /// A unit of one file.
    public init(_ file: SourceFile, split: Split? = nil) {
        parts = [Part("", file)]
        self.split = split
    }

    /// A unit of several files; at least one.
    public init(_ parts: [Part], split: Split? = nil) {
        precondition(!parts.isEmpty, "a unit has at least one file")
        self.parts = parts
        self.split = split
    }

    /// The first file, after which the unit is called.
    public var file: SourceFile { parts[0].file }

    /// The file of a label.
    public subscript(label: String) -> SourceFile? { parts.first { $0.label == label }?.file }
}
