import BenchmarkStore
import Foundation

/// A look at a source without storing anything: counts, the first records, and every irregularity by record.
public struct SourcePreview: Sendable {
    /// How many records are shown.
    public static let shownRecords = 3
    /// How many characters of a text are shown.
    static let shownCharacters = 300

    /// The source.
    public let source: CorpusSource
    /// The files with their counts, rejects and irregularities.
    public let files: [CorpusFile]
    /// The first documents.
    public let examples: [CorpusDocument]
    /// How many documents there are of each kind.
    public let kinds: [DocumentKind: Int]
    /// How many texts there are of each variant, such as `summary in fr`, by who wrote them.
    public let texts: [String: Int]
    /// Faults and warnings, at most 10,000.
    public let problems: [CorpusProblem]

    /// Reads a source to its end.
    ///
    /// - Throws: `CorpusError.unreadable` for a damaged file.
    public init(of source: CorpusSource) throws {
        self.source = source
        let facts = try FileFacts.of(source.units)
        var tally = IngestTally(source, isLenient: true)
        var examples: [CorpusDocument] = []
        var texts: [String: Int] = [:]
        var taken = TakenKeys()
        for unit in source.units {
            tally.begin(unit, facts)
            try SourceReading.read(unit, of: source) { batch in
                var batch = batch
                taken.refuseRepeats(in: &batch)
                tally.add(batch)
                examples += batch.documents.prefix(Self.shownRecords - examples.count)
                for document in batch.documents {
                    for version in document.versions {
                        let variant = version.variant.isEmpty ? "" : " \(version.variant)"
                        texts[
                            "\(version.role.rawValue)\(variant) by \(version.origin ?? source.manifest.origin)",
                            default: 0] += 1
                    }
                }
            }
            tally.end()
        }
        files = tally.files
        self.examples = examples
        kinds = tally.kinds
        self.texts = texts
        problems = tally.problems
    }

    /// Everything for a terminal; control characters of the source are shown as signs.
    public var text: String {
        let manifest = source.manifest
        var lines = [
            "\(manifest.name) \(manifest.version)\(manifest.description.isEmpty ? "" : ": ")\(manifest.description)",
            "format   \(source.format.about.name)\(source.wasRecognised ? " (found by looking)" : "")",
            "licence  \(LicenceTerms.described(manifest.licence))",
            "cite     \(manifest.citation)", "",
        ]
        for file in files {
            let split = file.split.map { ", \($0.rawValue)" } ?? ""
            lines.append(
                "\(file.path): \(file.seen) records, \(file.documents) documents, \(file.seen - file.records) bad\(split)"
            )
        }
        if !source.passedOver.isEmpty {
            lines.append("not read: \(source.passedOver.map(\.path).joined(separator: ", "))")
        }
        lines.append("")
        for (kind, count) in kinds.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            lines.append("\(count) \(kind.rawValue)s")
        }
        for (variant, count) in texts.sorted(by: { $0.key < $1.key }) { lines.append("  \(count) \(variant)") }
        for example in examples { lines += ["", Self.shown(example)] }
        let notes = Self.irregularities(files)
        if !notes.isEmpty { lines += [""] + notes }
        if !problems.isEmpty { lines += [""] + problems.map(\.description) }
        return VisibleText.block(lines.joined(separator: "\n")) + "\n"
    }

    private static func shown(_ document: CorpusDocument) -> String {
        func cut(_ text: String) -> String {
            text.count > shownCharacters ? text.prefix(shownCharacters) + "…" : text
        }
        let versions = document.versions.map { "  \($0.keyPath): \(cut($0.text))" }
        return (["[\(document.kind.rawValue) \(document.key)]", cut(document.text)] + versions).joined(separator: "\n")
    }

    /// One line an irregularity and file, with the numbers of all its records.
    static func irregularities(_ files: [CorpusFile], atMost limit: Int = .max) -> [String] {
        files.flatMap { file in
            file.irregularities.kinds.map { kind in
                let records = file.irregularities.records[kind] ?? []
                let shown = records.prefix(limit).map(String.init).joined(separator: ", ")
                let more = records.count > limit ? ", …" : ""
                let place = files.count > 1 ? "\(file.path): " : ""
                return "\(place)\(kind.name): \(kind.explanation): \(records.count) records (\(shown)\(more))"
            }
        }
    }
}

extension IngestReport {
    /// One line for each irregularity and file, with its first records.
    public var irregularities: [String] { SourcePreview.irregularities(files, atMost: 5) }
}
