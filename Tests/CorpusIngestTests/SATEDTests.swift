import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct SATEDTests {
    private func files() throws -> ScratchSource {
        try ScratchSource([
            "en-fr/test.en":
                "it &apos;s here , &quot; so &quot; .\nthank you .\nthank you .\nÉmile &#91; laughs &#93; .\n",
            "en-fr/test.fr":
                "c&apos; est ici , je crois qu&apos; en fait ...\nmerci .\nmerci bien !\nÉmile\u{200B} rit .\n",
            "en-fr/test.usr": "ida_grün_on_kites\nida_grün_on_kites\nbo_lind_why_sail\nbo_lind_why_sail\n",
            "README.txt": "Notes.",
        ])
    }

    @Test func linesAreSentencesOfATalk() throws {
        let files = try files()
        let source = try files.source()
        #expect(source.format.about.name == "sated" && source.units.map(\.split) == [.test])
        #expect(source.manifest.languages.map(\.code) == ["fr"] && source.manifest.licence == "CC-BY-NC-ND-4.0")
        let corpus = try files.read()
        #expect(corpus.documents.map(\.key) == (1...4).map { "en-fr-test-\($0)" })
        #expect(corpus.documents.map(\.topic).first == "ida grün on kites")
        #expect(corpus.documents[0].text == "it &apos;s here , &quot; so &quot; .")
        #expect(corpus.records(with: "tokeniser-escapes") == [1, 4])
        #expect(corpus.records(with: "zero-width") == [4])
        // Equal lines of different talks stay documents of their own.
        #expect(corpus.documents.count == 4)
    }

    @Test func detokenisingTakesBackEscapesAndBlanks() throws {
        var options = SourceOptions()
        options.detokenise = true
        let corpus = try files().read(options)
        #expect(corpus.documents.map(\.text) == ["it's here, \"so\".", "thank you.", "thank you.", "Émile [laughs]."])
        #expect(corpus.texts("en-fr-test-1", "fr") == ["c'est ici, je crois qu'en fait..."])
        #expect(corpus.texts("en-fr-test-3", "fr") == ["merci bien !"])
        #expect(corpus.records(with: "detokenised") == [1, 2, 3, 4])
        #expect(corpus.records(with: "tokeniser-escapes").isEmpty)
    }
}
