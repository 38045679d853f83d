import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import ModelEngine
import TestSupport
import Testing

@Suite("Reference methods in a run")
struct ReferenceMethodsTests {
    private func rows(_ sql: String, _ tiny: TinyBenchmark) throws -> [String] {
        try ReadOnlyQuery(path: tiny.database.path).run(sql).rows.map { row in
            row.map { if case .text(let text) = $0 { text } else { "\($0)" } }.joined(separator: " ")
        }
    }

    private func run(_ tiny: TinyBenchmark, _ methods: String, newTokens: Int = 6) throws -> [String] {
        var warnings: [String] = []
        var profile = try TinyBenchmark.profile(methods)
        profile.newTokens = newTokens
        try Evaluation(profile: profile, surroundings: tiny.surroundings)
            .run(model: tiny.model, onEvent: { if case .warning(let text) = $0 { warnings.append(text) } })
        return warnings
    }

    /// Tokens of the longest answer, both passes together.
    private let mostTokens = """
        SELECT CAST(max(p.generated_tokens) AS TEXT) FROM predictions p JOIN cells c ON c.id = p.cell_id
        JOIN methods m ON m.id = c.method_id WHERE m.name = '
        """

    @Test("the first pass of the reversed order is not cut at the length of answers, and its tokens count")
    func reversed() throws {
        let tiny = try TinyBenchmark()
        _ = try run(tiny, "  - {name: multi-step}\n  - {name: multi-step-reversed}")
        let input = try #require(
            try tiny.database.examples(ofSetting: 4, split: .test).first
        ).input
        let limit = tiny.model.tokenizer.encode(input, parseSpecial: false).count * 3 / 2 + 16
        let both = try #require(try rows(mostTokens + "multi-step'", tiny).first.flatMap { Int($0) })
        let reversed = try #require(try rows(mostTokens + "multi-step-reversed'", tiny).first.flatMap { Int($0) })
        #expect(both <= 12)
        // Test inputs differ by a token or two.
        #expect(reversed > 12 && reversed <= limit + 6 + 6)
    }

    @Test("line by line, the first pass has a line for each of the input's")
    func lines() throws {
        let tiny = try TinyBenchmark()
        _ = try run(tiny, "  - {name: multi-step-reversed, parameters: {first-pass: lines}}")
        let found = try rows("SELECT intermediate FROM outputs WHERE method = 'multi-step-reversed'", tiny)
        #expect(found.count == 4 && found.allSatisfy { $0.contains("\n") })
    }

    @Test(
        "where no worked example fits the context, few-shot is zero-shot, with a warning",
        arguments: ["first", "nearest", "random"])
    func noRoom(_ choice: String) throws {
        let short = try TinyBenchmark()
        _ = try run(short, "  - {name: zero-shot}")
        let sql = "SELECT CAST(max(p.prompt_tokens) AS TEXT) FROM predictions p"
        let prompt = try #require(try rows(sql, short).first.flatMap { Int($0) })
        let tiny = try TinyBenchmark()
        let warnings = try run(
            tiny, "  - {name: zero-shot}\n  - {name: few-shot, parameters: {shots: 2, choice: \(choice)}}",
            newTokens: tiny.model.configuration.contextLength - prompt)
        #expect(
            warnings.contains {
                $0.hasPrefix("fewer than 2 worked examples are shown for 2 of 2 questions of summarize+translate/es")
            })
        let outputs = "SELECT output FROM outputs WHERE method = '%' ORDER BY setting, document_key"
        let few = try rows(outputs.replacing("%", with: "few-shot"), tiny)
        #expect(try !few.isEmpty && few == rows(outputs.replacing("%", with: "zero-shot"), tiny))
    }

    @Test("random examples differ between questions but not between runs")
    func random() throws {
        let method = "  - {name: few-shot, parameters: {shots: 2, choice: random}}"
        let sql = "SELECT output FROM outputs WHERE method = 'few-shot' ORDER BY setting, document_key"
        let first = try TinyBenchmark()
        #expect(try run(first, method).allSatisfy { !$0.contains("worked examples") })
        let second = try TinyBenchmark()
        _ = try run(second, method)
        #expect(try rows(sql, first) == rows(sql, second))
    }
}
