import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct BConTrasTTests {
    private static func turn(_ number: Int, _ speaker: String, _ source: String, _ target: String) -> String {
        #"{"utteranceID": \#(number), "speaker": "\#(speaker)", "source": "\#(source)", "target": "\#(target)"}"#
    }

    private func files() throws -> ScratchSource {
        try ScratchSource([
            "train.json": """
            {
              "dlg-z": [\(Self.turn(0, "customer", "Ich suche einen Kahn.", "I want a barge.")),
                \(Self.turn(1, "agent", "For when?", "Für wann?")),
                \(Self.turn(2, "customer", "Morgen.", "Tomorrow.")),
                \(Self.turn(3, "agent", "Good.", "Gut.")), \(Self.turn(4, "agent", "Done.", "Erledigt."))],
              "dlg-a": [\(Self.turn(0, "agent", "Hello?", "Hallo?")), \(Self.turn(1, "agent", "Bye.", "Tschüss."))],
              "dlg-m": [\(Self.turn(0, "agent", "Hello?", "Hallo?")), \(Self.turn(1, "customer", "Guten Tag.", ""))]
            }
            """,
            "test1_corpus.json": """
            {"dlg-t": [\(Self.turn(0, "agent", "Hello?", "")), \(Self.turn(1, "customer", "Guten Tag.", ""))]}
            """,
        ])
    }

    @Test func theWholeConversationIsInOneLanguageAndTheReplyInBoth() throws {
        let corpus = try files().read()
        #expect(corpus.manifest.name == "bcontrast" && corpus.manifest.languages.map(\.code) == ["de"])
        #expect(corpus.documents.map(\.key) == ["dlg-z"])
        let document = try #require(corpus.documents.first)
        #expect(document.turns.map(\.text) == ["I want a barge.", "For when?", "Tomorrow."])
        #expect(document.speaker == "agent" && document.split == .train)
        #expect(document.versions.map(\.text) == ["Good. Done.", "Gut. Erledigt."])
        #expect(corpus.records(with: "same-speaker-twice") == [1, 2])
    }

    @Test func germanCanBeTheSource() throws {
        var options = SourceOptions()
        options.language = "de"
        options.replies = .every
        let corpus = try files().read(options)
        #expect(corpus.documents.map(\.key) == ["dlg-z-2", "dlg-z-3", "dlg-z-4", "dlg-m-2"])
        #expect(corpus.documents[1].turns.map(\.text) == ["Ich suche einen Kahn.", "Für wann?"])
        #expect(corpus.texts("dlg-z-3", "en") == ["Tomorrow."])
        // A reply whose translation is empty has one reference less.
        #expect(corpus.documents[3].versions.map(\.text) == ["Guten Tag."])
        #expect(corpus.records(with: "no-reference") == [3])
    }

    @Test func conversationsThatCannotBeUsedAreNamed() throws {
        let corpus = try files().read()
        #expect(corpus.files.map(\.path) == ["test1_corpus.json", "train.json"])
        #expect(corpus.records(with: "blind-test") == [1])
        #expect(corpus.files[0].records == 1 && corpus.files[0].documents == 0)
        #expect(corpus.files[1].rejects.map(\.record) == ["dlg-a", "dlg-m"])
        #expect(corpus.files[1].rejects.first?.reason.contains("no reply") == true)
        #expect(corpus.files[1].rejects.last?.reason.contains("turn 2 has no translation into \"en\"") == true)
    }

    @Test func anUnknownSpeakerIsAnError() throws {
        let files = try ScratchSource(["train.json": "{\"d\": [\(Self.turn(0, "bot", "Hello?", "Hallo?"))]}"])
        #expect(try files.read().errors.map(\.key) == ["[0].speaker"])
    }

    @Test func noOtherLanguageCanBeTheSource() throws {
        var options = SourceOptions()
        options.language = "fr"
        let error = #expect(throws: CorpusError.self) { try files().source(options) }
        #expect(error?.message.contains("en or de") == true)
    }
}
