import BenchmarkStore
import EvaluationRunner
import EvaluationSupport
import Foundation
import TestSupport
import Testing

@Suite("Settings, languages and references of a run")
struct LanguagesInRunsTests {
    private func run(
        _ tiny: TinyBenchmark, _ methods: String = "  - {name: zero-shot}", extra: String = ""
    ) throws -> [String] {
        var warnings: [String] = []
        try Evaluation(profile: TinyBenchmark.profile(methods, extra: extra), surroundings: tiny.surroundings)
            .run(model: tiny.model, onEvent: { if case .warning(let text) = $0 { warnings.append(text) } })
        return warnings
    }

    private func column(_ sql: String, _ tiny: TinyBenchmark) throws -> [String] {
        try ReadOnlyQuery(path: tiny.database.path).run(sql).rows.map { row in
            row.map { if case .text(let text) = $0 { text } else { "\($0)" } }.joined(separator: " ")
        }
    }

    @Test("each setting has its own first test documents, in the order that all share")
    func documentsBySetting() throws {
        let tiny = try TinyBenchmark(further: [
            ("summarize+translate/pt", [0, 4, 5]), ("summarize+translate/it", [0, 3]),
        ])
        _ = try run(tiny)
        let sql = "SELECT document_key FROM outputs WHERE method = 'zero-shot' AND setting = 'summarize+translate/"
        #expect(try column(sql + "es' ORDER BY 1", tiny) == ["bus", "key"])
        #expect(try column(sql + "pt' ORDER BY 1", tiny) == ["hat", "key"])
        #expect(try column(sql + "it'", tiny) == ["bus"])
        // With one test document, the other reference is that of a training document.
        let other = "SELECT output FROM outputs WHERE method = 'other-reference' AND setting = 'summarize+translate/it'"
        #expect(try column(other, tiny) == ["el bread"])
    }

