import Testing
import TextMetrics

@Suite("Languages by their codes and their training text")
struct LanguageTrainingTests {
    @Test(
        "Tags are taken apart, and region, variants and private use do not count for detection",
        arguments: [
            ("es", "es"), ("de-x-formal", "de"), ("de-x-informal", "de"), ("pt-BR", "pt"), ("pt_PT", "pt"),
            ("zh-Hant-HK", "zh-Hant"),
            ("zh-hant", "zh-Hant"), ("zh-yue", "yue"), ("zh-yue-HK", "yue"), ("yue", "yue"), ("ES-419", "es"),
            ("sr-Latn", "sr-Latn"),
            ("sl-rozaj-biske", "sl"), ("en-a-bbb-x-a", "en"), ("ca-valencia", "ca"),
        ])
    func tags(code: String, detected: String) {
        #expect(LanguageTag(code)?.detected == detected)
        #expect(LanguageTag.detected(code) == detected)
    }

    @Test(
        "What is no tag stands for itself",
        arguments: ["", "-", "e", "de-", "de--x", "x-formal", "de-x", "Brazilian Portuguese", "élfico", "de\"on"])
    func noTags(code: String) {
        #expect(LanguageTag(code) == nil)
        #expect(LanguageTag.detected(code) == code)
    }

    /// Lines in a language of 26 invented words, enough for so many letters.
    private static func lines(_ language: String, _ first: Unicode.Scalar, letters: Int) -> [(
        language: String, text: String
    )] {
        let word = String(String.UnicodeScalarView((0..<10).compactMap { Unicode.Scalar(first.value + ($0 * 7) % 10) }))
        return (0..<letters / 10).map { _ in (language, word) }
    }

    @Test("A language needs less text where it is alone in its script")
    func amounts() {
        let english = LanguageTrainingText.pairs.filter { $0.language == "en" }
        let latin = Self.lines("en", "a", letters: 2_000)
        let few = LanguageTraining(latin + Self.lines("it", "e", letters: 1_990) + Self.lines("el", "α", letters: 200))
        #expect(few.identifier?.languages == ["el", "en"])
        #expect(few.notJudged.map(\.language) == ["it"])
        #expect(few.notJudged.map(\.letters) == [1_990] && few.notJudged.map(\.needed) == [2_000])
        let enough = LanguageTraining(
            latin + Self.lines("it", "e", letters: 2_000) + Self.lines("el", "α", letters: 190))
        #expect(enough.identifier?.languages == ["en", "it"])
        #expect(enough.notJudged.map(\.language) == ["el"])
        #expect(LanguageTraining(english).identifier == nil)
        #expect(LanguageTraining(english).notJudged.map(\.language) == ["en"])
        #expect(LanguageTraining([]).amounts.isEmpty)
    }

    @Test("Varieties of a language teach one, and two of one script each need their own text")
    func varieties() {
        let training = LanguageTraining(
            Self.lines("en", "a", letters: 2_000) + Self.lines("de-x-formal", "e", letters: 1_000)
                + Self.lines("de-x-informal", "e", letters: 1_000) + Self.lines("yue", "喺", letters: 300)
                + Self.lines("zh", "喺", letters: 300))
        #expect(training.identifier?.languages == ["de", "en"])
        #expect(training.notJudged.map(\.language) == ["yue", "zh"])
        let alone = LanguageTraining(Self.lines("en", "a", letters: 2_000) + Self.lines("yue", "喺", letters: 300))
        #expect(alone.identifier?.languages == ["en", "yue"])
    }

    @Test("Ideographs that training never showed still speak for the language that has such letters")
    func unseenIdeographs() throws {
        let pairs = LanguageTrainingText.pairs + [(language: "yue", text: "我喺巴士站等緊佢，佢話遲啲先到。")]
        let identifier = try LanguageIdentifier(training: pairs)
        #expect(identifier.detect("明天下雨")?.language == "yue")
        #expect(identifier.report("Mia 買麵包。").outcome == .language("yue"))
        let read = try LanguageIdentifier(serialized: identifier.serialized())
        #expect(read.detect("明天下雨") == identifier.detect("明天下雨"))
        // Where no training text has ideographs, they say nothing.
        #expect(try LanguageIdentifier(training: LanguageTrainingText.pairs).detect("明天下雨") == nil)
    }
}
