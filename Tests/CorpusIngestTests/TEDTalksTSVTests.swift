import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct TEDTalksTSVTests {
    private func files() throws -> ScratchSource {
        try ScratchSource([
            "all_talks_dev.tsv": """
            talk_name\ten\tde\tpt-br\tcalv
            ida_grün_on_kites\tit 's " windy .\tes ist windig .\t__NULL__\t__NULL__
            ida_grün_on_kites\t__NULL__\tja .\tsim .\t__NULL__
            bo_lind_why_sail\tnobody .\t__NULL__\t_ _ NULL _ _\t
            bo_lind_why_sail\twhy ?\twarum ?\tpor quê ?\t__NULL__

            """
        ])
    }

    @Test func rowsAreSentencesInTheLanguagesTheyHave() throws {
        let files = try files()
        let source = try files.source()
        #expect(source.format.about.name == "ted-talks" && source.units.map(\.split) == [.validation])
        #expect(source.manifest.languages.map(\.code) == ["calv", "de", "pt-BR"])
        let corpus = try files.read()
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files[0].records == 4)
        #expect(corpus.documents.map(\.key) == ["all_talks_dev-1", "all_talks_dev-4"])
        #expect(corpus.documents.map { $0.versions.map(\.variant) } == [["de"], ["de", "pt-BR"]])
        #expect(corpus.documents[0].text == "it 's \" windy ." && corpus.documents[0].topic == "ida grün on kites")
        #expect(corpus.records(with: "no-source") == [2] && corpus.records(with: "no-translation") == [3])
    }

    @Test func languageAndDetokenisingAreOptions() throws {
        var options = SourceOptions()
        options.language = "de"
        options.languages = [CorpusManifest.Language(code: "en")]
        options.detokenise = true
        let corpus = try files().read(options)
        #expect(corpus.documents.map(\.text) == ["es ist windig.", "warum?"])
        #expect(corpus.texts("all_talks_dev-4", "en") == ["why?"])
    }
}
