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
    /// The files of examples, JSON Lines, by path.
    public let files: [File]
    /// The same examples as comma-separated values, by path; nil without.
    public let tables: [File]?
    /// SHA-256 over all the rest of this manifest, tables and findings apart, as canonical JSON.
    public let contentHash: String
    /// The content hash of the whole build where only some of its settings are here.
    public let partOf: String?
    /// What follows from the rest; nil in builds of earlier versions.
    public let findings: Findings?

    /// What was found out about a build's texts.
    public struct Findings: Codable, Hashable, Sendable {
        /// How many references of these settings are by whom: `person`, `post-edited`, `project` or `model:<name>`.
        public let references: [String: Int]
        /// What the documents of the whole build have in common, and that nothing of it leaks.
        public let leaks: LeakReport
    }

    /// A corpus of the build.
    public struct Corpus: Codable, Hashable, Sendable {
        /// The corpus's name.
        public let name: String
        /// Its version.
        public let version: String
        /// A title of one line.
        public let title: String
        /// SPDX identifier of its licence.
        public let licence: String
        /// What the licence demands or forbids, in words; nil where that is nothing to speak of.
        public let licenceTerms: String?
        /// How to cite it.
        public let citation: String
        /// BCP 47 code of the source text.
        public let language: String
        /// Who wrote its references, where a reference does not say otherwise.
        public let origin: String
        /// SHA-256 over its files.
        public let contentHash: String
        /// How many documents of each kind it has.
        public let documents: [String: Int]
        /// The files that it was read from, in order; nil where the store knows none.
        public let sources: [Source]?
    }

    /// A file that a corpus was read from.
    public struct Source: Codable, Hashable, Sendable {
        /// The path in the corpus.
        public let path: String
        /// SHA-256 of its bytes.
        public let sha256: String
        /// Its size.
        public let bytes: Int
        /// Records that became documents.
        public let records: Int
        /// Records that were refused.
        public let rejected: Int
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

    /// The manifest of an export's contents and the files made of it.
    init(_ contents: ExportContents, files: [File], tables: [File], partOf whole: String?) throws {
        let plan = contents.plan
        let corpora = contents.corpora.map { corpus in
            Corpus(
                corpus, documents: plan.documents[corpus.reference] ?? [:], files: contents.sources[corpus.id] ?? [])
        }
        let settings = contents.settings.map { setting in
            Setting(
                name: setting.record.name, kind: setting.record.kind.rawValue, instruction: setting.record.instruction,
                examples: Dictionary(
                    uniqueKeysWithValues: Split.allCases.map { ($0.rawValue, setting.examples(of: $0).count) }))
        }
        func manifest(tables: [File]?, contentHash: String, findings: Findings?) -> BuildManifest {
            BuildManifest(
                parameters: plan.parameters, corpora: corpora, settings: settings, files: files, tables: tables,
                contentHash: contentHash, partOf: whole, findings: findings)
        }
        let unsigned = try CanonicalJSON.text(manifest(tables: nil, contentHash: "", findings: nil))
        self = manifest(
            tables: tables.isEmpty ? nil : tables, contentHash: ContentHash(of: unsigned).hex,
            findings: Findings(
                references: Dictionary(
                    uniqueKeysWithValues: contents.references.map { ($0.origin, $0.first + $0.further) }),
                leaks: plan.leaks))
    }

    private init(
        parameters: BuildParameters, corpora: [Corpus], settings: [Setting], files: [File], tables: [File]?,
        contentHash: String, partOf: String?, findings: Findings?
    ) {
        format = Self.formatName
        formatVersion = 2
        self.parameters = parameters
        self.corpora = corpora
        self.settings = settings
        self.files = files
        self.tables = tables
        self.contentHash = contentHash
        self.partOf = partOf
        self.findings = findings
    }

    /// The text of `build.json`: sorted keys, indented, one line end at the end.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [0x0A]
    }
}

extension BuildManifest.Corpus {
    /// A corpus with the files that it was read from.
    init(_ corpus: CorpusRecord, documents: [DocumentKind: Int], files: [CorpusFileRecord]) {
        name = corpus.name
        version = corpus.version
        title = corpus.title
        licence = corpus.licence
        let words = LicenceTerms(corpus.licence).words
        licenceTerms = words.isEmpty ? nil : words
        citation = corpus.citation
        language = corpus.language
        origin = corpus.origin
        contentHash = corpus.contentHash
        self.documents = Dictionary(uniqueKeysWithValues: documents.map { ($0.key.rawValue, $0.value) })
        let sources = files.map {
            BuildManifest.Source(
                path: $0.path, sha256: $0.sha256, bytes: $0.bytes, records: $0.records, rejected: $0.rejected)
        }
        self.sources = sources.isEmpty ? nil : sources
    }
}
