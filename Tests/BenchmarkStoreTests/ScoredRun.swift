import BenchmarkStore

/// A stored run whose scores the test gives: method → setting → document key → score.
struct ScoredRun {
    let fixture: StoreFixture
    let run: RunRecord
    let cells: [String: CellRecord]
    var database: BenchmarkDatabase { fixture.database }

    /// Settings are `main+auxiliary/target`; documents of `summarize` settings are dialogues, others conversations.
    /// A missing score is a missing prediction.
    init(_ scores: [(method: String, setting: String, values: [String: Double])]) throws {
        let fixture = try StoreFixture()
        let database = fixture.database
        var documents: [String: [DocumentContents]] = [:]
        var corpora: [Int64] = []
        for (main, kind) in [("summarize", DocumentKind.dialogue), ("reply", .conversation)] {
            let keys = Set(scores.filter { $0.setting.hasPrefix(main) }.flatMap(\.values.keys)).sorted()
            let id = try database.insertCorpus(corpus(main, kind: kind, keys: keys)).id
            corpora.append(id)
            documents[main] = try database.documents(ofCorpora: [id])
        }
        var names: [String] = []
        for entry in scores where !names.contains(entry.setting) { names.append(entry.setting) }
        let settings = names.enumerated().map { index, name in
            let parts = name.split(separator: "+").map(String.init)
            return SettingContents(
                setting: setting(parts[0], parts[1], position: index), examples: examples(of: documents[parts[0]] ?? [])
            )
        }
        let build = try database.insertBuild(build(corpora: corpora, settings: settings)).id
        let model = try database.saveModel(model())
        var methodNames: [String] = []
        for entry in scores where !methodNames.contains(entry.method) { methodNames.append(entry.method) }
        let methods = try database.saveMethods(methodNames.enumerated().map { method($1, position: $0) })
        try database.saveMetrics([rougeL])
        let run = try database.findOrCreateRun(BenchmarkStoreTests.run(model: model.id, build: build))
        var cells: [String: CellRecord] = [:]
        for entry in scores {
            guard let method = methods.first(where: { $0.name == entry.method }),
                let setting = try database.setting(named: entry.setting, ofBuild: build)
            else { continue }
            let examples = try database.examples(ofSetting: setting.id, split: .test)
            let cell = try database.saveCell(
                CellRecord(
                    runID: run.id, methodID: method.id, settingID: setting.id, extraParameters: 5, compositionBytes: 20,
                    trainingTokens: 100, trainingSeconds: 2, expected: examples.count))
            cells["\(entry.method) \(entry.setting)"] = cell
            for example in examples {
                guard let key = try database.document(example.documentID)?.document.key, let value = entry.values[key]
                else { continue }
                try database.savePrediction(
                    PredictionRecord(
                        cellID: cell.id, exampleID: example.id, text: "answer", promptTokens: 10, generatedTokens: 4,
                        finish: .stop, seconds: 0.5), scores: [score(value)])
            }
        }
        self.fixture = fixture
        self.run = run
        self.cells = cells
    }
}
