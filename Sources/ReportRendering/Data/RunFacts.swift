/// Everything that says where a run's numbers come from.
public struct RunFacts: Hashable, Sendable, Codable {
    /// The model that answered.
    public struct Model: Hashable, Sendable, Codable {
        /// The model's name and its file's name.
        public var name, fileName: String
        /// GGUF's name of the architecture, and the file's main quantisation.
        public var architecture, fileType: String
        /// SHA-256 of the file.
        public var sha256: String
        /// Size of the file, and number of weights.
        public var bytes, parameters: Int

        package init(
            name: String, fileName: String, architecture: String, fileType: String, sha256: String, bytes: Int,
            parameters: Int
        ) {
            self.name = name
            self.fileName = fileName
            self.architecture = architecture
            self.fileType = fileType
            self.sha256 = sha256
            self.bytes = bytes
            self.parameters = parameters
        }
    }

    /// The build that gave the questions.
    public struct Build: Hashable, Sendable, Codable {
        /// The build's name.
        public var name: String
        /// SHA-256 over settings, splits and examples.
        public var contentHash: String
        /// What the splits were drawn from.
        public var seed: Int64
        /// Canonical JSON.
        public var parameters: String

        package init(name: String, contentHash: String, seed: Int64, parameters: String) {
            self.name = name
            self.contentHash = contentHash
            self.seed = seed
            self.parameters = parameters
        }
    }

    /// A corpus of the build.
    public struct Corpus: Hashable, Sendable, Codable {
        /// Short name, version and title.
        public var name, version, title: String
        /// SPDX identifier, and how to cite it.
        public var licence, citation: String
        /// BCP 47 code of the language that its documents are in.
        public var language: String
        /// Who wrote the references.
        public var origin: String
        /// SHA-256 over all that was ingested.
        public var contentHash: String

        package init(
            name: String, version: String, title: String, licence: String, citation: String, language: String,
            origin: String, contentHash: String
        ) {
            self.name = name
            self.version = version
            self.title = title
            self.licence = licence
            self.citation = citation
            self.language = language
            self.origin = origin
            self.contentHash = contentHash
        }
    }

    /// Names the run by all that decides its results.
    public var key: String
    /// The profile: its name, the SHA-256 of its text, and the text.
    public var profileName, profileHash, profileText: String
    /// The model.
    public var model: Model
    /// The build.
    public var build: Build
    /// The build's corpora.
    public var corpora: [Corpus]
    /// The run's seed, and the different seeds of the adapters that its cells learned.
    public var seed: Int64
    /// See `seed`.
    public var trainingSeeds: [Int64]
    /// Braid's version.
    public var version: String
    /// `f32` or `int8`.
    public var precision: String
    /// Decoding parameters as canonical JSON.
    public var decoding: String

    package init(
        key: String, profileName: String, profileHash: String, profileText: String, model: Model, build: Build,
        corpora: [Corpus], seed: Int64, trainingSeeds: [Int64] = [], version: String, precision: String,
        decoding: String
    ) {
        self.key = key
        self.profileName = profileName
        self.profileHash = profileHash
        self.profileText = profileText
        self.model = model
        self.build = build
        self.corpora = corpora
        self.seed = seed
        self.trainingSeeds = trainingSeeds
        self.version = version
        self.precision = precision
        self.decoding = decoding
    }
}
