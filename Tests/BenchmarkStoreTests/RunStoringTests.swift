import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct AdapterStoringTests {
    func adapter(model: Int64, build: Int64, weights: String = "w", path: String = "a.gguf") -> AdapterRecord {
        AdapterRecord(
            modelID: model, buildID: build, recipeHash: hash("recipe"), task: "translate/es", kind: "lora", rank: 8,
            alpha: 16, seed: 1, path: path, sha256: hash(weights), recipe: "{\"rank\":8}", parameters: 10, bytes: 40,
            trainExamples: 3, trainTokens: 90, steps: 2, seconds: 1.5, firstLoss: 3, lastLoss: 2.5)
    }

    let steps = (0..<2).map {
        TrainingStepRecord(
            step: $0, loss: 3 - 0.5 * Double($0), learningRate: 1e-4, gradientNorm: 1, tokens: 45, seconds: 0.75)
    }

    @Test func anAdapterIsFoundByItsRecipe() throws {
        let fixture = try StoreFixture()
        let database = fixture.database
        let model = try database.saveModel(model())
        let build = try database.insertBuild(build(corpora: [], settings: [])).id
        let losses = [(0, 0, 3.2), (1, 2, 2.9)].map { ValidationLossRecord(epoch: $0.0, step: $0.1, loss: $0.2) }
        let id = try database.insertAdapter(
            adapter(model: model.id, build: build), steps: steps, validation: losses
        ).id
        let stored = try #require(try database.adapter(model: model.id, recipeHash: hash("recipe")))
        #expect(stored.id == id && stored.alpha == 16 && stored.validationLoss == nil)
        #expect(try database.adapter(id) == stored)
        #expect(try database.adapter(model: model.id, recipeHash: hash("other")) == nil)
        #expect(try database.adapters() == [stored])
        #expect(try database.adapters(model: model.id, build: build) == [stored])
        #expect(try database.adapters(build: build + 1) == [])
        #expect(try database.trainingSteps(ofAdapter: id).map(\.loss) == [3, 2.5])
        #expect(try database.validationLosses(ofAdapter: id).map(\.loss) == [3.2, 2.9])
        #expect(try database.validationLosses(ofAdapter: id).map(\.adapterID) == [id, id])
        let row = try #require(try database.training().first)
        #expect(row.model == "tiny" && row.build == "main" && row.lastLoss == 2.5)
    }

    /// Losses of two steps, and of the validation split at the start and after both.
    @Test func learningCurvesHaveBothSplitsOverOneCountOfSteps() throws {
        struct Point: Decodable, Equatable {
            let split: String
            let step: Int
            let epoch: Int?
            let loss: Double
        }
        let fixture = try StoreFixture()
        let database = fixture.database
        let model = try database.saveModel(model()).id
        let build = try database.insertBuild(build(corpora: [], settings: [])).id
        let losses = [(0, 0, 3.2), (1, 2, 2.9)].map { ValidationLossRecord(epoch: $0.0, step: $0.1, loss: $0.2) }
        let id = try database.insertAdapter(adapter(model: model, build: build), steps: steps, validation: losses).id
        let points = try database.rows(
            Point.self, "SELECT * FROM learning_curves WHERE adapter_id = ? ORDER BY split, step",
            arguments: [.integer(id)])
        #expect(
            points == [
                Point(split: "train", step: 0, epoch: nil, loss: 3),
                Point(split: "train", step: 1, epoch: nil, loss: 2.5),
                Point(split: "validation", step: 0, epoch: 0, loss: 3.2),
                Point(split: "validation", step: 2, epoch: 1, loss: 2.9),
            ])
    }

    @Test func theSameWeightsMayMoveAndOthersReplaceUnusedOnes() throws {
        let fixture = try StoreFixture()
        let database = fixture.database
        let model = try database.saveModel(model()).id
        let build = try database.insertBuild(build(corpora: [], settings: [])).id
        let first = try database.insertAdapter(adapter(model: model, build: build), steps: steps)
        let moved = adapter(model: model, build: build, path: "b.gguf")
        #expect(try database.insertAdapter(moved) == .unchanged(id: first.id))
        #expect(try database.adapter(first.id)?.path == "b.gguf")
        #expect(try database.trainingSteps(ofAdapter: first.id).count == 2)
        guard case .replaced(let id) = try database.insertAdapter(adapter(model: model, build: build, weights: "v"))
        else {
            Issue.record("expected a replacement")
            return
        }
        #expect(try database.adapters().map(\.id) == [id])
        #expect(try database.trainingSteps(ofAdapter: id) == [])
    }

    @Test func anEvaluatedAdapterIsNotReplaced() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 1])])
        let database = scored.database
        let (model, build) = (scored.run.modelID, scored.run.buildID)
        let id = try database.insertAdapter(adapter(model: model, build: build)).id
        var cell = try #require(scored.cells.values.first)
        cell.adapterID = id
        #expect(try database.saveCell(cell).adapterID == id)
        let error = try #require(throws: StoreError.self) {
            try database.insertAdapter(adapter(model: model, build: build, weights: "v"))
        }
        #expect(error.code == .conflict)
    }

    @Test func aModelIsKnownByItsFile() throws {
        let fixture = try StoreFixture()
        let first = try fixture.database.saveModel(model())
        var renamed = model()
        renamed.name = "Tiny"
        let second = try fixture.database.saveModel(renamed)
        #expect(second.id == first.id && second.name == "Tiny")
        #expect(try fixture.database.model(sha256: first.sha256) == second)
        #expect(try fixture.database.models() == [second])
        #expect(try fixture.database.model(sha256: hash("?")) == nil)
    }
}