    @Test("a setting without test examples is left out with a warning, unless the profile names it")
    func noTestExamples() throws {
        let tiny = try TinyBenchmark(further: [("summarize+translate/pt", [0, 1])])
        let warnings = try run(tiny)
        #expect(warnings.contains { $0.contains("summarize+translate/pt has no test examples and is left out") })
        #expect(try column("SELECT DISTINCT setting FROM outputs ORDER BY 1", tiny).count == 2)
        let named = try TinyBenchmark.profile("  - {name: zero-shot}").text
            .replacing("settings: all", with: "settings: [summarize+translate/pt]")
        let error = #expect(throws: RunError.self) {
            try Evaluation(profile: try Profile(text: named, file: "named.yml"), surroundings: tiny.surroundings)
        }
        #expect(error?.code == .missingExamples)
    }

    @Test("few-shot says where it has fewer worked examples than it shows")
    func fewShots() throws {
        let tiny = try TinyBenchmark(further: [("summarize+translate/pt", [2, 4])])
        let warnings = try run(tiny, "  - {name: few-shot, parameters: {shots: 2}}")
        #expect(
            warnings.filter { $0.contains("few-shot") } == [
                "few-shot shows 1 of 2 worked examples for summarize+translate/pt: its training split has no more"
            ])
    }

    @Test("learned methods say where a split has fewer examples than they are to take")
    func fewLearningExamples() throws {
        let tiny = try TinyBenchmark()
        let warnings = try run(
            tiny, "  - {name: lora-soups, parameters: {examples: 9, epochs: 1, validation-examples: 4}}")
        let setting = "summarize+translate/es"
        #expect(
            warnings.filter { $0.contains("lora-soups") && $0.contains(setting) } == [
                "lora-soups learns with 3 of 9 train examples for \(setting): the split has no more",
                "lora-soups learns with 0 of 4 validation examples for \(setting): the split has no more, "
                    + "so the last epoch is kept",
            ])
        #expect(try tiny.database.adapters().filter { $0.kind == "lora-soups" }.allSatisfy { $0.trainExamples == 3 })
    }

    @Test("languages with too little training text have no language score, and the run says so")
    func notJudged() throws {
        let tiny = try TinyBenchmark()
        let warnings = try run(tiny)
        #expect(
            warnings.contains {
                $0.hasPrefix("language es: whether answers are in it is not judged: ") && $0.contains("2000")
            })
        #expect(try column("SELECT DISTINCT metric FROM example_scores WHERE metric = 'language'", tiny).isEmpty)
    }

    @Test("several references: each kind of score takes the best, and the signatures say that there are several")
    func severalReferences() throws {
        let one = try TinyBenchmark()
        _ = try run(one)
        let several = try TinyBenchmark()
        let setting = try #require(
            try several.database.settings(ofBuild: 1).first { $0.name == "summarize+translate/es" })
        let example = try #require(try several.database.examples(ofSetting: setting.id, split: .test).first)
        // The copy of the input meets its own words here.
        let text = ReferenceText(text: example.input, origin: "model:other")
        for (position, reference) in [ReferenceText(text: "nada", origin: "person"), text].enumerated() {
            let quoted = reference.text.replacingOccurrences(of: "'", with: "''")
            try several.database.execute(
                """
                INSERT INTO further_references (example_id, position, text, origin)
                VALUES (\(example.id), \(position + 1), '\(quoted)', '\(reference.origin)')
                """)
        }
        #expect(
            try several.database.references(ofExample: example.id).map(\.origin) == ["person", "person", "model:other"])
        #expect(try several.database.furtherReferences(ofSetting: setting.id, split: .test)[example.id]?.last == text)
        _ = try run(several)
        let sql = """
            SELECT metric, CAST(round(value) AS INTEGER) FROM example_scores
            WHERE method = 'copy' AND setting = 'summarize+translate/es' AND document_key = 'bus'
                AND metric IN ('rougeL', 'chrF++', 'bleu') ORDER BY 1
            """
        #expect(try column(sql, several).allSatisfy { $0.contains("100") } && column(sql, several).count == 3)
        #expect(try column(sql, one).allSatisfy { !$0.contains("100") })
        let signatures = try column("SELECT DISTINCT signature FROM scores WHERE metric <> 'language'", several)
        #expect(!signatures.isEmpty && signatures.allSatisfy { $0.contains("|nrefs:var|") })
        let single = try column("SELECT DISTINCT signature FROM scores WHERE metric <> 'language'", one)
        #expect(!single.isEmpty && single.allSatisfy { $0.contains("|nrefs:1|") })
    }

    @Test("BLEU counts what suits the script of each language, and says which")
    func scripts() {
        let scorer = PredictionScorer(
            languageTraining: [], translations: ["yue": ["我喺度等你。"], "es": ["Te espero aquí."], "th": ["แมวนอน"]])
        func bleu(_ language: String, source: String?) -> String? {
            scorer.scores(prediction: "x", references: ["x"], language: language, source: source)
                .first { $0.metric == "bleu" }?.signature
        }
        #expect(bleu("yue", source: "a")?.contains("|tok:braid-han|") == true)
        #expect(bleu("es", source: "a")?.contains("|tok:13a|") == true)
        #expect(bleu("th", source: "a")?.contains("|tok:char|") == true)
        #expect(bleu("es", source: nil) == nil && bleu("fr", source: "a") == nil)
        #expect(scorer.metrics.count { $0.name == "bleu" } == 3)
    }

    @Test("languages go by their tags: formal and informal German are German to the check")
    func tags() {
        let words = [
            ("de-x-formal", "Können Sie mir bitte sagen, wann der nächste Zug nach Hause fährt?"),
            ("de-x-informal", "Kannst du mir bitte sagen, wo du gestern den Schlüssel hingelegt hast?"),
            ("en", "Could you please tell me when the next train home will be leaving?"),
        ]
        let training = words.flatMap { word in (0..<60).map { _ in (language: word.0, text: word.1) } }
        let scorer = PredictionScorer(languageTraining: training)
        func judge(_ text: String, _ language: String) -> Double? {
            scorer.scores(prediction: text, references: ["x"], language: language, source: nil)
                .first { $0.metric == "language" }?.value
        }
        #expect(scorer.notJudged.isEmpty)
        for language in ["de-x-formal", "de-x-informal", "de"] {
            #expect(judge("Kannst du mir bitte sagen, wann der Zug fährt?", language) == 1)
            #expect(judge("Could you tell me when the train will be leaving?", language) == 0)
        }
        #expect(judge("Kannst du mir bitte sagen, wann der Zug fährt?", "pt") == nil)
    }
}
