import BenchmarkStore
import Foundation

/// Reads a source and stores it in one piece, or not at all.
///
/// ```swift
/// let source = try CorpusSource(["Corpora/everyday"])
/// let report = try CorpusIngester.ingest(source, into: database)
/// print(report.documents)
/// ```
///
/// Records are stored as they are read, in one transaction: memory does not grow with the corpus, and a fault undoes all.
public enum CorpusIngester {
    /// How to deal with faults and with what is stored already.
    public struct Options: Hashable, Sendable {
        /// Whether a corpus with bad records is stored without them, each with its reason in `rejects`.
        public var skipsBad: Bool
        /// Whether other content under the same name and version may be replaced, unless a build was made of it.
        public var replaces: Bool

        /// By default one bad record keeps the whole corpus out, and nothing is replaced.
        public init(skipsBad: Bool = false, replaces: Bool = false) {
            self.skipsBad = skipsBad
            self.replaces = replaces
        }
    }

    /// Reads, normalises and stores a corpus.
    ///
    /// The same content again changes nothing and is no error. Warnings keep nothing out; they are in the report.
    ///
    /// - Throws: `CorpusError` of code `refused` with the problems of the corpus, `alreadyIngested` where other content
    ///   has its name and version, `unreadable` for a damaged file; `StoreError` for faults of the database. Nothing is
    ///   stored then.
    public static func ingest(
        _ source: CorpusSource, into database: BenchmarkDatabase, options: Options = Options()
    ) throws -> IngestReport {
        guard source.problems.allSatisfy({ $0.severity == .warning }) else {
            throw CorpusError(refusing: source.origin, for: source.problems)
        }
        let facts = try FileFacts.of(source.units)
        let contentHash = source.contentHash(facts)
        let manifest = source.manifest
        let stored = try database.corpus(named: manifest.name, version: manifest.version)
        if let stored, stored.contentHash != contentHash, !options.replaces {
            throw CorpusError(
                .alreadyIngested,
                "\(stored.name) version \(stored.version) is stored with other content: raise the version, or replace "
                    + "the stored one with --replace",
                file: source.origin)
        }
        let record = CorpusRecord(
            name: manifest.name, version: manifest.version, title: manifest.title, description: manifest.description,
            licence: manifest.licence, citation: manifest.citation, language: manifest.language,
            origin: manifest.origin, manifest: try CanonicalJSON.text(manifest), contentHash: contentHash)
        var tally = IngestTally(source, isLenient: options.skipsBad)
        let bytes = Set(facts.keys.map(\.url)).reduce(0) { sum, url in
            sum + (facts.first { $0.key.url == url }?.value.bytes ?? 0)
        }
        let outcome = try database.insertCorpus(record, replacing: options.replaces) { writer in
            if bytes >= largeCorpus { try writer.expectManyDocuments() }
            for unit in source.units {
                tally.begin(unit, facts)
                try writer.beginFile(
                    path: unit.file.path, kind: source.format.about.name, sha256: facts[unit.file]?.sha256 ?? "",
                    bytes: facts[unit.file]?.bytes ?? 0)
                try SourceReading.read(unit, of: source, isForStoring: true) { batch in
                    var batch = batch
                    if !tally.isRefused, let prepared = batch.prepared {
                        let refused = try writer.add(prepared.rows)
                        batch.prepared?.refused = refused
                        for document in refused.map({ prepared.places[$0] }) {
                            let place = try writer.place(ofKey: document.key)
                            batch.refuse(
                                document, in: unit.file.path,
                                firstAt: place.map { "\($0.file): record \($0.record ?? 0)" } ?? "another record")
                        }
                    }
                    tally.add(batch)
                    guard options.skipsBad else { return }
                    for reject in batch.rejects {
                        try writer.add(RejectRecord(line: reject.line, record: reject.record, reason: reject.reason))
                    }
                }
                for part in unit.parts.dropFirst() {
                    try writer.endFile(records: tally.file.records)
                    try writer.beginFile(
                        path: part.file.path, kind: source.format.about.name, sha256: facts[part.file]?.sha256 ?? "",
                        bytes: facts[part.file]?.bytes ?? 0)
                }
                try writer.endFile(records: tally.file.records)
                tally.end()
            }
            if tally.isRefused { throw CorpusError(refusing: source.origin, for: tally.problems, errors: tally.errors) }
            guard tally.documents > 0 else {
                throw CorpusError(
                    .refused, "the corpus holds no record that can be stored; --dry-run shows why", file: source.origin)
            }
        }
        return IngestReport(source, outcome: outcome, contentHash: contentHash, tally: tally)
    }

