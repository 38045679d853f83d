import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import Foundation
import ModelEngine
import TestSupport
import Testing

@Suite("A search")
struct SearchTests {
    private let lines = """
          - {name: ties, search: {density: [0.2, 0.9], budget: 5, examples: 2}}
          - {name: linear, search: {weights: {from: -2, to: 2}, budget: 7, examples: 2, per: setting}}
          - {name: cat, search: {weights: [[1, 1], [0, 1], [1, 0], [0, 0]], budget: 3, per: run}}
          - {name: lorahub, parameters: {budget: 6, examples: 2}}
        """

    private func run(_ tiny: TinyBenchmark, _ lines: String, stopAfter patience: Int = .max) throws -> [RunEvent] {
        var events: [RunEvent] = []
        var asked = 0
        try Evaluation(profile: TinyBenchmark.profile(lines), surroundings: tiny.surroundings).run(
            model: tiny.model,
            shouldStop: {
                asked += 1
                return asked > patience
            }, onEvent: { events.append($0) })
        return events
    }

    /// Every evaluation of every search, without times.
    private func evaluations(_ tiny: TinyBenchmark) throws -> [[String]] {
        try ReadOnlyQuery(path: tiny.database.path).run(
            """
            SELECT method, unit, number, parameters, loss, penalty, tokens, chosen
            FROM searches JOIN search_evaluations ON search_id = id ORDER BY method, unit, number
            """
        ).rows.map { $0.map { "\($0)" } }
    }

    private func outputs(_ tiny: TinyBenchmark) throws -> [[String]] {
        try ReadOnlyQuery(path: tiny.database.path).run(
            "SELECT method, setting, document_key, output FROM outputs ORDER BY 1, 2, 3"
        ).rows.map { $0.map { "\($0)" } }
    }

    private func adapterCells(_ tiny: TinyBenchmark) throws -> Int {
        try tiny.database.cells(ofRun: 1).count { $0.adapterID != nil }
    }

