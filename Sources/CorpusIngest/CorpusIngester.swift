import BenchmarkStore
import Foundation

/// Reads a corpus folder and stores it in one piece, or not at all.
///
/// ```swift
/// let report = try CorpusIngester.ingest(folder: URL(filePath: "Corpora/everyday"), into: database)
/// print(report.documents)
/// ```
public enum CorpusIngester {
    /// How to deal with faults and with what is stored already.
    public struct Options: Hashable, Sendable {
        /// Whether a corpus with faulty records is stored without them, each with its reason in `rejects`.
        public var leavesOutFaulty: Bool
        /// Whether other content under the same name and version may be replaced, unless a build was made of it.
        public var replaces: Bool

        /// By default one fault keeps the whole corpus out, and nothing is replaced.
        public init(leavesOutFaulty: Bool = false, replaces: Bool = false) {
            self.leavesOutFaulty = leavesOutFaulty
            self.replaces = replaces
        }
    }

    /// Reads, normalises and stores a corpus in Braid's own format.
    ///
    /// The same content again changes nothing and is no error. Warnings keep nothing out; they are in the report.
    ///
    /// - Throws: `CorpusError` with all problems of the corpus, or with code `alreadyIngested` where other content has
    ///   its name and version; `StoreError` for faults of the database. Nothing is stored then.
    public static func ingest(
        folder: URL, into database: BenchmarkDatabase, options: Options = Options()
    ) throws -> IngestReport {
        try store(try NativeCorpusReader(folder: folder).read(), into: database, options: options)
    }

    /// Stores a corpus that was read, from whichever format.
    ///
    /// - Throws: as `ingest(folder:into:options:)`.
    public static func store(
        _ corpus: Corpus, into database: BenchmarkDatabase, options: Options = Options()
    ) throws -> IngestReport {
        let fileProblems = corpus.errors.filter { $0.line == nil }
        guard fileProblems.isEmpty, corpus.errors.isEmpty || options.leavesOutFaulty else {
            throw CorpusError(refusing: corpus.folder, for: corpus.problems)
        }
        guard !corpus.documents.isEmpty else {
            throw CorpusError(.refused, "the corpus holds no record that can be stored", file: corpus.folder)
        }
        let stored = try database.corpus(named: corpus.manifest.name, version: corpus.manifest.version)
        if let stored, stored.contentHash != corpus.contentHash, !options.replaces {
            throw CorpusError(
                .alreadyIngested,
                "\(stored.name) version \(stored.version) is stored with other content: raise the version in "
                    + "\(ManifestReader.fileName), or replace the stored one",
                file: corpus.folder)
        }
        let others = try database.corpora().filter { $0.id != stored?.id }
        let neighbours = try database.documents(ofCorpora: others.map(\.id))
        let clusters = DocumentClusters(neighbours.map(\.clusterEntry) + corpus.documents.map(\.clusterEntry))
        let names = Array(clusters.names.dropFirst(neighbours.count))
        let outcome = try database.insertCorpus(
            contents(of: corpus, clusters: names), replacing: options.replaces)
        return IngestReport(
            corpus: corpus, outcome: outcome, clusters: names,
            storedClusters: Set(neighbours.map(\.document.cluster)))
    }

    private static func contents(of corpus: Corpus, clusters: [String]) throws -> CorpusContents {
        let manifest = corpus.manifest
        let record = CorpusRecord(
            name: manifest.name, version: manifest.version, title: manifest.title, description: manifest.description,
            licence: manifest.licence, citation: manifest.citation, language: manifest.language,
            origin: manifest.origin, manifest: try CanonicalJSON.text(manifest), contentHash: corpus.contentHash)
        let files = corpus.files.map { file in
            CorpusFileContents(
                file: CorpusFileRecord(
                    path: file.path, kind: file.kind.rawValue, sha256: file.sha256, bytes: file.bytes,
                    records: file.records, rejected: file.rejects.count),
                rejects: file.rejects.map { RejectRecord(line: $0.line, record: $0.record, reason: $0.reason) })
        }
        let documents = zip(corpus.documents, clusters).map { document, cluster in
            DocumentContents(
                document: DocumentRecord(
                    key: document.key, kind: document.kind, topic: document.topic,
                    turns: document.turns.isEmpty ? nil : document.turns, text: document.text,
                    speaker: document.speaker, textHash: document.textHash, cluster: cluster),
                texts: document.versions.map { version in
                    DocumentTextRecord(
                        role: version.role, variantKind: version.variantKind, variant: version.variant,
                        text: version.text, origin: manifest.origin)
                })
        }
        return CorpusContents(corpus: record, files: files, documents: documents)
    }
}

extension DocumentContents {
    /// A stored document as the search for duplicates sees it.
    var clusterEntry: DocumentClusters.Entry {
        DocumentClusters.Entry(
            textHash: document.textHash,
            spokenText: document.turns.map { $0.map(\.text).joined(separator: "\n") } ?? document.text,
            sourceText: texts.first { $0.variantKind == .source }?.text, storedCluster: document.cluster)
    }
}