    /// Reads and stores the corpus in a folder or file, in whichever format it is.
    ///
    /// - Throws: as `CorpusSource.init` and `ingest(_:into:options:)`.
    public static func ingest(
        folder: URL, into database: BenchmarkDatabase, options: Options = Options()
    ) throws -> IngestReport {
        try ingest(try CorpusSource([folder.path(percentEncoded: false)]), into: database, options: options)
    }

    /// From this size on, in bytes, an index is made once at the end rather than kept up to date.
    private static let largeCorpus = 4 << 20
}

/// What was read so far, by file, for the report.
struct IngestTally {
    /// How many problems are kept in memory with their words; further ones are counted.
    static let mostProblems = 10_000

    private let formatName: String
    private let isLenient: Bool
    private(set) var files: [CorpusFile] = []
    private(set) var problems: [CorpusProblem]
    private(set) var errors = 0
    private(set) var documents = 0
    private(set) var texts = 0
    private(set) var kinds: [DocumentKind: Int] = [:]
    private var current: FileTally?

    init(_ source: CorpusSource, isLenient: Bool) {
        formatName = source.format.about.name
        self.isLenient = isLenient
        problems = source.problems
    }

    /// Whether an error keeps the corpus out; the rest is read for its problems only.
    var isRefused: Bool { errors > 0 && !isLenient }
    /// The file that is read.
    var file: CorpusFile { current?.file ?? CorpusFile(path: "", format: formatName, sha256: "", bytes: 0, split: nil) }

    mutating func begin(_ unit: SourceUnit, _ facts: [SourceFile: FileFacts]) {
        current = FileTally(unit, format: formatName, facts: facts)
    }

    mutating func add(_ batch: RecordBatch) {
        current?.add(batch)
        errors += batch.problems.count { $0.severity == .error }
        problems += batch.problems.prefix(max(0, Self.mostProblems - problems.count))
        documents += batch.documentCount
        if let prepared = batch.prepared {
            for (index, place) in prepared.places.enumerated() where !prepared.refused.contains(index) {
                texts += place.texts
                kinds[place.kind, default: 0] += 1
            }
        }
        for document in batch.documents {
            texts += document.versions.count
            kinds[document.kind, default: 0] += 1
        }
    }

    mutating func end() {
        if let current { files.append(current.file) }
        current = nil
    }
}

extension CorpusDocument {
    /// The document as rows of the store; several texts of one variant are numbered.
    func contents(origin: String) -> DocumentContents {
        var texts: [DocumentTextRecord] = []
        texts.reserveCapacity(versions.count)
        for (index, version) in versions.enumerated() {
            let position = versions[..<index].count {
                $0.role == version.role && $0.variantKind == version.variantKind && $0.variant == version.variant
            }
            texts.append(
                DocumentTextRecord(
                    role: version.role, variantKind: version.variantKind, variant: version.variant,
                    position: position, text: version.text, origin: version.origin ?? origin))
        }
        return DocumentContents(
            document: DocumentRecord(
                key: key, kind: kind, topic: topic, turns: turns.isEmpty ? nil : turns, text: text, speaker: speaker,
                textHash: textHash, split: split, file: file, record: number),
            texts: texts)
    }
}
