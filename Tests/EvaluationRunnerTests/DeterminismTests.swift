import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import Foundation
import ReportRendering
import TestSupport
import Testing

/// What must be the same to the byte whenever profile, seed and model are.
@Suite("The same profile, seed and model")
struct DeterminismTests {
    /// All that a run leaves but times: rows of the database without their numbers, hashes of adapters, and the report.
    private struct Traces: Equatable {
        var splits, predictions, scores, adapters, searches, costs: [String]
        var files: [String]

        init(_ tiny: TinyBenchmark) throws {
            let query = try ReadOnlyQuery(path: tiny.database.path)
            func rows(_ sql: String) throws -> [String] {
                try query.run(sql).rows.map { row in row.map { "\($0)" }.joined(separator: "|") }
            }
            splits = try rows("SELECT setting_id, split, position, document_id, input FROM examples ORDER BY 1, 2, 3")
            predictions = try rows(
                """
                SELECT method, setting, document_key, output, intermediate, finish, prompt_tokens, generated_tokens
                FROM outputs ORDER BY 1, 2, 3
                """)
            scores = try rows(
                "SELECT method, setting, document_key, signature, value FROM example_scores ORDER BY 1, 2, 3, 4")
            adapters = try rows(
                """
                SELECT task, kind, recipe_hash, sha256, first_loss, last_loss, validation_loss FROM adapters
                ORDER BY 1, 2, 3
                """)
            searches = try rows(
                """
                SELECT recipe, number, parameters, loss, penalty, tokens FROM search_evaluations
                JOIN searches ON searches.id = search_id ORDER BY 1, 2
                """)
            costs = try rows(
                """
                SELECT method_id, setting_id, extra_parameters, composition_bytes, passes, training_tokens, expected
                FROM cells ORDER BY 1, 2
                """)
            let folder = tiny.folder.path("Report")
            try ReportWriter.write(database: tiny.database, to: folder)
            files = try ReportWriter.repeatableNames.map {
                try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
            }
        }

        /// Which of them differ, since to print them all says nothing.
        func differences(from other: Traces) -> [String] {
            let pairs: [(String, [String], [String])] = [
                ("splits", splits, other.splits), ("predictions", predictions, other.predictions),
                ("scores", scores, other.scores), ("adapters", adapters, other.adapters),
                ("searches", searches, other.searches), ("costs", costs, other.costs), ("files", files, other.files),
            ]
            return pairs.filter { $1 != $2 || $1.isEmpty }.map(\.0)
        }
    }

    private static let profile =
        TinyBenchmark.allMethods + "\n  - {name: ties, as: ties-searched, search: {budget: 4, density: [0.3, 0.9]}}"

    private static func traces(threads: Int = 1, sequences: Int = 32, questions: Int? = nil) throws -> Traces {
        let tiny = try TinyBenchmark(threads: threads, validation: [2])
        var surroundings = tiny.surroundings
        surroundings.sequences = sequences
        var isDone = false
        // With `questions`, the work is stopped after so many looks at whether to stop, and then after as many more.
        for piece in 1...1_000 where !isDone {
            var looks = 0
            do {
                try Evaluation(profile: TinyBenchmark.profile(profile), surroundings: surroundings).run(
                    model: tiny.model,
                    shouldStop: {
                        looks += 1
                        return questions.map { looks > $0 * piece } ?? false
                    })
                isDone = true
            } catch let error as RunError where error.code == .stopped {}
        }
        #expect(isDone)
        return try Traces(tiny)
    }

    private static let whole = Result { try traces() }

    @Test("leave the same traces again")
    func again() throws {
        #expect(try Self.traces().differences(from: Self.whole.get()) == [])
    }

    @Test("leave the same traces with more threads", arguments: [2, 3, 8])
    func threads(_ count: Int) throws {
        #expect(try Self.traces(threads: count).differences(from: Self.whole.get()) == [])
    }

    @Test("leave the same traces with other numbers of answers at once", arguments: [1, 2, 5])
    func sequences(_ count: Int) throws {
        #expect(try Self.traces(sequences: count).differences(from: Self.whole.get()) == [])
    }

    @Test("leave the same traces wherever the run was interrupted", arguments: [7, 10, 23])
    func resumes(_ questions: Int) throws {
        #expect(try Self.traces(questions: questions).differences(from: Self.whole.get()) == [])
    }

    @Test("leave other traces under another seed, so that the traces are worth comparing")
    func otherSeed() throws {
        let tiny = try TinyBenchmark(validation: [2])
        let text = TinyBenchmark.profileText(Self.profile).replacing("seed: 3", with: "seed: 4")
        try Evaluation(profile: Profile(text: text, file: "tiny.yml"), surroundings: tiny.surroundings).run(
            model: tiny.model)
        let differences = try Traces(tiny).differences(from: Self.whole.get())
        #expect(differences.contains("predictions") && differences.contains("adapters"))
    }
}
