import BenchmarkStore
import Foundation

/// Builds the benchmark: from stored corpora to tasks, compositions, splits and examples, in the store and as files.
///
/// ```swift
/// let parameters = BuildParameters(name: "everyday", seed: 1, corpora: ["everyday"])
/// let report = try BenchmarkBuilder.build(
///     parameters, in: database, exportingTo: URL(filePath: "Benchmark/everyday"))
/// ```
///
/// The same corpora, parameters and version of Braid give the same bytes, whatever the machine, the order in which the
/// corpora were ingested or the rows of the store.
public enum BenchmarkBuilder {
    /// Makes a build in memory.
    ///
    /// - Throws: `BuildError` of code `parameters`, `corpus`, `disagreement` or `leak`; `StoreError` for faults of the
    ///   database.
    public static func plan(_ parameters: BuildParameters, from database: BenchmarkDatabase) throws -> BenchmarkPlan {
        try parameters.validate()
        let corpora = try resolve(parameters.corpora, among: try database.corpora())
        return try BenchmarkPlan(
            parameters: parameters, corpora: corpora, documents: try database.documents(ofCorpora: corpora.map(\.id)))
    }

    /// Makes a build, stores it and, where a folder is named, exports it.
    ///
    /// A build that is stored already with the same content changes nothing.
    ///
    /// - Parameters:
    ///   - parameters: what to build.
    ///   - database: where the corpora are and the build goes.
    ///   - folder: the build's own folder, such as `Benchmark/everyday`; whatever an earlier build left there is
    ///     replaced.
    ///   - isAllowed: whether the user says that they may export text under a restricting licence.
    /// - Throws: as `plan(_:from:)`; `StoreError` of code `conflict` where runs or adapters depend on other content of
    ///   that name; `BuildError` of code `licence`, `foreignFolder` or `io`. Where the store refuses, nothing is
    ///   exported; where the licences do, nothing is stored either.
    public static func build(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, exportingTo folder: URL? = nil,
        isAllowed: Bool = false
    ) throws -> BuildReport {
        let plan = try plan(parameters, from: database)
        if folder != nil { try LicenceGate.check(plan.corpora, isAllowed: isAllowed) }
        let export = try DatasetExport(plan, from: database)
        let target = folder.map { ExportFolder($0) }
        try target?.checkReplaceable()
        let outcome = try database.insertBuild(try contents(of: plan, contentHash: export.manifest.contentHash))
        let wasWritten = try target?.write(export.files)
        return BuildReport(plan: plan, export: export, outcome: outcome, folderChanged: wasWritten)
    }

    /// Looks for leaks, and compares an exported folder with what the stored corpora give; nothing is stored or written.
    ///
    /// - Throws: as `plan(_:from:)`; `BuildError` of code `io` where the folder cannot be read.
    public static func check(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, against folder: URL
    ) throws -> BuildCheck {
        let plan = try plan(parameters, from: database)
        let export = try DatasetExport(plan, from: database)
        let differences =
            FileManager.default.fileExists(atPath: folder.path(percentEncoded: false))
            ? try ExportFolder(folder).differences(from: export.files) : nil
        return BuildCheck(plan: plan, differences: differences)
    }

    /// The stored corpora that parameters name, each once.
    private static func resolve(_ names: [String], among stored: [CorpusRecord]) throws(BuildError) -> [CorpusRecord] {
        var corpora: [CorpusRecord] = []
        for name in names {
            let found = stored.filter { $0.reference == name || $0.name == name }
            guard let corpus = found.first else {
                let known = stored.isEmpty ? "none" : stored.map(\.reference).joined(separator: ", ")
                throw BuildError(
                    .corpus, "the database has no corpus \"\(name)\" (it has: \(known)): ingest it first", key: name)
            }
            guard found.count == 1 else {
                throw BuildError(
                    .corpus,
                    "\(name) is stored in several versions: name one of "
                        + found.map(\.reference).joined(separator: ", "),
                    key: name)
            }
            if !corpora.contains(where: { $0.id == corpus.id }) { corpora.append(corpus) }
        }
        return corpora
    }

    private static func contents(of plan: BenchmarkPlan, contentHash: String) throws -> BuildContents {
        let settings = plan.settings.map { setting in
            let further = setting.examples.filter { !$0.furtherReferences.isEmpty }
            return SettingContents(
                setting: setting.record,
                examples: Split.allCases.flatMap { split in
                    setting.examples(of: split).enumerated().map { position, example in
                        ExampleRecord(
                            documentID: example.documentID, split: split, input: example.input,
                            reference: example.reference, referenceOrigin: example.origin, position: position,
                            cluster: example.cluster)
                    }
                },
                furtherReferences: Dictionary(
                    uniqueKeysWithValues: further.map { example in
                        (
                            example.documentID,
                            example.furtherReferences.map { FurtherReferenceRecord(text: $0.text, origin: $0.origin) }
                        )
                    }))
        }
        return BuildContents(
            build: BuildRecord(
                name: plan.parameters.name, seed: plan.parameters.seed,
                parameters: try CanonicalJSON.text(plan.parameters), contentHash: contentHash),
            corpora: plan.corpora.map(\.id), settings: settings,
            exclusions: plan.exclusions.map { BuildExclusionRecord(documentID: $0.documentID, reason: $0.reason) },
            duplicatePairs: plan.duplicatePairs)
    }
}
