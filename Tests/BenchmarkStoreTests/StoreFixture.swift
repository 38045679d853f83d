import BenchmarkStore
import Foundation
import TestSupport

/// A database in a scratch folder, with small contents that the tests vary.
final class StoreFixture: Sendable {
    let folder: ScratchFolder
    let path: String
    let database: BenchmarkDatabase

    init() throws {
        folder = try ScratchFolder()
        path = folder.path("benchmark.sqlite").path
        database = try BenchmarkDatabase(path: path)
    }

    /// All rows of a query, each as its values' texts; NULL as nil.
    func values(_ sql: String) throws -> [[QueryValue]] { try ReadOnlyQuery(path: path).run(sql).rows }

    func count(_ table: String) throws -> Int64? {
        guard case .integer(let count) = try values("SELECT count(*) FROM \(table)").first?.first else { return nil }
        return count
    }
}

func hash(_ text: String) -> String { ContentHash(of: text).hex }

/// A corpus of dialogues, one for each name; names that begin alike up to a `~` are one cluster.
func corpus(
    _ name: String = "everyday", version: String = "1.0.0", kind: DocumentKind = .dialogue, keys: [String],
    content: String = ""
) -> CorpusContents {
    CorpusContents(
        corpus: CorpusRecord(
            name: name, version: version, title: "Everyday", licence: "Apache-2.0", language: "en", origin: "project",
            contentHash: hash(name + version + content + keys.joined())),
        files: [
            CorpusFileContents(
                file: CorpusFileRecord(
                    path: "dialogues.jsonl", kind: "dialogue", sha256: hash("file"), bytes: 10, records: keys.count,
                    rejected: 1),
                rejects: [RejectRecord(line: 3, record: "x", reason: "is empty")])
        ],
        documents: keys.map { key in
            DocumentContents(
                document: DocumentRecord(
                    key: key, kind: kind, topic: "test", turns: [Turn(speaker: "Ilse", text: "Zoë: a/b \"c\"\n🙂")],
                    text: "Ilse: \(content)\(key)", textHash: hash(name + key)),
                texts: [
                    DocumentTextRecord(role: .summary, text: "Summary of \(key)", origin: "project"),
                    DocumentTextRecord(
                        role: .summary, variantKind: .language, variant: "es", text: "Resumen de \(key)",
                        origin: "model:tiny"),
                ])
        })
}

/// A setting of the composition `main` + `auxiliary`.
func setting(_ main: String, _ auxiliary: String, position: Int) -> SettingRecord {
    let parts = auxiliary.split(separator: "/").map(String.init)
    return SettingRecord(
        name: "\(main)+\(auxiliary)", kind: .composition, family: "\(main)+\(parts[0])", main: main,
        auxiliary: auxiliary,
        targetKind: parts[0] == "translate" ? .language : .tone, target: parts[1], targetLabel: parts[1].capitalized,
        instruction: "Do \(main) and \(auxiliary).", position: position)
}

func examples(of documents: [DocumentContents], split: Split = .test) -> [ExampleRecord] {
    documents.enumerated().map { index, document in
        ExampleRecord(
            documentID: document.document.id, split: split, input: document.document.text,
            reference: "Reference for \(document.document.key)", referenceOrigin: "project", position: index,
            cluster: hash(String(document.document.key.prefix { $0 != "~" })))
    }
}

func build(
    _ name: String = "main", corpora: [Int64], settings: [SettingContents], content: String = ""
) -> BuildContents {
    BuildContents(
        build: BuildRecord(name: name, seed: 1, parameters: "{\"test\":3}", contentHash: hash(name + content)),
        corpora: corpora, settings: settings)
}

func model(_ name: String = "tiny", parameters: Int = 1000) -> ModelRecord {
    ModelRecord(
        name: name, architecture: "llama", fileName: "\(name).gguf", sha256: hash(name), bytes: 4000,
        parameters: parameters, fileType: "F32")
}

func method(_ name: String, position: Int, parameters: String = "{}") -> MethodRecord {
    MethodRecord(
        name: name, title: name.uppercased(), family: "data-free merge", parameters: parameters, position: position)
}

func run(_ key: String = "run", model: Int64, build: Int64) -> RunRecord {
    RunRecord(
        runKey: key, profileName: "smoke", profileHash: hash("profile"), profileText: "version: 1", modelID: model,
        buildID: build, seed: 7, threads: 2, precision: "f32")
}

let rougeL = MetricRecord(
    signature: "rougeL|version:braid-1", name: "rougeL", description: "Longest common subsequence.")

func score(_ value: Double) -> ScoreRecord {
    ScoreRecord(metric: rougeL.name, signature: rougeL.signature, value: value)
}
