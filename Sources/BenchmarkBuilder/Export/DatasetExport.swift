import BenchmarkStore
import Foundation

/// A build as files, ready to be written or compared: JSON Lines of examples, `build.json` and a dataset card.
///
/// The folder has one file a setting and split, `<setting>.<split>.jsonl`, with the setting's slash as a folder:
/// `summarize.test.jsonl`, `translate/es.train.jsonl`, `summarize+translate/es.test.jsonl`. The same plan gives the
/// same bytes everywhere: sorted keys, LF, no times, no paths of the machine.
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
    public init(_ plan: BenchmarkPlan) throws {
        var files: [File] = []
        var entries: [BuildManifest.File] = []
        for setting in plan.settings {
            for split in Split.allCases {
                let examples = setting.examples(of: split)
                guard !examples.isEmpty else { continue }
                let lines = try examples.map { try CanonicalJSON.text(Line($0, of: setting.record)) + "\n" }
                let file = File(path: Self.path(of: setting.record.name, split), bytes: lines.flatMap(\.utf8))
                files.append(file)
                entries.append(
                    BuildManifest.File(
                        path: file.path, sha256: ContentHash(of: file.bytes).hex, bytes: file.bytes.count,
                        examples: examples.count))
            }
        }
        manifest = try BuildManifest(plan, files: entries.sorted { $0.path < $1.path })
        files.append(File(path: BuildManifest.fileName, bytes: try manifest.bytes()))
        files.append(File(path: DatasetCard.fileName, bytes: Array(DatasetCard.text(of: plan, manifest).utf8)))
        self.files = files.sorted { $0.path < $1.path }
    }

    /// The size of all files together.
    public var bytes: Int { files.reduce(0) { $0 + $1.bytes.count } }

    /// The path of a setting's examples of one split.
    static func path(of setting: String, _ split: Split) -> String { "\(setting).\(split.rawValue).jsonl" }

    /// One line of an exported file.
    struct Line: Codable, Hashable {
        /// Unique in the build: corpus, document and setting.
        let id: String
        /// The corpus, as `name@version`.
        let corpus: String
        /// The document's name in its corpus.
        let document: String
        let setting: String
        let input: String
        let instruction: String
        let reference: String
        /// Who wrote the reference.
        let origin: String

        init(_ example: BenchmarkPlan.Example, of setting: SettingRecord) {
            id = "\(example.corpus)/\(example.document)/\(setting.name)"
            corpus = example.corpus
            document = example.document
            self.setting = setting.name
            input = example.input
            instruction = setting.instruction
            reference = example.reference
            origin = example.origin
        }
    }
}
