import BenchmarkStore
import Foundation

/// What `build.json` says about an exported build: how it was made, and a hash of everything in it.
public struct BuildManifest: Codable, Hashable, Sendable {
    /// Always `braid-build`.
    public let format: String
    /// Version of this layout.
    public let formatVersion: Int
    /// What the build was asked for.
    public let parameters: BuildParameters
    /// What it was made of.
    public let corpora: [Corpus]
    /// What it asks for, in the order of tables.
    public let settings: [Setting]
    /// The files of examples, by path.
    public let files: [File]
    /// SHA-256 over all the rest of this manifest as canonical JSON, findings apart; the build's content hash.
    public let contentHash: String
    /// What follows from the rest; nil in builds of earlier versions.
    public let findings: Findings?

    /// What was found out about a build's texts.
    public struct Findings: Codable, Hashable, Sendable {
        /// How many references are by whom: `person`, `post-edited`, `project` or `model:<name>`.
        public let references: [String: Int]
        /// What the documents have in common, and that nothing of it leaks.
        public let leaks: LeakReport
    }

    /// A corpus of the build.
    public struct Corpus: Codable, Hashable, Sendable {
        /// The corpus's name.
        public let name: String
        /// Its version.
        public let version: String
        /// SPDX identifier of its licence.
        public let licence: String
        /// SHA-256 over its files.
        public let contentHash: String
        /// How many documents of each kind it has.
        public let documents: [String: Int]
    }

    /// A task or composition of the build.
    public struct Setting: Codable, Hashable, Sendable {
        /// The name, such as `summarize+translate/es`.
        public let name: String
        /// `task` or `composition`.
        public let kind: String
        /// The words that follow the input in the prompt.
        public let instruction: String
        /// How many examples each split has.
        public let examples: [String: Int]
    }

    /// A file of examples.
    public struct File: Codable, Hashable, Sendable {
        /// The path in the build's folder.
        public let path: String
        /// SHA-256 of its bytes.
        public let sha256: String
        /// Its size.
        public let bytes: Int
        /// How many examples it holds, one a line.
        public let examples: Int
    }

    /// The manifest's name in every exported folder.
    static let fileName = "build.json"
    /// What `format` must say.
    static let formatName = "braid-build"

    /// The manifest of a plan and the files made of it.
    init(_ plan: BenchmarkPlan, files: [File]) throws {
        let corpora = plan.corpora.map { corpus in
            let documents = plan.documents[corpus.reference] ?? [:]
            return Corpus(
                name: corpus.name, version: corpus.version, licence: corpus.licence, contentHash: corpus.contentHash,
                documents: Dictionary(uniqueKeysWithValues: documents.map { ($0.key.rawValue, $0.value) }))
        }
        let settings = plan.settings.map { setting in
            Setting(
                name: setting.record.name, kind: setting.record.kind.rawValue, instruction: setting.record.instruction,
                examples: Dictionary(
                    uniqueKeysWithValues: Split.allCases.map { ($0.rawValue, setting.examples(of: $0).count) }))
        }
        let unsigned = BuildManifest(
            parameters: plan.parameters, corpora: corpora, settings: settings, files: files, contentHash: "",
            findings: nil)
        self.init(
            parameters: plan.parameters, corpora: corpora, settings: settings, files: files,
            contentHash: ContentHash(of: try CanonicalJSON.text(unsigned)).hex,
            findings: Findings(references: plan.referenceOrigins, leaks: plan.leaks))
    }

    private init(
        parameters: BuildParameters, corpora: [Corpus], settings: [Setting], files: [File], contentHash: String,
        findings: Findings?
    ) {
        format = Self.formatName
        formatVersion = 1
        self.parameters = parameters
        self.corpora = corpora
        self.settings = settings
        self.files = files
        self.contentHash = contentHash
        self.findings = findings
    }

    /// The text of `build.json`: sorted keys, indented, one line end at the end.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [0x0A]
    }
}