@Suite struct RunStoringTests {
    @Test func aRunIsFoundByItsKey() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 1])])
        let database = scored.database
        var again = run(model: scored.run.modelID, build: scored.run.buildID)
        again.threads = 64
        #expect(try database.findOrCreateRun(again) == scored.run)
        #expect(try database.run(forKey: "run") == scored.run)
        #expect(try database.run(forKey: "other") == nil)
        #expect(try database.runs() == [scored.run])
    }

    @Test func methodsWithOtherParametersAreOthers() throws {
        let fixture = try StoreFixture()
        let methods = [method("ties", position: 0), method("ties", position: 1, parameters: "{\"density\":0.2}")]
        let first = try fixture.database.saveMethods(methods)
        #expect(Set(first.map(\.id)).count == 2)
        var renamed = methods
        renamed[0].title = "TIES!"
        let second = try fixture.database.saveMethods(renamed)
        #expect(second.map(\.id) == first.map(\.id))
        #expect(try fixture.database.methods().map(\.title) == ["TIES!", "TIES"])
    }

    @Test func oneRunHasOneMethodOfAName() throws {
        let scored = try ScoredRun([("ties", "summarize+translate/es", ["a": 1])])
        let other = try scored.database.saveMethods([method("ties", position: 1, parameters: "{\"density\":0.2}")])
        var cell = try #require(scored.cells.values.first)
        (cell.id, cell.methodID) = (0, other[0].id)
        let error = try #require(throws: StoreError.self) { try scored.database.saveCell(cell) }
        #expect(error.message.contains("give the variant its own name"))
    }

    @Test func aCellMayBePlannedAgain() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 1])])
        var cell = try #require(scored.cells.values.first)
        let id = cell.id
        (cell.id, cell.expected, cell.trainingSeconds) = (0, 5, 9.5)
        let stored = try scored.database.saveCell(cell)
        #expect(stored.id == id && stored.expected == 5 && stored.trainingSeconds == 9.5)
        #expect(try scored.database.cells(ofRun: scored.run.id) == [stored])
        #expect(try scored.fixture.count("predictions") == 1)
    }

    @Test func missingExamplesAreWhatRemains() throws {
        let values = Dictionary(uniqueKeysWithValues: "abcdefg".map { (String($0), 1.0) })
        let scored = try ScoredRun([
            ("full", "summarize+translate/es", values),
            ("part", "summarize+translate/es", values.filter { $0.key == "b" || $0.key == "g" }),
        ])
        let full = try #require(scored.cells["full summarize+translate/es"])
        var part = try #require(scored.cells["part summarize+translate/es"])
        let inputs = { (cell: Int64) in try scored.database.missingExamples(ofCell: cell).map(\.input.last) }
        #expect(try inputs(full.id) == [])
        #expect(try inputs(part.id) == ["a", "c", "d", "e", "f"])
        part.expected = 4
        try scored.database.saveCell(part)
        #expect(try inputs(part.id) == ["a", "c", "d"])
        #expect(try scored.database.missingExamples(ofCell: part.id, split: .train) == [])
        let error = try #require(throws: StoreError.self) { try scored.database.missingExamples(ofCell: 999) }
        #expect(error.code == .notFound)
    }

    @Test func aRunFinishesWhenNothingIsMissing() throws {
        let scored = try ScoredRun([
            ("full", "summarize+translate/es", ["a": 1, "b": 2]), ("part", "summarize+translate/es", ["a": 1]),
        ])
        let early = try #require(throws: StoreError.self) { try scored.database.finishRun(scored.run.id) }
        #expect(early.message == "run \(scored.run.id) still lacks 1 predictions; resume it first")
        let cell = try #require(scored.cells["part summarize+translate/es"])
        let missing = try scored.database.missingExamples(ofCell: cell.id)
        try scored.database.savePredictions(
            missing.map {
                ScoredPrediction(
                    PredictionRecord(cellID: cell.id, exampleID: $0.id, text: "", finish: .none), scores: [])
            })
        try scored.database.finishRun(scored.run.id, at: Timestamp(Date(timeIntervalSince1970: 0.9)))
        #expect(try scored.database.run(forKey: "run")?.finishedAt?.rawValue == "1970-01-01T00:00:00Z")
        #expect(throws: StoreError.self) { try scored.database.finishRun(999) }
    }

    @Test func aRunGoesWithAllThatIsItsOwn() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 1, "b": 2])])
        try scored.database.deleteRun(scored.run.id)
        for table in ["runs", "cells", "predictions", "scores"] { #expect(try scored.fixture.count(table) == 0) }
        for table in ["methods", "models", "builds", "metrics"] { #expect(try scored.fixture.count(table) == 1) }
        #expect(throws: StoreError.self) { try scored.database.deleteRun(scored.run.id) }
    }
}

