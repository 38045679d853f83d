import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct XDailyDialogTests {
    private static let english =
        "Is it cold , Bo ? __eou__ I don ’ t know . __eou__ Then look ! __eou__\t6\t0 0 0\t2 1 3\n"
    private static let german = "Ist es kalt, Bo?__eou__Weiß nicht.Egal. __eou__Sieh nach!__eou__\t6\t0 0 0\t2 1 3\n"

    @Test func speakersAlternateAndTheLastTurnIsTheReply() throws {
        let files = try ScratchSource(["en_dev_human.txt": Self.english, "de_dev_human.txt": Self.german])
        let source = try files.source()
        #expect(source.format.about.name == "xdailydialog" && source.manifest.languages.map(\.code) == ["de"])
        let corpus = try files.read()
        #expect(corpus.problems.isEmpty)
        let document = try #require(corpus.documents.first)
        #expect(document.key == "dev_human-1" && document.split == .validation && document.topic == "tourism")
        #expect(
            document.turns == [
                Turn(speaker: "Speaker 1", text: "Is it cold , Bo ?"),
                Turn(speaker: "Speaker 2", text: "I don ’ t know ."),
            ])
        #expect(document.speaker == "Speaker 1")
        #expect(document.versions.map(\.text) == ["Then look !", "Sieh nach!"])
        #expect(document.versions.map(\.origin) == [nil, "model:unknown"])
        #expect(corpus.files[0].irregularities.kinds.isEmpty)
    }

    @Test func englishIsDetokenisedWhereAskedFor() throws {
        var options = SourceOptions()
        options.detokenise = true
        let files = try ScratchSource(["en_dev_human.txt": Self.english, "de_dev_human.txt": Self.german])
        let corpus = try files.read(options)
        #expect(corpus.documents[0].turns.map(\.text) == ["Is it cold, Bo?", "I don’t know."])
        #expect(corpus.texts("dev_human-1", "de") == ["Sieh nach!"])
    }

    @Test(arguments: [
        ("Ja. __eou__\t6\t0\t1\n", "de has 1 turns, but en has 3: they must be the same dialogue"),
        ("Ja. __eou__ Nein. __eou__ Doch. __eou__\t6\t0 0 0\n", "de has 3 fields between tabs: it must have 4"),
        ("Ja. __eou__ __eou__ Doch. __eou__\t6\t0 0 0\t1\n", "de[1] is empty: write it or take the record out"),
    ])
    func aDialogueThatDoesNotFitIsAnError(german: String, message: String) throws {
        let files = try ScratchSource(["en_test_human.txt": Self.english, "de_test_human.txt": german])
        #expect(try files.read().errors.map(\.message) == [message])
    }

    @Test func otherLabelsAreNoted() throws {
        let files = try ScratchSource([
            "en_test_human.txt": Self.english,
            "de_test_human.txt": Self.german.replacing("2 1 3", with: "2 1 4"),
        ])
        #expect(try files.read().records(with: "different-labels") == [1])
    }
}
