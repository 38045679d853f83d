import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct MAIATests {
    private static let header =
        "doc_id,content_type,source_language,target_language,client,brand,tone,source_segment,mt_segment,pe_segment,"
        + "translation_direction\n"

    private func files(_ rows: [String]) throws -> ScratchSource {
        try ScratchSource(["MAIA.en-fr.csv": Self.header + rows.joined()])
    }

    private static func row(_ key: String, _ languages: String, _ texts: String, _ speaker: String) -> String {
        "\(key),chat,\(languages),#C#,b,formal,\(texts),\(speaker)\n"
    }

    private static let rows = [
        row("c-1", "fr,en", "\"Bonjour,\",x,\"Hello,\"", "customer"),
        row("c-1", "fr,en", "Où est #PRS_ORG# ?,x,Where is #PRS_ORG#? ", "customer"),
        row("c-1", "en,fr", "\"In\nthe #_menu\",x,Dans le\u{202F}#_menu", "agent"),
        row("c-2", "en,fr", "I need it | now.,x,Vite.", "customer"),
        row("c-2", "en,fr", "Sure.,x,Bien sûr.", "agent"),
        row("c-2", "fr,en", "Merci !,x,Thanks!", "customer"),
    ]

    @Test func rowsOfOneIdAreAConversation() throws {
        let files = try files(Self.rows)
        let source = try files.source()
        #expect(source.format.about.name == "maia" && source.manifest.languages.map(\.code) == ["fr"])
        #expect(source.manifest.origin == "post-edited" && LicenceTerms(source.manifest.licence).forbidsDerivatives)
        let corpus = try files.read()
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files[0].records == 6)
        #expect(corpus.documents.map(\.key) == ["c-1", "c-2"])
        #expect(corpus.documents.map(\.number) == [1, 4])
        #expect(corpus.documents.map(\.speaker) == ["agent", "customer"])
        #expect(corpus.documents[0].turns.map(\.text) == ["Hello,", "Where is #PRS_ORG#?"])
        #expect(corpus.documents[1].turns.map(\.text) == ["I need it | now.", "Sure."])
    }

    @Test func repliesKnowWhoWroteThem() throws {
        let corpus = try files(Self.rows).read()
        #expect(corpus.documents[0].versions.map(\.text) == ["In\nthe #_menu", "Dans le\u{202F}#_menu"])
        #expect(corpus.documents[0].versions.map(\.origin) == [nil, nil])
        #expect(corpus.texts("c-2", "fr") == ["Merci !"])
        #expect(corpus.documents[1].versions.map(\.origin) == [nil, "person"])
    }

    @Test func oddRecordsAreNotedByTheirNumber() throws {
        let corpus = try files(Self.rows).read()
        #expect(corpus.records(with: "line-break") == [3])
        #expect(corpus.records(with: "outer-blanks") == [2])
        #expect(corpus.records(with: "unusual-direction") == [4])
        #expect(corpus.records(with: "same-speaker-twice") == [1])
    }

    @Test func aFaultyRowTakesItsConversationOut() throws {
        let corpus = try files(
            Self.rows.prefix(3) + [
                Self.row("c-2", "en,fr", "Sure.,x,Sûr.", "agent"),
                Self.row("c-2", "fr,en", "Merci !,x,", "customer"), Self.row("c-2", "de,en", "Hallo,x,Hi", "customer"),
            ]
        ).read()
        #expect(corpus.documents.map(\.key) == ["c-1"])
        #expect(corpus.files[0].rejects.map(\.record) == ["c-2:4", "c-2:5"])
        #expect(corpus.files[0].rejects.map(\.line) == [6, 7])
        #expect(corpus.files[0].rejects.last?.reason.hasPrefix("pe_segment is empty") == true)
    }

    @Test func frenchCanBeTheSource() throws {
        var options = SourceOptions()
        options.language = "fr"
        let files = try files(Self.rows)
        let source = try files.source(options)
        #expect(source.manifest.languages.map(\.code) == ["en"])
        #expect(try files.read(options).documents[0].turns.map(\.text) == ["Bonjour,", "Où est #PRS_ORG# ?"])
    }
}
