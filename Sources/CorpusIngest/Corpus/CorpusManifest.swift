import BenchmarkStore

/// What `corpus.json` says about a corpus.
public struct CorpusManifest: Codable, Hashable, Sendable {
    /// A language that every record is translated into.
    public struct Language: Codable, Hashable, Sendable {
        /// BCP 47 code, such as `es`.
        public let code: String
        /// The English name that prompts use, such as `Spanish`.
        public let name: String

        /// A language; an empty name is filled in from ICU.
        public init(code: String, name: String = "") {
            self.code = code
            self.name = name
        }
    }

    /// A tone that every record is rewritten in.
    public struct Tone: Codable, Hashable, Sendable {
        /// Name, such as `witty`.
        public let name: String
        /// The words for prompts, such as `in a witty tone`.
        public let instruction: String

        /// A tone.
        public init(name: String, instruction: String) {
            self.name = name
            self.instruction = instruction
        }
    }

    /// A file of records.
    public struct File: Codable, Hashable, Sendable {
        /// The path, relative to the corpus's folder.
        public let path: String
        /// The kind of all its records.
        public let kind: DocumentKind
    }

    /// The corpus's name; unique together with the version.
    public let name: String
    /// The corpus's version.
    public let version: String
    /// A title of one line.
    public let title: String
    /// One sentence on what it holds.
    public let description: String
    /// SPDX identifier of the licence.
    public let licence: String
    /// How to cite it.
    public let citation: String
    /// BCP 47 code of the source text.
    public let language: String
    /// The translations that every record must have.
    public let languages: [Language]
    /// The tones that every record must have.
    public let tones: [Tone]
    /// Who wrote the references: `project`, `person` or `model:<name>`.
    public let origin: String
    /// The files of records, in order.
    public let files: [File]
}
