import BenchmarkStore
import Foundation

/// What an export wrote.
public struct ExportReport: Sendable {
    /// What is in the folder, with the hashes of all of it.
    public let manifest: BuildManifest
    /// How many files there are.
    public let files: Int
    /// Their size together.
    public let bytes: Int
    /// Whether the folder changed.
    public let folderChanged: Bool
    /// What whoever gets the files must know of restricting licences, one line a corpus.
    public let reminders: [String]
}

extension BenchmarkBuilder {
    /// Writes a stored build, or some of its settings, as a dataset: JSON Lines, comma-separated values and metadata.
    ///
    /// The build is made again from its corpora, and must come out with the content hash that the store has for it: so
    /// what is given away is what runs were evaluated on.
    ///
    /// - Parameters:
    ///   - name: the build's name.
    ///   - folder: a folder for it alone; whatever an earlier export left there is replaced.
    ///   - settings: settings or families of them, such as `reply` or `summarize+translate`; empty for all.
    ///   - publication: what the publisher says of the dataset.
    ///   - isAllowed: whether the user says that they may export text under a restricting licence.
    /// - Throws: as `plan(_:from:)`; `BuildError` of code `parameters`, `stale`, `licence`, `foreignFolder` or `io`.
    public static func export(
        _ name: String, from database: BenchmarkDatabase, to folder: URL, settings: [String] = [],
        publication: Publication = Publication(), isAllowed: Bool = false
    ) throws -> ExportReport {
        guard let build = try database.build(named: name) else {
            let known = try database.builds().map(\.name)
            throw BuildError(
                .parameters,
                "the database has no build \"\(name)\" (it has: "
                    + "\(known.isEmpty ? "none" : known.joined(separator: ", "))): run `braid build` first",
                key: name)
        }
        let plan = try plan(CanonicalJSON.value(BuildParameters.self, from: build.parameters), from: database)
        let whole = try DatasetExport(plan, from: database, publication: publication)
        guard whole.manifest.contentHash == build.contentHash else {
            throw BuildError(
                .stale,
                "the stored build \"\(name)\" (\(build.contentHash.prefix(12))…, by Braid \(build.braidVersion)) is not "
                    + "what this Braid makes of its corpora (\(whole.manifest.contentHash.prefix(12))…): build it anew, "
                    + "under another name where runs depend on it",
                key: name)
        }
        let export = try DatasetExport(
            plan, from: database, settings: settings, hasTables: true, publication: publication,
            partOf: settings.isEmpty ? nil : build.contentHash)
        let corpora = Set(export.manifest.corpora.map { "\($0.name)@\($0.version)" })
        let given = plan.corpora.filter { corpora.contains($0.reference) }
        try LicenceGate.check(given, isAllowed: isAllowed)
        return ExportReport(
            manifest: export.manifest, files: export.files.count, bytes: export.bytes,
            folderChanged: try ExportFolder(folder).write(export.files), reminders: LicenceGate.reminders(given))
    }
}
