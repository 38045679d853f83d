import BenchmarkStore
import EvaluationRunner
import Foundation
import ModelEngine
import TestSupport

/// A scratch database with a build of a few short documents, and the tiny random model to run on it.
package struct TinyBenchmark {
    package let folder: ScratchFolder
    package let database: BenchmarkDatabase
    package let model: LanguageModel

    /// - Parameters:
    ///   - further: settings beside the usual five, each with the places of its documents, of which 0, 1 and 2 are for
    ///     training and 3, 4 and 5 for testing.
    ///   - validation: places of the documents that are for validation instead.
    package init(
        threads: Int = 1, further: [(setting: String, documents: [Int])] = [], validation: Set<Int> = []
    ) throws {
        folder = try ScratchFolder()
        database = try BenchmarkDatabase(path: folder.path("braid.sqlite").path)
        model = try LanguageModel(contentsOf: Fixtures.url("tiny/tiny-llama.gguf"), threads: threads)
        try fill(further, validation)
    }

    package var surroundings: Evaluation.Surroundings {
        Evaluation.Surroundings(
            database: database, adapterFolder: folder.path("Adapters"), commit: "test",
            machine: MachineDescription(processor: "test", cores: 1, memory: 1, system: "test"))
    }

    /// A profile of all methods over the tiny build; `methods` replaces the list.
    package static func profile(_ methods: String = allMethods, extra: String = "") throws -> Profile {
        try Profile(text: profileText(methods, extra: extra), file: "tiny.yml")
    }

    /// The text of that profile.
    package static func profileText(_ methods: String = allMethods, extra: String = "") -> String {
        """
        format: braid-profile
        version: 1
        name: tiny
        build: tiny
        seed: 3
        settings: all
        test-documents: 2
        new-tokens: 6
        adapters: {rank: 2, epochs: 1, batch-size: 2, train-examples: 2}
        \(extra)
        methods:
        \(methods)
        """
    }

    package static let allMethods = [
        "zero-shot", "few-shot", "main-lora", "multi-step", "multi-step-reversed", "joint-expert", "linear", "cat",
        "ties",
        "dare-ties", "dare-linear", "magnitude-prune", "lorahub", "learnable-calibration", "learnable-calibration-plus",
    ].map { name in
        let few = ["few-shot": "{shots: 1}", "lorahub": "{budget: 6, examples: 2}"]
        return few[name].map { "  - {name: \(name), parameters: \($0)}" } ?? "  - {name: \(name)}"
    }
    .joined(separator: "\n")

    private static let words = ["bread", "tea", "rain", "bus", "key", "hat"]

    private func fill(_ further: [(setting: String, documents: [Int])], _ validation: Set<Int>) throws {
        let documents = Self.words.map { word in
            DocumentContents(
                document: DocumentRecord(
                    key: word, kind: .dialogue, topic: word,
                    turns: [Turn(speaker: "A", text: "\(word)?"), Turn(speaker: "B", text: "\(word).")],
                    text: "A: \(word)?\nB: \(word).",
                    textHash: ContentHash(of: word).hex),
                texts: [DocumentTextRecord(role: .summary, text: word, origin: "person")])
        }
        let corpus = CorpusRecord(
            name: "tiny", version: "1", title: "Tiny", licence: "Apache-2.0", language: "en", origin: "person",
            contentHash: ContentHash(of: "tiny").hex)
        let outcome = try database.insertCorpus(
            CorpusContents(corpus: corpus, files: [], documents: documents))
        let stored = try database.documents(ofCorpora: [outcome.id])
        let settings =
            [
                setting("summarize", position: 0), setting("translate/es", position: 1),
                setting("rewrite/witty", position: 2),
                setting("summarize+translate/es", position: 3), setting("summarize+rewrite/witty", position: 4),
            ] + further.enumerated().map { setting($1.setting, position: 5 + $0) }
        let documentsOf = Dictionary(further.map { ($0.setting, $0.documents) }) { first, _ in first }
        _ = try database.insertBuild(
            BuildContents(
                build: BuildRecord(name: "tiny", seed: 1, contentHash: ContentHash(of: "build").hex),
                corpora: [outcome.id],
                settings: settings.map { setting in
                    SettingContents(
                        setting: setting,
                        examples: (documentsOf[setting.name] ?? Array(stored.indices)).map { index in
                            let document = stored[index]
                            return ExampleRecord(
                                documentID: document.document.id,
                                split: validation.contains(index) ? .validation : index < 3 ? .train : .test,
                                input: document.document.text, reference: "el \(document.document.key)",
                                referenceOrigin: "person", position: index, cluster: document.document.textHash)
                        })
                }))
    }

    private func setting(_ name: String, position: Int) -> SettingRecord {
        let halves = name.split(separator: "+").map(String.init)
        let target = name.split(separator: "/").dropFirst().first.map(String.init)
        let language = name.contains("translate")
        return SettingRecord(
            name: name, kind: halves.count == 2 ? .composition : .task,
            family: halves.map { String($0.split(separator: "/")[0]) }.joined(separator: "+"), main: halves[0],
            auxiliary: halves.count == 2 ? halves[1] : nil,
            targetKind: target == nil ? nil : language ? .language : .tone, target: target, targetLabel: target,
            instruction: "Do it.", position: position)
    }
}
