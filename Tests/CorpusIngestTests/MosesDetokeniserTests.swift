import CorpusIngest
import TestSupport
import Testing

@Suite struct MosesDetokeniserTests {
    private struct Line: Decodable {
        let language: String
        let text: String
        let detokenised: String
    }

    @Test func givesTheTextThatSacremosesGives() throws {
        let lines = try Fixtures.jsonLines(Line.self, "detokeniser/lines.jsonl")
        #expect(lines.count == 658)
        for line in lines {
            let text = MosesDetokeniser(language: line.language).detokenised(line.text)
            #expect(text == line.detokenised, "\(line.language): \(line.text)")
        }
    }

    @Test func aRegionDoesNotMatter() {
        #expect(MosesDetokeniser(language: "fr-CA").detokenised("qu&apos; en été ?") == "qu'en été ?")
    }
}