    @Test("chooses what gives the references the least loss, and answers with it")
    func choosesTheBest() throws {
        let tiny = try TinyBenchmark(validation: [2, 3])
        _ = try run(tiny, lines)
        for search in try tiny.database.searches() {
            let evaluations = try tiny.database.evaluations(ofSearch: search.id)
            let sums = evaluations.map { ($0.loss ?? .infinity) + $0.penalty }
            #expect(search.chosen == sums.firstIndex(of: sums.min() ?? 0), "\(search.method)")
            #expect(Set(sums).count > 1 && evaluations.allSatisfy { $0.tokens > 0 && $0.seconds > 0 })
        }
        // With the chosen parameters fixed, a run gives the same answers.
        let chosen = try tiny.database.chosenParameters(ofRun: 1)
        #expect(chosen.map(\.method).filter { $0 != "ties" && $0 != "cat" }.count == 4 && chosen.count == 8)
        let ties = try #require(chosen.first { $0.method == "ties" && $0.setting == "summarize+translate/es" })
        let parameters = try #require(ties.parameters)
        let fixed = try TinyBenchmark(validation: [2, 3])
        _ = try run(fixed, "  - {name: ties, parameters: \(parameters)}")
        let setting = "summarize+translate/es"
        #expect(
            try tiny.database.outputs(ofRun: 1, setting: setting, method: "ties").map(\.output)
                == fixed.database.outputs(ofRun: 1, setting: setting, method: "ties").map(\.output))
    }

    @Test("has a loss for each set that is that of the merge with those parameters")
    func lossIsThatOfTheReferences() throws {
        // A search of one set, the base model: its loss is what the base model itself gives the same references.
        let tiny = try TinyBenchmark(validation: [2])
        _ = try run(tiny, "  - {name: cat, search: {weights: [[0, 0]], examples: 1, per: run}}")
        let evaluation = try #require(try tiny.database.evaluations(ofSearch: 1).first)
        let other = try TinyBenchmark()
        // The same one document as the only test document of both compositions.
        try other.database.execute("DELETE FROM examples WHERE split = 'test' OR document_id <> 3")
        try other.database.execute("UPDATE examples SET split = 'test', position = 0")
        let families = try ReferenceLikelihood.measure(build: "tiny", in: other.database, model: other.model)
        let sum = families.reduce(0) { $0 - $1.logLikelihood }
        let tokens = families.reduce(0) { $0 + $1.tokens }
        #expect(families.count == 2)
        #expect(abs((evaluation.loss ?? 0) - sum / Double(tokens)) < 1e-9)
    }

    @Test("goes on where the merge refuses a set whose values can each be had")
    func refusedSets() throws {
        let tiny = try TinyBenchmark(validation: [2, 3])
        _ = try run(
            tiny,
            "  - {name: della, search: {density: [0.2, 0.9], epsilon: [0.05, 0.15, 0.3], examples: 1, per: run}}")
        let evaluations = try tiny.database.evaluations(ofSearch: 1)
        // Probabilities would lie outside 0 and 1 for 0.9 with 0.15, and for both with 0.3.
        #expect(evaluations.map { $0.loss != nil } == [true, true, false, true, false, false])
        let chosen = try #require(try tiny.database.searches().first?.chosen)
        #expect(evaluations[chosen].loss != nil)
        // Nothing is left to choose from where every set is refused.
        let other = try TinyBenchmark(validation: [2, 3])
        let error = try #require(throws: RunError.self) {
            try run(
                other, "  - {name: multi-slerp, search: {weights: [[1, -1], [-2, 2]], examples: 1, per: run}}")
        }
        #expect(error.code == .diverged && error.message.contains("add up to 0"), "\(error)")
    }

    @Test("shares one choice among a setting, a family or the run, and counts it once")
    func scopesAndCosts() throws {
        let tiny = try TinyBenchmark(
            further: [("summarize+translate/fr", [0, 1, 2, 3, 4]), ("translate/fr", [0, 1])], validation: [2, 3])
        let events = try run(tiny, lines)
        let searches = try tiny.database.searches()
        func units(_ method: String) -> [String] { searches.filter { $0.method == method }.map(\.unit).sorted() }
        #expect(units("ties") == ["summarize+rewrite", "summarize+translate"])
        let settings = ["summarize+rewrite/witty", "summarize+translate/es", "summarize+translate/fr"]
        #expect(units("linear") == settings && units("lorahub") == settings)
        #expect(units("cat") == [""])
        #expect(searches.filter { $0.method == "lorahub" }.allSatisfy { $0.split == .train && $0.scope == .setting })
        #expect(searches.filter { $0.method != "lorahub" }.allSatisfy { $0.split == .validation })
        let costs = Dictionary(
            uniqueKeysWithValues: try tiny.database.efficiency(ofRun: 1).map { ($0.method, $0) })
        // Grids of 2 for 2 families; 7 for each setting; 3 of 4 draws for the run; over three settings each.
        #expect(costs["ties"]?.searchEvaluations == 4.0 / 3)
        #expect(costs["linear"]?.searchEvaluations == 7)
        #expect(costs["cat"]?.searchEvaluations == 1)
        #expect(costs["lorahub"]?.searchEvaluations == 6)
        #expect(costs["reference"]?.searchEvaluations == 0)
        #expect(costs["linear"]?.extraParameters == 2 && costs["lorahub"]?.compositionBytes == 8)
        #expect(costs["ties"]?.extraParameters == 0 && costs["cat"]?.extraParameters == 0)
        #expect(costs["cat"]?.methodFamily == "search without gradients")
        let chosen = try tiny.database.chosenParameters(ofRun: 1)
        #expect(chosen.filter { $0.method == "cat" }.map(\.cells) == [3, 3, 3])
        #expect(Set(chosen.filter { $0.method == "cat" }.map(\.parameters)).count == 1)
        // What was searched is part of the method's parameters.
        let method = try #require(try tiny.database.methods().first { $0.name == "ties" })
        #expect(method.parameters.contains(#""space":{"density":[0.2,0.9]}"#) && !method.parameters.contains("0.5,\"d"))
        let steps = events.count { if case .searchStep = $0 { true } else { false } }
        let finished = events.count { if case .searchFinished = $0 { true } else { false } }
        #expect(steps == 4 + 21 + 3 + 18 && finished == 2 + 3 + 1 + 3)
        #expect(try adapterCells(tiny) == 3)
    }

    @Test("is never made again: not by a second run, a run of other methods, or for a lost file")
    func isMadeOnce() throws {
        let tiny = try TinyBenchmark(validation: [2, 3])
        _ = try run(tiny, lines)
        let before = try evaluations(tiny)
        try FileManager.default.removeItem(at: tiny.surroundings.adapterFolder)
        let again = try run(tiny, lines + "\n  - {name: zero-shot}")
        #expect(!again.contains { if case .searchStarted = $0 { true } else { false } })
        #expect(try evaluations(tiny) == before)
        let kept = try FileManager.default.contentsOfDirectory(atPath: tiny.surroundings.adapterFolder.path)
        #expect(kept.count { $0.hasPrefix("lorahub-") } == 2)
        #expect(try tiny.database.adapters().count { $0.kind == "lorahub" && $0.parameters == 2 } == 2)
    }

    @Test("goes on after a stop anywhere, without making an evaluation twice")
    func resumes() throws {
        let whole = try TinyBenchmark(validation: [2, 3])
        _ = try run(whole, lines)
        let parts = try TinyBenchmark(validation: [2, 3])
        var stops = 0
        for patience in stride(from: 7, to: 700, by: 8) {
            do {
                _ = try run(parts, lines, stopAfter: patience)
                break
            } catch let error as RunError {
                #expect(error.code == .stopped)
                stops += 1
            }
        }
        #expect(stops > 5)
        #expect(try evaluations(parts) == evaluations(whole))
        #expect(try outputs(parts) == outputs(whole))
        // The times are the first ones: nothing was measured again.
        let times = try parts.database.evaluations(ofSearch: 1).map(\.seconds)
        _ = try? run(parts, lines, stopAfter: 30)
        #expect(try parts.database.evaluations(ofSearch: 1).map(\.seconds) == times)
    }

    @Test("never looks at test examples")
    func testExamplesStayUnseen() throws {
        let one = try TinyBenchmark(validation: [2, 3])
        _ = try run(one, lines)
        let other = try TinyBenchmark(validation: [2, 3])
        try other.database.execute("UPDATE examples SET input = 'x', reference = 'y' || reference WHERE split = 'test'")
        _ = try run(other, lines)
        #expect(try evaluations(one) == evaluations(other))
        // Validation examples do count: with others the losses are others.
        let third = try TinyBenchmark(validation: [2, 3])
        try third.database.execute("UPDATE examples SET reference = 'y' || reference WHERE split = 'validation'")
        _ = try run(third, lines)
        #expect(try evaluations(one) != evaluations(third))
    }

    @Test("finds the same in 8 bits, since it runs in float32")
    func eightBits() throws {
        let one = try TinyBenchmark(validation: [2, 3])
        _ = try run(one, lines)
        let other = try TinyBenchmark(validation: [2, 3])
        let coarse = try LanguageModel(contentsOf: other.model.url, threads: 1, precision: .int8)
        try Evaluation(profile: TinyBenchmark.profile(lines), surroundings: other.surroundings).run(model: coarse)
        #expect(try evaluations(one) == evaluations(other))
    }

    @Test("is refused before the run where there are no examples or the method is no merge")
    func refusals() throws {
        let bare = try TinyBenchmark()
        let none = try #require(throws: RunError.self) {
            try Evaluation(profile: TinyBenchmark.profile(lines), surroundings: bare.surroundings)
        }
        #expect(none.code == .missingExamples && none.message.contains("ties searches on validation examples"))
        let few = try #require(throws: RunError.self) {
            try Evaluation(
                profile: TinyBenchmark.profile("  - {name: few-shot, search: {shots: [1, 2]}}"),
                surroundings: bare.surroundings)
        }
        #expect("\(few)".contains(": methods[0].search: is for merges"))
        let tiny = try TinyBenchmark(validation: [2])
        let events = try run(tiny, "  - {name: ties, search: {density: [1], examples: 3, per: run}}")
        let warnings = events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
        #expect(warnings.contains { $0.contains("ties searches on 1 of 3 validation examples") })
    }
}
