import Foundation
import ReportRendering
import TestSupport
import Testing

@Suite("Languages and scripts in reports")
struct LanguageReportTests {
    private static let signature = "language|langs:ar+de+en|version:braid-2"

    /// A run with targets in Arabic, two kinds of German, and Hebrew, which the language check does not know.
    static func input(hebrew documents: Int = 8) -> ReportInput {
        var input = SampleRun.input(methods: ["reference", "copy", "linear", "ties"], output: "Noa: שלום, 12 דקות.")
        let targets = [
            ("es", "ar", "العربية"), ("fr", "de-x-formal", "German (formal)"), ("de", "he", "עברית"),
        ]
        func rename(_ name: String) -> String {
            targets.first { name.hasSuffix("translate/\($0.0)") }.map { "summarize+translate/\($0.1)" } ?? name
        }
        for index in input.settings.indices where input.settings[index].targetKind == "language" {
            let target = targets[index]
            input.settings[index].name = rename(input.settings[index].name)
            input.settings[index].target = target.1
            input.settings[index].targetLabel = target.2
        }
        for index in input.cells.indices { input.cells[index].setting = rename(input.cells[index].setting) }
        for index in input.scores.indices {
            input.scores[index].setting = rename(input.scores[index].setting)
            if input.scores[index].signature == SampleRun.languageSignature {
                input.scores[index].signature = signature
            }
        }
        for index in input.examples.indices {
            input.examples[index].setting = rename(input.examples[index].setting)
            if input.examples[index].setting.hasSuffix("/ar") {
                input.examples[index].output = "يلتقون عند البحيرة الساعة 5."
            }
        }
        let isHebrew = { (setting: String) in setting.hasSuffix("/he") }
        input.scores.removeAll {
            isHebrew($0.setting) && ($0.signature == signature || $0.document >= documents)
        }
        for index in input.cells.indices where isHebrew(input.cells[index].setting) {
            input.cells[index].expected = documents
            input.cells[index].complete = documents
        }
        for index in input.metrics.indices where input.metrics[index].name == "language" {
            input.metrics[index].signature = signature
        }
        return input
    }

