import BenchmarkStore
import EvaluationRunner
import Foundation
import SeededRandom

/// A made-up run of any size in a new database, the same on every machine: 14 settings, 28 methods, and as many test
/// documents as the number of predictions asks for.
///
/// Scores have the metrics that a run stores. One method lacks its last answers, some answers are empty, and some are too
/// short for the language check.
struct MadeUpRun {
    /// Methods with the words that tables and tests look for; those in between differ only in name.
    private static let methods: [(name: String, family: String)] =
        [
            ("reference", "sanity"), ("copy", "sanity"), ("copy-first-sentence", "sanity"),
            ("other-reference", "sanity"),
            ("zero-shot", "no adapter"), ("few-shot", "no adapter"), ("main-lora", "one adapter"),
            ("joint-expert", "costly reference"), ("two-passes", "costly reference"),
        ]
        + ["linear", "cat", "ties", "dare-ties", "dare-linear", "magnitude-prune", "slerp", "karcher"].map {
            ($0, "data-free merge")
        }
        + ["svd", "knots", "tsv-m", "iso-c", "core-space", "pico", "della"].map { ($0, "data-free merge") }
        + ["lora-hub", "ada-merging"].map { ($0, "search without gradients") }
        + ["learnable-calibration", "learnable-calibration-plus"].map { ($0, "learned") }

    private static let targets: [(kind: TargetKind, name: String, label: String)] = [
        (.language, "es", "Spanish"), (.language, "fr", "French"), (.language, "de", "German"),
        (.tone, "professional", "professional"), (.tone, "casual", "casual"), (.tone, "witty", "witty"),
        (.tone, "paraphrase", "paraphrase"),
    ]

    /// Predictions of one test document of each main task.
    static var perDocument: Int { targets.count * 2 * methods.count }

    private static let moment = Timestamp(rawValue: "2026-01-02T03:04:05Z")

    private let database: BenchmarkDatabase
    private let documents: Int
    private let words: [String]
    private var generator = SeededGenerator(seed: 1, purpose: "made-up run")

    /// - Parameter predictions: how many there are planned, rounded down to whole documents.
    init(_ database: BenchmarkDatabase, predictions: Int) {
        self.database = database
        documents = max(1, predictions / Self.perDocument)
        let syllables = ["ba", "ne", "lo", "ri", "tu", "mas", "ken", "dol", "pir", "sun", "ve", "cha"]
        var generator = SeededGenerator(seed: 1, purpose: "made-up words")
        words = (0..<5_000).map { _ in
            (0...generator.nextIndex(below: 3)).map { _ in syllables[generator.nextIndex(below: syllables.count)] }
                .joined()
        }
    }

    /// What was stored, and the time that storing took: not the time to make it up.
    struct Figures: Codable {
        var predictions = 0
        var scores = 0
        var seconds = 0.0
        var settling = 0.0
    }

