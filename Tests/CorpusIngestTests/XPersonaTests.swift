import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct XPersonaTests {
    private static let english =
        #"[{"persona": ["i sail ."], "dialogue": [["hi there .", "ahoy !"], ["you sail ?", "i do ."]]}, "#
        + #"{"persona": ["i knit ."], "dialogue": [["hello .", "hi ."]]}]"#
    private static let french =
        #"[{"persona": ["Je tricote."], "dialogue": [["Bonjour\#u{200B}.", "Salut !"]]}]"#

    private func files() throws -> ScratchSource {
        try ScratchSource([
            "En_persona_test.json": Self.english, "Fr_persona_split_test_human_annotated.json": Self.french,
        ])
    }

    @Test func pairsAreTurnsAndTheLastIsTheReply() throws {
        let files = try files()
        let source = try files.source()
        #expect(source.format.about.name == "xpersona" && source.manifest.language == "en")
        #expect(source.passedOver.map(\.path) == ["Fr_persona_split_test_human_annotated.json"])
        let corpus = try files.read()
        #expect(corpus.documents.map(\.key) == ["En_persona_test-1", "En_persona_test-2"])
        #expect(corpus.documents[0].turns.map(\.text) == ["hi there .", "ahoy !", "you sail ?"])
        #expect(corpus.documents[0].turns.map(\.speaker) == ["Speaker 1", "Speaker 2", "Speaker 1"])
        #expect(corpus.documents[0].speaker == "Speaker 2" && corpus.documents[0].split == .test)
        #expect(corpus.documents[0].versions == [CorpusVersion(role: .reply, text: "i do .")])
    }

    @Test func theOtherLanguageIsACorpusOfItsOwn() throws {
        var options = SourceOptions()
        options.language = "fr"
        let corpus = try files().read(options)
        #expect(corpus.manifest.language == "fr" && corpus.documents.count == 1)
        #expect(corpus.documents[0].versions == [CorpusVersion(role: .reply, text: "Salut !", origin: "post-edited")])
        #expect(corpus.records(with: "zero-width") == [1])
    }

    @Test func aFileAloneSaysItsLanguage() throws {
        let files = try ScratchSource(["Fr_persona_test.json": Self.french])
        let source = try files.source()
        #expect(source.manifest.language == "fr")
        #expect(try files.read().documents.map(\.key) == ["Fr_persona_test-1"])
    }

    @Test(arguments: [
        (#"[["a"]]"#, "dialogue[0] is no pair of a message and its reply"),
        (#"[["a", 1]]"#, "dialogue[0][1] is a number: it must be a string"),
        (#"[["a", " "]]"#, "dialogue[0][1] is empty: write it or take the record out"),
        ("[]", "there is no reply in it: nobody speaks after another"),
    ])
    func whatIsNoPairIsAnError(dialogue: String, message: String) throws {
        let files = try ScratchSource(["En_test.json": #"[{"persona": [], "dialogue": \#(dialogue)}]"#])
        #expect(try files.read().errors.map(\.message) == [message])
    }
}
