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
    /// - Parameter folder: the build's own folder, such as `Benchmark/everyday`; whatever an earlier build left there
    ///   is replaced.
    /// - Throws: as `plan(_:from:)`; `StoreError` of code `conflict` where runs or adapters depend on other content of
    ///   that name; `BuildError` of code `foreignFolder` or `io`. Where the store refuses, nothing is exported.
    public static func build(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, exportingTo folder: URL? = nil
    ) throws -> BuildReport {
        let plan = try plan(parameters, from: database)
        let export = try DatasetExport(plan, from: database)
        let target = folder.map { ExportFolder($0) }
        try target?.checkReplaceable()
        let outcome = try database.insertBuild(try contents(of: plan, contentHash: export.manifest.contentHash))
        let wasWritten = try target?.write(export.files)
        return BuildReport(plan: plan, export: export, outcome: outcome, folderChanged: wasWritten)
    }

    /// Compares an exported folder with what the stored corpora give; nothing is stored or written.
    ///
    /// - Returns: the differences by path, empty where every byte is the same.
    /// - Throws: as `plan(_:from:)`; `BuildError` of code `io` where the folder cannot be read.
    public static func check(
        _ parameters: BuildParameters, in database: BenchmarkDatabase, against folder: URL
    ) throws -> [ExportDifference] {
        let export = try DatasetExport(try plan(parameters, from: database), from: database)
        return try ExportFolder(folder).differences(from: export.files)
    }

    /// The stored corpora that parameters name, each once.
    private static func resolve(_ names: [String], among stored: [CorpusRecord]) throws(BuildError) -> [CorpusRecord] {
        var corpora: [CorpusRecord] = []
        for name in names {
            let found = stored.filter { $0.reference == name || $0.name == name }
            guard let corpus = found.first else {
                let known = stored.isEmpty ? "none is" : stored.map(\.reference).joined(separator: ", ") + " are"
                throw BuildError(
                    .corpus, "no corpus \"\(name)\" is in the store (\(known)): ingest it first", key: name)
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
            SettingContents(
                setting: setting.record,
                examples: Split.allCases.flatMap { split in
                    setting.examples(of: split).enumerated().map { position, example in
                        ExampleRecord(
                            documentID: example.documentID, split: split, input: example.input,
                            reference: example.reference, referenceOrigin: example.origin, position: position,
                            cluster: example.cluster)
                    }
                })
        }
        return BuildContents(
            build: BuildRecord(
                name: plan.parameters.name, seed: plan.parameters.seed,
                parameters: try CanonicalJSON.text(plan.parameters), contentHash: contentHash),
            corpora: plan.corpora.map(\.id), settings: settings)
    }
}