    /// Stores everything, each cell's answers as one batch.
    mutating func store() throws -> Figures {
        let build = try storeBuild()
        let model = try database.saveModel(
            ModelRecord(
                name: "made-up", architecture: "llama", fileName: "made-up.gguf", sha256: ContentHash(of: "model").hex,
                bytes: 1_000_000_000, parameters: 500_000_000, fileType: "F16", addedAt: Self.moment))
        let run = try database.findOrCreateRun(
            RunRecord(
                runKey: ContentHash(of: "run").hex, profileName: "made-up", profileHash: ContentHash(of: "profile").hex,
                profileText: "version: 1\nname: made-up\n", modelID: model.id, buildID: build, seed: 7, threads: 2,
                precision: "f32", decoding: "{\"strategy\":\"greedy\"}", startedAt: Self.moment))
        let metrics = Metrics()
        try database.saveMetrics(metrics.records)
        let methods = try database.saveMethods(
            Self.methods.enumerated().map { place, method in
                MethodRecord(
                    name: method.name, title: method.name.capitalized, family: method.family, reference: "",
                    position: place)
            })
        let settings = try database.settings(ofBuild: build).filter { $0.kind == .composition }
        var cells: [[CellRecord]] = []
        for method in methods {
            cells.append(try database.saveCells(try settings.map { try cell(run, method, $0) }))
        }
        let examples = try settings.map { try database.examples(ofSetting: $0.id, split: .test).map(\.id) }
        var figures = Figures()
        for (number, method) in methods.enumerated() {
            let isUnfinished = method.name == "della"
            for (place, setting) in settings.enumerated() {
                let isLast = place == settings.count - 1
                let ids = examples[place].dropLast(isUnfinished && isLast ? (documents + 3) / 4 : 0)
                var batch: [ScoredPrediction] = []
                batch.reserveCapacity(ids.count)
                for id in ids {
                    batch.append(answer(cells[number][place].id, id, number, setting, metrics))
                }
                let begin = ContinuousClock.now
                figures.predictions += try database.savePredictions(batch)
                figures.seconds += (ContinuousClock.now - begin) / .seconds(1)
                figures.scores += batch.reduce(0) { $0 + $1.scores.count }
            }
            let begin = ContinuousClock.now
            try database.settle(run: run.id)
            figures.seconds += (ContinuousClock.now - begin) / .seconds(1)
            figures.settling += (ContinuousClock.now - begin) / .seconds(1)
        }
        return figures
    }

    // MARK: The questions

    private mutating func text(_ count: Int) -> String {
        var text = ""
        for place in 0..<count {
            if place > 0 { text += " " }
            text += words[generator.nextIndex(below: words.count)]
        }
        return text + "."
    }

    private mutating func storeBuild() throws -> Int64 {
        let kinds: [(main: String, kind: DocumentKind)] = [("summarize", .dialogue), ("reply", .conversation)]
        var contents: [DocumentContents] = []
        for (main, kind) in kinds {
            for number in 0..<documents {
                let turns = (0..<8).map { Turn(speaker: $0.isMultiple(of: 2) ? "Ana" : "Bo", text: text(14)) }
                let key = "\(main)-\(number)"
                contents.append(
                    DocumentContents(
                        document: DocumentRecord(
                            key: key, kind: kind, turns: turns,
                            text: turns.map { "\($0.speaker): \($0.text)" }.joined(separator: "\n"),
                            textHash: ContentHash(of: key).hex), texts: []))
            }
        }
        let corpus = try database.insertCorpus(
            CorpusContents(
                corpus: CorpusRecord(
                    name: "made-up", version: "1", title: "Made up", licence: "Apache-2.0",
                    citation: "Made up by braid bench store.", language: "en", origin: "project",
                    contentHash: ContentHash(of: "corpus").hex, ingestedAt: Self.moment),
                files: [], documents: contents)
        ).id
        contents = []
        let stored = try database.documents(ofCorpora: [corpus]).map(\.document)
        var settings: [SettingContents] = []
        for (main, kind) in kinds {
            for target in Self.targets {
                let auxiliary = target.kind == .language ? "translate" : "rewrite"
                let setting = SettingRecord(
                    name: "\(main)+\(auxiliary)/\(target.name)", kind: .composition, family: "\(main)+\(auxiliary)",
                    main: main, auxiliary: "\(auxiliary)/\(target.name)", targetKind: target.kind, target: target.name,
                    targetLabel: target.label, instruction: "\(main.capitalized): \(target.label).",
                    position: settings.count)
                // Every fiftieth document is nearly the one before it.
                let examples = stored.filter { $0.kind == kind }.enumerated().map { place, document in
                    ExampleRecord(
                        documentID: document.id, split: .test, input: document.text, reference: text(22),
                        referenceOrigin: "model:made-up", position: place,
                        cluster: "\(main)-\(place % 50 == 49 ? place - 1 : place)")
                }
                settings.append(SettingContents(setting: setting, examples: examples))
            }
        }
        return try database.insertBuild(
            BuildContents(
                build: BuildRecord(
                    name: "made-up", seed: 1, contentHash: ContentHash(of: "build").hex, builtAt: Self.moment),
                corpora: [corpus], settings: settings)
        ).id
    }

    // MARK: The answers