    @Test("text of corpora and models has its language and its own direction")
    func attributes() throws {
        let page = try HTMLReport().render(ReportPage(ReportData(Self.input())))
        #expect(TagBalance.fault(in: page) == nil)
        #expect(page.contains("<html lang=\"en\" dir=\"ltr\">"))
        #expect(page.contains("<pre dir=\"auto\" lang=\"ar\">\nيلتقون"))
        #expect(page.contains("<pre dir=\"auto\" lang=\"de-x-formal\">\n"))
        // The input and the first of two passes are in the language of the documents, the answer is in the target's.
        let hebrew = try #require(page.components(separatedBy: "<summary>summarize+translate/he</summary>").last)
        let parts = hebrew.components(separatedBy: "</details>")[0].components(separatedBy: "<p class=\"label\">")
            .dropFirst()
        let languages = parts.map { part in
            (
                part.prefix { $0 != "<" },
                part.components(separatedBy: "lang=\"").dropFirst().first?.prefix { $0 != "\"" }
            )
        }
        #expect(
            languages.map { "\($0.0): \($0.1 ?? "none")" } == [
                "Input: en", "Instruction: none", "Reference (written for this project): he", "Linear, first pass: en",
                "Linear: he", "TIES, first pass: en", "TIES: he",
            ])
    }

    @Test("a code that is no language tag gives no attribute")
    func badCode() throws {
        var input = Self.input()
        input.settings[0].target = "Brazilian \"Portuguese\""
        input.run.corpora[0].language = "<x>"
        let page = try HTMLReport().render(ReportPage(ReportData(input)))
        #expect(TagBalance.fault(in: page) == nil)
        #expect(!page.contains("lang=\"Brazil") && !page.contains("lang=\"&lt;"))
        #expect(page.contains("lang=\"de-x-formal\""))
    }

    @Test("right-to-left words inside ours are isolated, in HTML by elements and in Markdown by marks")
    func isolation() throws {
        let data = ReportData(Self.input())
        let page = try HTMLReport().render(ReportPage(data))
        #expect(page.contains("<th scope=\"col\" class=\"number\"><bdi>العربية</bdi><small>ROUGE-L</small></th>"))
        #expect(page.contains("<bdi>עברית</bdi> (he)"))
        #expect(!page.contains("aria-label=\"<bdi>"))
        let markdown = MarkdownLeaderboard.render(ReportPage(data))
        #expect(MarkdownBalance.fault(in: markdown) == nil)
        #expect(markdown.contains("| \u{2068}العربية\u{2069}, ROUGE-L |"))
        let plain = MarkdownLeaderboard.render(ReportPage(ReportData(SampleRun.input())))
        #expect(!plain.unicodeScalars.contains { $0 == "\u{2068}" || $0 == "\u{2069}" })
    }

    @Test(
        "a run of right-to-left words goes to its last letter",
        arguments: [
            ("a b", "a b"), ("שלום", "[שלום]"), ("שלום, 5 דקות. 7", "[שלום, 5 דקות]. 7"),
            ("x אב y גד", "x [אב] y [גד]"),
            ("كلَّ يومٌ 3", "[كلَّ يومٌ] 3"), ("٣ 5", "٣ 5"), ("", ""), ("(אב)", "([אב])"),
        ])
    func runs(text: String, expected: String) {
        let marked = expected.replacing("[", with: "\u{2068}").replacing("]", with: "\u{2069}")
        #expect(MarkdownText.inline(text) == marked)
        let elements = expected.replacing("[", with: "<bdi>").replacing("]", with: "</bdi>")
        #expect(HTMLText(mixed: text).markup == elements)
    }

    @Test("a language that the check does not know is shown as not judged, with the reason")
    func notJudged() throws {
        let data = ReportData(Self.input())
        let targets = try #require(data.families.first { $0.name == "summarize+translate" }?.targets)
        #expect(targets.map(\.isLanguageJudged) == [true, true, false])
        #expect(targets.map(\.language) == ["ar", "de", "he"])
        #expect(targets[2].scores.allSatisfy { $0.conditional == nil && $0.rightLanguage == nil && $0.estimate != nil })
        let markdown = MarkdownLeaderboard.render(ReportPage(data))
        let row = try #require(
            markdown.split(separator: "\n").first { $0.hasPrefix("| Linear") && $0.contains("judged") })
        #expect(row.hasSuffix("| not judged | not judged |"))
        #expect(
            markdown.contains(
                "Not judged by language, for want of training text to tell it by: \u{2068}עברית\u{2069} (he)."))
        #expect(markdown.contains("The language check chooses among ar, de, en;"))
        // Answers of rewriting settings are in English, which is judged.
        #expect(
            data.families.first { $0.name == "summarize+rewrite" }?.targets.allSatisfy { $0.isLanguageJudged == true }
                == true)
    }

    @Test("a run without a language check says so")
    func noCheck() {
        var input = Self.input()
        input.metrics.removeAll { $0.name == "language" }
        input.scores.removeAll { $0.signature == Self.signature }
        let markdown = MarkdownLeaderboard.render(ReportPage(ReportData(input)))
        #expect(markdown.contains("The language of answers was not judged"))
        #expect(!markdown.contains("right language, %"))
    }

    @Test("varieties that are one language to the check are named")
    func varieties() {
        var input = Self.input()
        input.settings[0].target = "de-x-informal"
        input.settings[0].targetLabel = "German (informal)"
        let markdown = MarkdownLeaderboard.render(ReportPage(ReportData(input)))
        #expect(
            markdown.contains(
                "German (informal) (de-x-informal), German (formal) (de-x-formal) are one language to the language check, de."
            ))
    }

    @Test("settings with fewer documents are counted in a note")
    func fewDocuments() {
        let markdown = MarkdownLeaderboard.render(ReportPage(ReportData(Self.input(hebrew: 2))))
        #expect(
            markdown.contains(
                "Test documents: \u{2068}العربية\u{2069} 8, German (formal) 8, \u{2068}עברית\u{2069} 2. With fewer than 6"
            ))
        let same = MarkdownLeaderboard.render(ReportPage(ReportData(Self.input())))
        #expect(!same.contains("Test documents: "))
    }

    @Test("who wrote the references is told by setting where settings differ")
    func writers() {
        var input = SampleRun.input(methods: ["copy", "linear"])
        input.references = input.settings.map { ReferenceFacts(setting: $0.name, origin: "project", first: 8) }
        let same = MarkdownLeaderboard.render(ReportPage(ReportData(input)))
        #expect(same.contains("| each of the 5 settings | 8 |"))
        #expect(same.contains("- **References:** 40 written for this project"))
        input.references[0] = ReferenceFacts(setting: input.settings[0].name, origin: "project", first: 5, further: 2)
        input.references += [
            ReferenceFacts(setting: input.settings[0].name, origin: "model:Ample 7B", first: 3),
            ReferenceFacts(setting: input.settings[1].name, origin: "person", first: 0, further: 8),
        ]
        let mixed = MarkdownLeaderboard.render(ReportPage(ReportData(input)))
        #expect(
            mixed.contains(
                "| Setting | written by a person | written for this project | written by the model Ample 7B |"))
        #expect(mixed.contains("| summarize+translate/es | – | 5; and 2 further | 3 |"))
        #expect(mixed.contains("| summarize+translate/fr | 0; and 8 further | 8 | – |"))
        #expect(mixed.contains("A reference that a model wrote rewards answers like that model's."))
    }
}
