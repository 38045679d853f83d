import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import Foundation
import ModelEngine
import Synchronization
import TestSupport
import Testing

@Suite("An evaluation")
struct EvaluationTests {
    /// Every prediction with what it belongs to, in a fixed order, without times.
    private func predictions(_ database: BenchmarkDatabase) throws -> [[String]] {
        try ReadOnlyQuery(path: database.path).run(
            "SELECT method, setting, document_key, output, coalesce(intermediate, ''), finish FROM outputs ORDER BY 1, 2, 3"
        ).rows.map { $0.map { "\($0)" } }
    }

    private func count(_ sql: String, _ database: BenchmarkDatabase) throws -> String {
        let value = try #require(try ReadOnlyQuery(path: database.path).run(sql).rows.first?.first)
        return "\(value)"
    }

    @Test("fills every cell of every method, scores each answer, and trains each adapter once")
    func fillsEveryCell() throws {
        let tiny = try TinyBenchmark()
        var events: [RunEvent] = []
        let evaluation = try Evaluation(profile: TinyBenchmark.profile(), surroundings: tiny.surroundings)
        try evaluation.run(model: tiny.model, onEvent: { events.append($0) })
        // 15 methods and 4 sanity rows, 2 settings, 2 documents.
        let rows = try predictions(tiny.database)
        #expect(rows.count == 19 * 2 * 2)
        #expect(try tiny.database.adapters().count { $0.kind == "lora" } == 3)
        #expect(try tiny.database.adapters().count { $0.kind.hasPrefix("learnable") } == 4)
        #expect(
            try count(
                "SELECT count(*) FROM predictions WHERE id NOT IN (SELECT prediction_id FROM scores)", tiny.database
            ).contains("0"))
        #expect(try tiny.database.runs().first?.finishedAt != nil)
        let planned = events.compactMap {
            if case .planned(_, _, let adapters, let examples) = $0 { [adapters, examples] } else { nil }
        }
        let trained = events.compactMap {
            if case .trainingFinished(_, _, let examples, _, _) = $0 { examples } else { nil }
        }
        #expect(trained.count == 9)
        #expect(planned == [[9, trained.reduce(0, +)]])
        let reference = try ReadOnlyQuery(path: tiny.database.path).run(
            "SELECT min(value) FROM example_scores WHERE method = 'reference' AND metric = 'rouge1'")
        #expect(reference.rows == [[.real(100)]])
        let costs = try ReadOnlyQuery(path: tiny.database.path).run(
            "SELECT method, max(extra_parameters) > 0, CAST(max(passes) AS INTEGER) FROM efficiency GROUP BY method ORDER BY method"
        )
        for row in costs.rows {
            guard case .text(let method) = row[0] else { continue }
            let isLearned = method.hasPrefix("learnable") || ["joint-expert", "lorahub"].contains(method)
            #expect(row[1] == .integer(isLearned ? 1 : 0), "\(method)")
            #expect(row[2] == .integer(method.hasPrefix("multi-step") ? 2 : 1), "\(method)")
        }
    }

    @Test("trains with each learning rate of a list and takes the one with the least validation loss")
    func learningRates() throws {
        let tiny = try TinyBenchmark(validation: [2])
        var profile = try TinyBenchmark.profile("  - {name: main-lora}")
        profile.adapters.learningRates = [1e-9, 1e-2]
        profile.adapters.epochs = 4
        try Evaluation(profile: profile, surroundings: tiny.surroundings).run(model: tiny.model)
        let adapters = try tiny.database.adapters()
        try #require(adapters.count == 2)
        let losses = try adapters.map { try #require($0.validationLoss) }
        #expect(losses[1] < losses[0])
        let used = try count("SELECT DISTINCT adapter_id FROM cells WHERE adapter_id IS NOT NULL", tiny.database)
        #expect(used == "\(QueryValue.integer(adapters[1].id))")
        profile.adapters.validationExamples = 0
        let evaluation = try Evaluation(profile: profile, surroundings: tiny.surroundings)
        let error = try #require(throws: RunError.self) { try evaluation.run(model: tiny.model) }
        #expect(error.code == .missingExamples && error.key == "adapters.learning-rate")
    }

    @Test("passes over a learning rate at which training diverges while another one is left")
    func divergingLearningRate() throws {
        let tiny = try TinyBenchmark(validation: [2])
        var profile = try TinyBenchmark.profile("  - {name: main-lora}")
        profile.adapters.learningRates = [1e38, 1e-3]
        profile.adapters.epochs = 4
        var warnings: [String] = []
        try Evaluation(profile: profile, surroundings: tiny.surroundings).run(
            model: tiny.model, onEvent: { if case .warning(let text) = $0 { warnings.append(text) } })
        #expect(warnings.contains { $0.contains("at 1e+38") && $0.contains("diverged") }, "\(warnings)")
        #expect(try tiny.database.adapters().count == 1)
        profile.adapters.learningRates = [1e38, 2e38]
        let other = try TinyBenchmark(validation: [2])
        let evaluation = try Evaluation(profile: profile, surroundings: other.surroundings)
        let error = try #require(throws: RunError.self) { try evaluation.run(model: other.model) }
        #expect(error.code == .diverged)
    }

    @Test("keeps of what a method learns its own numbers alone, and makes the adapter from them again")
    func learnedFiles() throws {
        let tiny = try TinyBenchmark()
        let names = [
            "learnable-calibration", "learnable-calibration-plus", "projection-merge", "lora-soups", "adamerging",
        ]
        let methods =
            (names + ["joint-expert"]).map { "  - {name: \($0), parameters: {learning-rate: 0.01}}" }
            + ["  - {name: learnable-calibration, as: bias, parameters: {form: output-bias, learning-rate: 0.01}}"]
        func run(_ extra: String) throws -> Int {
            let profile = try TinyBenchmark.profile(methods.joined(separator: "\n"), extra: extra)
            var trained = 0
            try Evaluation(profile: profile, surroundings: tiny.surroundings).run(
                model: tiny.model,
                onEvent: {
                    if case .trainingFinished = $0 { trained += 1 }
                })
            return trained
        }
        #expect(try run("") == 3 + 7 * 2)
        let archive = AdapterArchive(tiny.surroundings.adapterFolder)
        let records = try tiny.database.adapters()
        for record in records {
            let isWhole = record.kind == "lora" || record.kind == "joint-expert"
            #expect(record.path.hasSuffix(".safetensors") != isWhole)
            #expect(record.bytes >= 4 * record.parameters && record.bytes < 4 * record.parameters + 8000)
            let adapter = try archive.read(record, in: tiny.database)
            #expect(isWhole ? adapter.parameterCount == record.parameters : adapter.parameterCount > record.parameters)
        }
        // Another run answers with the adapters that it makes from the files, and trains nothing.
        let first = try predictions(tiny.database)
        #expect(try run("sanity: true") == 0)
        let both = try predictions(tiny.database)
        #expect(both.count == 2 * first.count && Set(both) == Set(first))
        // Nor is one of use beside other weights than it was learned on, or without them; the errors say so.
        let learned = try #require(records.first { $0.kind == "lora-soups" })
        let parent = try #require(records.first { $0.kind == "lora" && $0.task == "summarize" })
        let other = ContentHash(of: "other weights").hex
        try tiny.database.execute("UPDATE adapters SET sha256 = '\(other)' WHERE id = \(parent.id)")
        let changed = #expect(throws: RunError.self) { try archive.read(learned, in: tiny.database) }
        #expect(changed?.message.contains("summarize has been trained again with other weights") == true)
        try tiny.database.execute("UPDATE adapters SET sha256 = '\(parent.sha256)' WHERE id = \(parent.id)")
        try FileManager.default.removeItem(at: archive.folder.appending(path: parent.path))
        let error = #expect(throws: RunError.self) { try archive.read(learned, in: tiny.database) }
        #expect(error?.code == .unreadable && error?.message.contains("summarize") == true)
    }

    @Test("runs variants of a method under names of their own, and trains no adapter of the same recipe again")
    func variants() throws {
        let tiny = try TinyBenchmark()
        let methods = """
              - {name: learnable-calibration-plus, parameters: {rank: 1}}
              - {name: learnable-calibration-plus, as: rank-2, parameters: {rank: 2}}
              - {name: learnable-calibration-plus, as: again, parameters: {rank: 1}}
            """
        try Evaluation(profile: TinyBenchmark.profile(methods), surroundings: tiny.surroundings).run(model: tiny.model)
        #expect(try tiny.database.adapters().count { $0.kind == "learnable-calibration-plus" } == 4)
        let names = try ReadOnlyQuery(path: tiny.database.path).run(
            "SELECT DISTINCT method, method_title FROM outputs WHERE method NOT IN ('reference', 'copy') ORDER BY 1")
        let text = names.rows.map { "\($0)" }.joined()
        #expect(text.contains("rank-2") && text.contains("Learnable Calibration++ (again)"), "\(text)")
    }

    @Test("refuses a variant with the name and parameters that another method has in an earlier run")
    func aliasOfAnotherMethod() throws {
        let tiny = try TinyBenchmark()
        func evaluation(_ method: String) throws -> Evaluation {
            try Evaluation(
                profile: TinyBenchmark.profile("  - {name: \(method), as: usual}"), surroundings: tiny.surroundings)
        }
        try evaluation("linear").run(model: tiny.model)
        _ = try evaluation("linear")
        let error = try #require(throws: RunError.self) { try evaluation("cat") }
        #expect(error.key == "methods[0].as" && error.message.contains("\"usual\" is Linear (usual)"))
    }

    @Test("keeps the last good adapter of a training that diverges, and names its folder")
    func divergence() throws {
        let tiny = try TinyBenchmark()
        var profile = try TinyBenchmark.profile("  - {name: main-lora}")
        profile.adapters.learningRates = [1e30]
        profile.adapters.epochs = 3
        let evaluation = try Evaluation(profile: profile, surroundings: tiny.surroundings)
        let error = try #require(throws: RunError.self) { try evaluation.run(model: tiny.model) }
        #expect(error.code == .diverged)
        let folder = tiny.folder.path("Adapters")
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix("-last-good")
        }
        try #require(kept.count == 1)
        #expect(error.message.contains(kept[0]) && error.message.contains("step 1"))
        for file in ["adapter_config.json", "adapter_model.safetensors"] {
            #expect(try !Data(contentsOf: folder.appending(path: kept[0]).appending(path: file)).isEmpty)
        }
        #expect(try tiny.database.adapters().isEmpty)
    }

    @Test("does nothing the second time")
    func secondRunIsIdle() throws {
        let tiny = try TinyBenchmark()
        let profile = try TinyBenchmark.profile("  - {name: linear}")
        try Evaluation(profile: profile, surroundings: tiny.surroundings).run(model: tiny.model)
        var worked = false
        try Evaluation(profile: profile, surroundings: tiny.surroundings).run(
            model: tiny.model,
            onEvent: { event in
                switch event {
                case .trainingStarted, .methodStarted, .predicted: worked = true
                default: break
                }
            })
        #expect(!worked)
    }

    @Test("in 8 bits is a run of its own, under adapters trained in float32")
    func eightBits() throws {
        let tiny = try TinyBenchmark()
        let evaluation = try Evaluation(profile: TinyBenchmark.profile(), surroundings: tiny.surroundings)
        let first = try evaluation.run(model: tiny.model)
        let adapters = try tiny.database.adapters().count
        let coarse = try LanguageModel(contentsOf: tiny.model.url, threads: 1, precision: .int8)
        let second = try evaluation.run(model: coarse)
        #expect(first != second)
        #expect(try tiny.database.adapters().count == adapters)
        #expect(try tiny.database.runs().map(\.precision).sorted() == ["f32", "int8"])
        // Where there are no adapters yet, a run in 8 bits trains them in float32, to the same bytes.
        let other = try TinyBenchmark()
        try Evaluation(profile: TinyBenchmark.profile(), surroundings: other.surroundings).run(model: coarse)
        #expect(Set(try other.database.adapters().map(\.sha256)) == Set(try tiny.database.adapters().map(\.sha256)))
    }

    @Test("that draws its tokens gives the same answers again, in one piece or in several")
    func sampling() throws {
        let profile = try TinyBenchmark.profile(extra: "sampling: {temperature: 1.5, top-k: 50}")
        let whole = try TinyBenchmark()
        try Evaluation(profile: profile, surroundings: whole.surroundings).run(model: whole.model)
        let pieces = try TinyBenchmark()
        var isDone = false
        for piece in 1...200 where !isDone {
            let looks = Mutex(0)
            do {
                try Evaluation(profile: profile, surroundings: pieces.surroundings).run(
                    model: pieces.model,
                    shouldStop: {
                        looks.withLock {
                            $0 += 1
                            return $0 > 8 * piece
                        }
                    })
                isDone = true
            } catch let error as RunError where error.code == .stopped {}
        }
        #expect(isDone)
        #expect(try predictions(pieces.database) == predictions(whole.database))
        let greedy = try TinyBenchmark()
        try Evaluation(profile: TinyBenchmark.profile(), surroundings: greedy.surroundings).run(model: greedy.model)
        #expect(try predictions(greedy.database) != predictions(whole.database))
    }

    @Test("measures how probable the references are")
    func likelihood() throws {
        let tiny = try TinyBenchmark()
        let families = try ReferenceLikelihood.measure(build: "tiny", in: tiny.database, model: tiny.model)
        #expect(families.map(\.family) == ["summarize+translate", "summarize+rewrite"])
        for family in families {
            #expect(family.examples == 3 && family.perplexity > 1 && family.bitsPerByte > 0)
            #expect(abs(family.perplexity - exp(-family.logLikelihood / Double(family.tokens))) < 1e-9)
        }
        #expect(throws: RunError.self) {
            try ReferenceLikelihood.measure(build: "none", in: tiny.database, model: tiny.model)
        }
    }

    @Test("trains a deleted adapter again")
    func lostAdapterComesBack() throws {
        let tiny = try TinyBenchmark()
        try Evaluation(profile: TinyBenchmark.profile("  - {name: main-lora}"), surroundings: tiny.surroundings)
            .run(model: tiny.model)
        try FileManager.default.removeItem(at: tiny.surroundings.adapterFolder)
        try Evaluation(profile: TinyBenchmark.profile("  - {name: cat}"), surroundings: tiny.surroundings)
            .run(model: tiny.model)
        #expect(try tiny.database.adapters().count == 3)
    }

    @Test("names what a profile asks for and the build lacks")
    func unknownNames() throws {
        let tiny = try TinyBenchmark()
        let cases: [(Profile, RunError.Code, String)] = [
            (try TinyBenchmark.profile("  - {name: tise}"), .unknownMethod, "ties"),
            (try TinyBenchmark.profile("  - {name: ties, parameters: {densty: 1}}"), .unknownMethod, "density"),
            (
                try Profile(
                    text:
                        "format: braid-profile\nversion: 1\nname: x\nbuild: other\nsettings: all\nmethods: [{name: cat}]",
                    file: "x.yml"), .missingBuild, "tiny"
            ),
            (
                try Profile(
                    text:
                        "format: braid-profile\nversion: 1\nname: x\nbuild: tiny\nsettings: [a+b]\nmethods: [{name: cat}]",
                    file: "x.yml"), .unknownSetting, "summarize+translate/es"
            ),
        ]
        for (profile, code, hint) in cases {
            let error = #expect(throws: RunError.self) {
                try Evaluation(profile: profile, surroundings: tiny.surroundings)
            }
            #expect(error?.code == code)
            #expect(error?.description.contains(hint) == true)
        }
    }
}