    private func cell(_ run: RunRecord, _ method: MethodRecord, _ setting: SettingRecord) throws -> CellRecord {
        var cell = CellRecord(
            runID: run.id, methodID: method.id, settingID: setting.id, passes: method.family == "sanity" ? 0 : 1,
            expected: documents)
        guard method.family == "learned" || method.name == "joint-expert" else { return cell }
        let adapter = AdapterRecord(
            modelID: run.modelID, buildID: run.buildID,
            recipeHash: ContentHash(of: "\(method.name) \(setting.name)").hex, task: setting.name, kind: "lora",
            rank: 8,
            alpha: 16, seed: 7, path: "Adapters/\(method.name)/\(setting.name)",
            sha256: ContentHash(of: "weights \(method.name) \(setting.name)").hex, recipe: "{}", parameters: 1_000_000,
            bytes: 4_000_000, trainExamples: 1_000, trainTokens: 200_000, steps: 125, seconds: 300, firstLoss: 3,
            lastLoss: 2, createdAt: Self.moment)
        let steps = (0..<125).map {
            TrainingStepRecord(
                step: $0, loss: 3 - Double($0) / 125, learningRate: 1e-4, gradientNorm: 1, tokens: 1_600, seconds: 2.4)
        }
        cell.adapterID = try database.insertAdapter(adapter, steps: steps).id
        cell.extraParameters = adapter.parameters
        cell.compositionBytes = adapter.bytes
        cell.trainingTokens = adapter.trainTokens
        cell.trainingSeconds = adapter.seconds
        return cell
    }

    /// The metrics of a run; its scorer has been trained on nothing here, so the language check is added.
    private struct Metrics {
        let records: [MetricRecord]
        let always: [MetricRecord]
        let bleu: MetricRecord?
        let language = MetricRecord(
            signature: "language|langs:de+en+es+fr|model:0123456789abcdef|version:braid-2", name: "language",
            scale: "0-1", description: "1 where the answer is in the language asked for")

        init() {
            let scorer = PredictionScorer(
                languageTraining: [], translations: ["es": ["texto"], "fr": ["texte"], "de": ["Text"]])
            bleu = scorer.metrics.first { $0.name == "bleu" }
            always = scorer.metrics.filter { $0.name != "bleu" }
            records = scorer.metrics + [language]
        }
    }

    private mutating func answer(
        _ cell: Int64, _ example: Int64, _ method: Int, _ setting: SettingRecord, _ metrics: Metrics
    ) -> ScoredPrediction {
        let isEmpty = generator.nextIndex(below: 200) == 0
        // From 18 points up, less than a point apart where neighbours in the table are.
        let level = 18 + Double(method * 37 % 28) * 0.7
        let luck = generator.nextUniform() + generator.nextUniform() - 1
        let document = Double(example &* 2_654_435_761 % 1_000) / 50
        var scores: [ScoreRecord] = []
        scores.reserveCapacity(14)
        for (place, metric) in metrics.always.enumerated() {
            let value = isEmpty ? 0 : max(0, level + document + 9 * luck - Double(place) * generator.nextUniform())
            scores.append(ScoreRecord(metric: metric.name, signature: metric.signature, value: value))
        }
        if setting.targetKind == .language, let bleu = metrics.bleu {
            scores.append(ScoreRecord(metric: bleu.name, signature: bleu.signature, value: scores[0].value / 2))
        }
        if !isEmpty, generator.nextIndex(below: 33) > 0 {
            scores.append(
                ScoreRecord(
                    metric: metrics.language.name, signature: metrics.language.signature,
                    value: generator.nextIndex(below: 28) < method ? 1 : 0))
        }
        let length = 12 + generator.nextIndex(below: 30)
        let output = isEmpty ? "" : text(length)
        return ScoredPrediction(
            PredictionRecord(
                cellID: cell, exampleID: example, text: output,
                intermediate: Self.methods[method].name == "two-passes" ? text(20) : nil, promptTokens: 160,
                generatedTokens: length * 2, finish: length == 41 ? .length : .stop, seconds: 0.125 * Double(length),
                createdAt: Self.moment), scores: scores)
    }
}