@Suite struct PredictionStoringTests {
    let scored: ScoredRun
    let cell: CellRecord

    init() throws {
        scored = try ScoredRun([
            ("full", "summarize+translate/es", ["a": 10, "b": 20]), ("part", "summarize+translate/es", ["a": 30]),
            ("part", "summarize+translate/fr", [:]),
        ])
        cell = try #require(scored.cells["part summarize+translate/es"])
    }

    func prediction(_ text: String = "new", example: Int64) -> PredictionRecord {
        PredictionRecord(
            cellID: cell.id, exampleID: example, text: text, intermediate: "first pass", promptTokens: 3,
            generatedTokens: 2, finish: .length, seconds: 0.25)
    }

    @Test func aPredictionComesBackWithItsScores() throws {
        let example = try #require(try scored.database.missingExamples(ofCell: cell.id).first)
        #expect(try scored.database.savePrediction(prediction(example: example.id), scores: [score(55.5)]))
        let stored = try scored.database.predictions(ofCell: cell.id)
        #expect(stored.map(\.text) == ["answer", "new"])
        #expect(stored[1].intermediate == "first pass" && stored[1].finish == .length && stored[0].intermediate == nil)
        let scores = try scored.database.scores(ofCell: cell.id)
        #expect(scores.map(\.value) == [30, 55.5])
        #expect(scores.map(\.predictionID) == stored.map(\.id))
    }

    @Test func theFirstPredictionStays() throws {
        let done = try #require(try scored.database.predictions(ofCell: cell.id).first)
        #expect(try !scored.database.savePrediction(prediction(example: done.exampleID), scores: [score(99)]))
        #expect(try scored.database.predictions(ofCell: cell.id) == [done])
        #expect(try scored.database.scores(ofCell: cell.id).map(\.value) == [30])
    }

    @Test func aFaultyScoreTakesItsWholeBatchBack() throws {
        let example = try #require(try scored.database.missingExamples(ofCell: cell.id).first)
        let unknown = ScoreRecord(metric: "bleu", signature: "bleu|?", value: 1)
        let misnamed = ScoreRecord(metric: "bleu", signature: rougeL.signature, value: 1)
        for bad in [score(.nan), score(.infinity), unknown, misnamed] {
            let error = try #require(throws: StoreError.self) {
                try scored.database.savePrediction(prediction(example: example.id), scores: [score(1), bad])
            }
            #expect(error.code == .invalid)
        }
        #expect(try scored.database.predictions(ofCell: cell.id).count == 1)
    }

    @Test func anExampleOfAnotherSettingIsRefused() throws {
        let other = try #require(scored.cells["part summarize+translate/fr"])
        let example = try #require(try scored.database.missingExamples(ofCell: other.id).first)
        let error = try #require(throws: StoreError.self) {
            try scored.database.savePrediction(prediction(example: example.id), scores: [])
        }
        #expect(error.message == "example \(example.id) is not of the setting of cell \(cell.id)")
    }

    @Test func scoresMayBeRenewed() throws {
        let done = try #require(try scored.database.predictions(ofCell: cell.id).first)
        var renewed = score(31)
        renewed.predictionID = done.id
        try scored.database.saveScores([renewed])
        #expect(try scored.database.scores(ofCell: cell.id).map(\.value) == [31])
        renewed.predictionID = 999
        #expect(throws: StoreError.self) { try scored.database.saveScores([renewed]) }
    }

    @Test func aSignatureKeepsItsMeaning() throws {
        var metric = rougeL
        metric.description = "Another description."
        try scored.database.saveMetrics([metric])
        var stored = try scored.database.metrics()
        #expect(stored.count == 1 && stored[0].id > 0)
        stored[0].id = 0
        #expect(stored == [metric])
        metric.direction = .lower
        let error = try #require(throws: StoreError.self) { try scored.database.saveMetrics([metric]) }
        #expect(error.code == .conflict)
        #expect(error.message.contains("higher is better, 0-100"))
    }

    /// The files as they lie on the disk while the database is open are what `kill -9` leaves behind.
    @Test func aPredictionSurvivesTheProcess() throws {
        let example = try #require(try scored.database.missingExamples(ofCell: cell.id).first)
        try scored.database.savePrediction(prediction(example: example.id), scores: [score(55.5)])
        let copy = scored.fixture.folder.path("killed.sqlite").path
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: scored.fixture.path + suffix, toPath: copy + suffix)
        }
        let survivor = try BenchmarkDatabase(path: copy)
        #expect(try survivor.predictions(ofCell: cell.id).map(\.text) == ["answer", "new"])
        #expect(try survivor.missingExamples(ofCell: cell.id) == [])
    }

    @Test func readersDoNotWaitForWriters() throws {
        let reader = try BenchmarkDatabase(readingOnly: scored.fixture.path)
        let seen = try scored.database.write { _ in try reader.scores(ofCell: cell.id).count }
        #expect(seen == 1)
    }
}
