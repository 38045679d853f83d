import AdapterMerging
import Foundation
import ModelEngine
import Testing

struct CalibrationTests {
    private let adapters = [LoRAAdapter.random(seed: 1), LoRAAdapter.random(seed: 2)]

    @Test func `calibration starts at the linear merge and trains one vector a layer`() throws {
        let start = try LearnableCalibration.start(adapters)
        let merge = try LinearMerge.merge(adapters)
        #expect(start.sites == merge.sites)
        #expect(start.trainableParameterCount == 2 * 5)
        for site in start.sites {
            let terms = try #require(start.terms[site])
            #expect(terms.count == 2)
            #expect(terms[0] == AdapterTerm(factors: try #require(merge.factors[site]), trainsA: false, trainsB: false))
            #expect(!terms[1].trainsA && terms[1].trainsB)
            #expect(terms[1].factors.a == [Float](repeating: 1, count: 6))
            #expect(terms[1].factors.b == [Float](repeating: 0, count: 5))
            #expect(terms[1].factors.scaling == 1)
            #expect(largestDifference(start.merged.update(site), merge.update(site)) == 0)
        }
    }

    @Test func `a learned vector is added to every column of the update`() throws {
        var trained = try LearnableCalibration.start(adapters)
        trained.terms[.query(0)]?[1].factors.b = [1, -2, 0.5, 0, 3]
        let merge = try LinearMerge.merge(adapters).update(.query(0))
        let expected = merge.enumerated().map { $1 + [1, -2, 0.5, 0, 3][$0 / 6] }
        #expect(largestDifference(trained.merged.update(.query(0)), expected) < 1e-6)
        #expect(trained.merged.factors[.query(0)]?.rank == 4)
    }

    @Test func `calibration++ starts at the linear merge with a random P₁ that follows from the seed`() throws {
        let start = try LearnableCalibrationPlus.start(adapters, rank: 4, seed: 9)
        let merge = try LinearMerge.merge(adapters)
        #expect(start.trainableParameterCount == 2 * 4 * (6 + 5))
        for site in start.sites {
            let learned = try #require(start.terms[site]?.last)
            #expect(learned.trainsA && learned.trainsB)
            #expect(learned.factors.scaling == 1)
            #expect(learned.factors.b.allSatisfy { $0 == 0 })
            #expect(learned.factors.a.contains { $0 != 0 })
            #expect(learned.factors.a.allSatisfy { $0.magnitude <= 1 / Float(6).squareRoot() })
            #expect(largestDifference(start.merged.update(site), merge.update(site)) == 0)
        }
        #expect(try LearnableCalibrationPlus.start(adapters, rank: 4, seed: 9) == start)
        #expect(try LearnableCalibrationPlus.start(adapters, rank: 4, seed: 10) != start)
    }

    @Test func `calibration++ refuses a rank below 1`() {
        let error = #expect(throws: MergeError.self) {
            try LearnableCalibrationPlus.start(adapters, rank: 0, seed: 1)
        }
        #expect(error?.key == "rank")
    }

    @Test func `a recipe carries the settings of the profile`() throws {
        let method = try LearnableCalibrationPlus(parameters: [
            "rank": 2, "learning-rate": 0.01, "epochs": 5, "examples": 100, "batch-size": 4, "weights": [1, 1],
        ])
        guard case .learned(let recipe) = method.recipe else {
            Issue.record("not a learned recipe")
            return
        }
        #expect(recipe.training == LearningSettings(learningRate: 0.01, epochs: 5, examples: 100, batchSize: 4))
        #expect(try recipe.extraParameters(for: adapters) == 2 * 2 * (6 + 5))
        #expect(
            try recipe.start(adapters, 3)
                == LearnableCalibrationPlus.start(adapters, weights: [1, 1], rank: 2, seed: 3))
    }

    @Test func `no limit on the examples means all of them`() throws {
        guard case .learned(let recipe) = try LearnableCalibration().recipe else {
            Issue.record("not a learned recipe")
            return
        }
        #expect(recipe.training.examples == nil)
    }
}

struct TrainableAdapterTests {
    @Test func `ordinary training changes A and B of every layer`() {
        let adapter = LoRAAdapter.random(seed: 1)
        let trainable = TrainableAdapter(training: adapter)
        #expect(trainable.trainableParameterCount == adapter.parameterCount)
        #expect(trainable.sites == adapter.sites)
        #expect(largestDifference(trainable.merged.update(.query(0)), adapter.update(.query(0))) < 1e-6)
        #expect(trainable.merged.factors[.query(0)]?.scaling == 1)
    }

    @Test func `terms of unequal rank and scaling merge into their sum`() throws {
        let terms = [(2, 0.5), (1, -3), (4, 1)].enumerated().compactMap { index, term in
            LoRAAdapter.random(seed: UInt64(index), rank: term.0, scaling: Float(term.1)).factors[.query(0)]
        }
        let sum = TrainableAdapter(terms: [
            .query(0): terms.map { AdapterTerm(factors: $0, trainsA: true, trainsB: false) }
        ])
        let merged = try #require(sum.merged.factors[.query(0)])
        #expect(merged.rank == 7)
        let expected = terms.map(\.update).reduce([Double](repeating: 0, count: 30)) { zip($0, $1).map(+) }
        #expect(largestDifference(merged.update, expected) < 1e-6)
        #expect(sum.trainableParameterCount == 7 * 6)
    }

    @Test func `an adapter without terms merges into one without layers`() {
        #expect(TrainableAdapter().merged.factors.isEmpty)
        #expect(TrainableAdapter(terms: [.query(0): []]).merged.factors.isEmpty)
        #expect(TrainableAdapter().trainableParameterCount == 0)
    }
}
