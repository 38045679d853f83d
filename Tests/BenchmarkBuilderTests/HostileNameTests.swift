import BenchmarkBuilder
import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// Files and folders of a build are called after names that corpora and databases bring along.
@Suite struct HostileNameTests {
    private func refusal(_ corpus: TestCorpus, name: String = "test") throws -> (BuildError, written: [String]) {
        let store = try TestStore(corpus)
        let error = try #require(throws: BuildError.self) {
            _ = try BenchmarkBuilder.build(
                BuildParameters(name: name, corpora: ["made-up"]), in: store.database,
                exportingTo: store.folder.path("out/test"))
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: store.folder.url.path)
        return (error, files.filter { !$0.hasPrefix("test.sqlite") })
    }

    @Test(arguments: ["../../x", "..", "/x", "a/b", "es\u{1B}[2J", "es\n"])
    func aLanguageIsACode(_ code: String) throws {
        var corpus = TestCorpus()
        corpus.languages = [(code, "Spanish")]
        let (error, written) = try refusal(corpus)
        #expect(error.code == .corpus && error.key == "made-up" && written.isEmpty, "\(error) \(written)")
    }

    @Test(arguments: ["../../x", "..", "/x", "a/b", "Witty", "witty\u{202E}"])
    func aToneIsAName(_ name: String) throws {
        var corpus = TestCorpus()
        corpus.tones = [(name, "in a witty tone")]
        let (error, written) = try refusal(corpus)
        #expect(error.code == .corpus && error.key == "made-up" && written.isEmpty, "\(error) \(written)")
    }

    @Test(arguments: ["../../x", "..", "", "a/b", "a b"])
    func aBuildHasAPlainName(_ name: String) throws {
        let (error, written) = try refusal(TestCorpus(), name: name)
        #expect(error.code == .parameters && error.key == "name" && written.isEmpty)
    }

    @Test func whatACorpusSaysOfItselfIsNoMarkupInTheCard() throws {
        let evil = "<script>alert(1)</script>\u{202E}\n# Heading\n<img src=x>"
        var contents = TestCorpus().contents
        contents.corpus.title = evil
        contents.corpus.description = evil
        contents.corpus.citation = evil
        let folder = try ScratchFolder()
        let database = try BenchmarkDatabase(path: folder.path("test.sqlite").path)
        try database.insertCorpus(contents)
        _ = try BenchmarkBuilder.build(
            BuildParameters(name: "test", corpora: ["made-up"]), in: database, exportingTo: folder.path("out"))
        let card = try String(contentsOf: folder.path("out/README.md"), encoding: .utf8)
        #expect(!card.contains("<script") && !card.contains("<img") && !card.contains("\n# Heading"))
        #expect(card.contains("&lt;script>alert(1)&lt;/script>⟦U+202E⟧ # Heading &lt;img src=x>"))
    }

    @Test(arguments: [
        ("quick", true), ("A_b-c.2", true), ("..", false), (".a", false), ("-a", false), ("", false), ("a/b", false),
        ("a\\b", false), ("é", false), ("a\u{0}", false), (String(repeating: "a", count: 128), true),
        (String(repeating: "a", count: 129), false),
    ])
    func filesHavePlainNames(_ name: String, _ isPlain: Bool) {
        #expect(name.isPlainFileName == isPlain)
    }

    @Test(arguments: [
        ("es", true), ("pt-BR", true), ("zh-Hant-HK", true), ("calv", true), ("de-x-formal", true), ("e", false),
        ("spanishen", false), ("es-", false), ("es/x", false), ("es.", false), ("é1", false), ("../x", false),
    ])
    func languagesHaveTagsThatAreNames(_ tag: String, _ isTag: Bool) {
        #expect(tag.isLanguageTag == isTag && tag.isLanguageCode == (isTag && tag != "calv"))
    }

    @Test(arguments: [
        ("a", true), ("a/b.jsonl", true), ("..", false), ("a/../b", false), ("/a", false), ("a//b", false), ("", false),
        ("./a", false), ("a\\..\\b", false),
    ])
    func pathsStayInside(_ path: String, _ isInside: Bool) {
        #expect(path.isPathInsideFolder == isInside)
    }
}
