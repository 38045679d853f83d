import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct CoCoAMTTests {
    private static let test = "test/en-de/formality-control.test.topical_chat.en-de"
    private static let train = "train/en-de/formality-control.train.telephony.en-de"

    private func files() throws -> ScratchSource {
        try ScratchSource([
            Self.test: "Do you sail?\nAre you a painter?\n",
            "\(Self.test).formal": "Segeln Sie?\nSind Sie Maler?\n",
            "\(Self.test).informal": "Segelst du?\nBist du Maler?\n",
            "\(Self.test).formal.annotated": "Segeln [F]Sie[/F]?\nSind [F]Sie[/F] Maler?\n",
            "\(Self.test).informal.annotated": "[F]Segelst du[/F]?\n[F]Bist du[/F] Maler?\n",
            "\(Self.test).formal.feminine": "Segeln Sie?\nSind Sie Malerin?\n",
            "\(Self.test).informal.feminine": "Segelst du?\nBist du Malerin?\n",
            "\(Self.train).en": "Hello. Yes. I called.\nYour name?\n",
            "\(Self.train).formal.de": "Hallo. Ja. Ich habe angerufen.\nIhr Name\u{A0}?\n",
            "\(Self.train).informal.de": "Hallo. Ja. Ich habe angerufen.\nDein\u{200B} Name?\n",
            "\(Self.train).formal.annotated.de": "Hallo.\n[F]Ihr[/F] Name?\n",
            "\(Self.train).informal.annotated.de": "Hallo.\n[F]Dein[/F] Name?\n",
            "LICENSE.txt": "Terms.",
        ])
    }

    @Test func bothOrdersOfNamesAreRead() throws {
        let files = try files()
        let source = try files.source()
        #expect(source.format.about.name == "cocoa-mt")
        #expect(
            source.units.map { $0.parts.map(\.label) } == [
                ["en", "de-x-formal", "de-x-formal-feminine", "de-x-informal", "de-x-informal-feminine"],
                ["en", "de-x-formal", "de-x-informal"],
            ])
        #expect(source.units.map(\.split) == [.test, .train])
        #expect(source.passedOver.count == 5)
        #expect(
            source.manifest.languages == [
                CorpusManifest.Language(code: "de-x-formal", name: "formal German"),
                CorpusManifest.Language(code: "de-x-informal", name: "informal German"),
            ])
    }

    @Test func eachLineIsASentenceWithBothManners() throws {
        let corpus = try files().read()
        #expect(corpus.problems.isEmpty)
        #expect(
            corpus.documents.map(\.key) == [
                "test-topical_chat-en-de-1", "test-topical_chat-en-de-2", "train-telephony-en-de-1",
                "train-telephony-en-de-2",
            ])
        #expect(corpus.documents.map(\.topic) == ["topical chat", "topical chat", "telephony", "telephony"])
        #expect(corpus.texts("test-topical_chat-en-de-1", "de-x-formal") == ["Segeln Sie?"])
        #expect(corpus.texts("test-topical_chat-en-de-2", "de-x-informal") == ["Bist du Maler?", "Bist du Malerin?"])
    }

    @Test func equalMannersAndOddCharactersAreNoted() throws {
        let corpus = try files().read()
        #expect(corpus.records(with: "same-manner") == [1])
        #expect(corpus.records(with: "zero-width") == [2])
        #expect(corpus.texts("train-telephony-en-de-2", "de-x-formal") == ["Ihr Name\u{A0}?"])
        #expect(corpus.documents[2].text == "Hello. Yes. I called.")
    }

    @Test func onlyTheMannersAskedForAreRead() throws {
        var options = SourceOptions()
        options.languages = [CorpusManifest.Language(code: "de-x-informal", name: "informal German")]
        let corpus = try files().read(options)
        #expect(corpus.documents.allSatisfy { $0.versions.allSatisfy { $0.variant == "de-x-informal" } })
        #expect(corpus.documents.count == 4)
    }
}
