import BenchmarkStore
import Foundation

/// A build as files, ready to be written or compared: examples, `build.json`, a dataset card and Croissant metadata.
///
/// The folder has one file a setting and split, `<setting>.<split>.jsonl`, with the setting's slash as a folder:
/// `summarize.test.jsonl`, `translate/es.train.jsonl`, `summarize+translate/es.test.jsonl`; and, where tables are wanted,
/// the same examples beside it as `.csv`. The same plan gives the same bytes everywhere: sorted keys, LF, no times, no
/// paths of the machine.
public struct DatasetExport: Sendable {
    /// A file with its path in the build's folder.
    public struct File: Hashable, Sendable {
        /// The path, with `/` between folders.
        public let path: String
        /// What it holds.
        public let bytes: [UInt8]
    }

    /// How the build was made, with the hash of all of it.
    public let manifest: BuildManifest
    /// All files, by path.
    public let files: [File]

    /// Makes the files of a plan.
    ///
    /// - Parameters:
    ///   - plan: the build.
    ///   - database: where the plan's corpora are, for the files that they came from.
    ///   - settings: settings or families to restrict the export to; empty for all.
    ///   - hasTables: whether the examples are given as comma-separated values too.
    ///   - publication: what the publisher says of the dataset.
    ///   - whole: the content hash of the whole build, where this is a part.
    /// - Throws: `BuildError` of code `parameters` or `corpus`; `StoreError`.
    public init(
        _ plan: BenchmarkPlan, from database: BenchmarkDatabase, settings: [String] = [], hasTables: Bool = false,
        publication: Publication = Publication(), partOf whole: String? = nil
    ) throws {
        try publication.validate()
        let contents = try ExportContents(plan, settings: settings, from: database)
        let licences = contents.licences
        var files: [File] = []
        var lines: [BuildManifest.File] = []
        var tables: [BuildManifest.File] = []
        for setting in contents.settings {
            for split in Split.allCases {
                let rows = setting.examples(of: split).map {
                    ExampleRow($0, of: setting.record, licence: licences[$0.corpus] ?? "")
                }
                guard !rows.isEmpty else { continue }
                let path = Self.path(of: setting.record.name, split)
                files.append(File(path: path, bytes: try rows.flatMap { try $0.jsonLine().utf8 }))
                lines.append(BuildManifest.File(files[files.count - 1], examples: rows.count))
                guard hasTables else { continue }
                let table = try Array(ExampleRow.csvHeader.utf8) + rows.flatMap { try $0.csvLine().utf8 }
                files.append(File(path: Self.path(of: setting.record.name, split, as: "csv"), bytes: table))
                tables.append(BuildManifest.File(files[files.count - 1], examples: rows.count))
            }
        }
        manifest = try BuildManifest(
            contents, files: lines.sorted { $0.path < $1.path }, tables: tables.sorted { $0.path < $1.path },
            partOf: whole)
        let build = File(path: BuildManifest.fileName, bytes: try manifest.bytes())
        let croissant = CroissantMetadata(contents, manifest, build: build, publication)
        files += [
            build, File(path: DatasetCard.fileName, bytes: Array(DatasetCard.text(of: contents, manifest).utf8)),
            File(path: CroissantMetadata.fileName, bytes: try croissant.bytes()),
        ]
        self.files = files.sorted { $0.path < $1.path }
    }

    /// The size of all files together.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes.count } }

    /// Where the examples of one setting and split lie.
    static func path(of setting: String, _ split: Split, as format: String = "jsonl") -> String {
        "\(setting).\(split.rawValue).\(format)"
    }
}

extension BuildManifest.File {
    /// A file of examples with its hash.
    init(_ file: DatasetExport.File, examples: Int) {
        path = file.path
        sha256 = ContentHash(of: file.bytes).hex
        bytes = file.bytes.count
        self.examples = examples
    }
}
