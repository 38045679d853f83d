import BenchmarkStore
import Foundation
import ReportRendering

/// The invented run in a database, written through the store's own functions.
struct SampleDatabase {
    let database: BenchmarkDatabase
    let run: RunRecord
    private let moment = Timestamp(rawValue: "2026-01-02T03:04:05Z")

    /// - Parameters:
    ///   - documents: test documents of each kind.
    ///   - unfinished: the method that stops after its first setting, if any.
    init(_ file: URL, documents: Int = 8, unfinished: String? = nil, isEmpty: Bool = false) throws {
        database = try BenchmarkDatabase(path: file.path)
        let kinds: [DocumentKind] = [.dialogue, .conversation]
        let corpus = CorpusRecord(
            name: "sample", version: "1", title: "Sample talk | test", licence: "Apache-2.0",
            citation: "Sample talk, version 1.", language: "en", origin: "project",
            contentHash: SampleRun.hash("d"), ingestedAt: moment)
        let contents = kinds.flatMap { kind in
            (0..<documents).map { number in
                let key = "\(kind.rawValue)-\(number + 1)"
                return DocumentContents(
                    document: DocumentRecord(
                        key: key, kind: kind, turns: [Turn(speaker: "Ana", text: "Shall we meet?")],
                        text: "Ana: Shall we meet at \(number + 1)?\nBo: Yes, by the lake.",
                        textHash: Self.hash(key)), texts: [])
            }
        }
        let corpusID = try database.insertCorpus(CorpusContents(corpus: corpus, files: [], documents: contents)).id
        let stored = try database.documents(ofCorpora: [corpusID]).map(\.document)
        let build = try database.insertBuild(
            BuildContents(
                build: BuildRecord(
                    name: "sample", seed: 1, contentHash: SampleRun.hash("c"), braidVersion: "0.1.0", builtAt: moment),
                corpora: [corpusID], settings: Self.settings(stored))
        ).id
        let model = try database.saveModel(
            ModelRecord(
                name: "Tiny", architecture: "llama", fileName: "tiny.gguf", sha256: SampleRun.hash("b"),
                bytes: 1_000_000, parameters: 250_000, fileType: "F32", addedAt: moment))
        run = try database.findOrCreateRun(
            RunRecord(
                runKey: "sample-1", profileName: "sample", profileHash: SampleRun.hash("a"),
                profileText: "version: 1\nname: sample\n", modelID: model.id, buildID: build, seed: 7,
                braidVersion: "0.1.0", threads: 2, cpu: "cpu", system: "system", precision: "f32",
                decoding: "{\"mode\":\"greedy\"}", startedAt: moment))
        if isEmpty { return }
        try database.saveMetrics(SampleRun.metrics)
        try predict(build: build, documents: documents, unfinished: unfinished)
    }

    private static func hash(_ key: String) -> String {
        let digits = key.unicodeScalars.map { String($0.value, radix: 16) }.joined()
        return String((digits + String(repeating: "0", count: 64)).prefix(64))
    }

    private static func settings(_ documents: [DocumentRecord]) -> [SettingContents] {
        var settings: [SettingContents] = []
        for (main, kind, order) in [
            ("summarize", DocumentKind.dialogue, "Summarise"), ("reply", .conversation, "Reply"),
        ] {
            for target in SampleRun.targets {
                let auxiliary = target.kind == "language" ? "translate" : "rewrite"
                let setting = SettingRecord(
                    name: "\(main)+\(auxiliary)/\(target.name)", kind: .composition, family: "\(main)+\(auxiliary)",
                    main: main, auxiliary: "\(auxiliary)/\(target.name)",
                    targetKind: target.kind == "language" ? .language : .tone, target: target.name,
                    targetLabel: target.label, instruction: "\(order): \(target.label).", position: settings.count)
                let examples = documents.filter { $0.kind == kind }.enumerated().map { place, document in
                    ExampleRecord(
                        documentID: document.id, split: .test, input: document.text,
                        reference: "They meet by the lake (\(target.label)).", referenceOrigin: "project",
                        position: place, cluster: document.key)
                }
                settings.append(SettingContents(setting: setting, examples: examples))
            }
        }
        return settings
    }

    private func predict(build: Int64, documents: Int, unfinished: String?) throws {
        let methods = try database.saveMethods(
            SampleRun.methods.enumerated().map { place, method in
                MethodRecord(name: method.name, title: method.title, family: method.family, position: place)
            })
        for (place, setting) in try database.settings(ofBuild: build).enumerated() {
            let examples = try database.examples(ofSetting: setting.id, split: .test)
            for (index, method) in methods.enumerated() {
                let isLearned = method.family == "learned"
                let cell = try database.saveCell(
                    CellRecord(
                        runID: run.id, methodID: method.id, settingID: setting.id,
                        extraParameters: isLearned ? 1_250 : 0,
                        compositionBytes: isLearned ? 5_000 : 0, passes: method.family == "sanity" ? 0 : 1,
                        trainingTokens: isLearned ? 12_345 : 0, trainingSeconds: isLearned ? 3.5 : 0,
                        expected: documents))
                if method.name == unfinished, place > 0 { continue }
                try database.savePredictions(
                    examples.enumerated().map { number, example in
                        let lead = setting.main == "reply" ? 1 : 0
                        let isRight = SampleRun.noise(number, place, index) < SampleRun.methods[index].rightLanguage
                        return ScoredPrediction(
                            PredictionRecord(
                                cellID: cell.id, exampleID: example.id,
                                text: "Answer of \(method.title) | <b>\(number + 1)</b> `x`", promptTokens: 20,
                                generatedTokens: 8, finish: .stop, seconds: 0.25, createdAt: moment),
                            scores: [
                                ScoreRecord(
                                    metric: SampleRun.metrics[lead].name, signature: SampleRun.signatures[lead],
                                    value: SampleRun.score(index, number, place)),
                                ScoreRecord(
                                    metric: "language", signature: SampleRun.languageSignature, value: isRight ? 1 : 0),
                            ])
                    })
            }
        }
    }
}
