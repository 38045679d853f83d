import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct DialogSumTests {
    private func line(
        _ number: Int = 0, dialogue: String = #"#Person1#: Is it open?\n#Person2#: Until six."#,
        rest: String = ##""summary": "#Person2# says when it closes.", "topic": "opening hours""##
    ) -> String {
        #"{"fname": "test_\#(number)", "dialogue": "\#(dialogue)", \#(rest)}"# + "\n"
    }

    @Test func readsTheSummaryAndTopicOfADialogue() throws {
        let corpus = try ScratchSource.read(line(7), as: "dialogsum.dev.jsonl")
        let document = try #require(corpus.documents.first)
        #expect(corpus.files[0].format == "dialogsum")
        #expect(document.key == "test_7")
        #expect(document.kind == .dialogue)
        #expect(document.topic == "opening hours")
        #expect(document.split == .validation)
        #expect(document.turns.map(\.speaker) == ["#Person1#", "#Person2#"])
        #expect(document.text == "#Person1#: Is it open?\n#Person2#: Until six.")
        #expect(document.versions("") == ["#Person2# says when it closes."])
        #expect(corpus.irregularities.isEmpty)
        #expect(corpus.manifest.licence == "CC-BY-NC-SA-4.0")
    }

    @Test func keepsThreeReferencesInTheirOrderAndTheFirstTopic() throws {
        let corpus = try ScratchSource.read(
            line(
                rest:
                    #""summary1": "One.", "topic1": "\nfirst ", "summary2": "Two.", "topic2": " ", "summary3": "One.", "topic3": "c""#
            ), as: "dialogsum.test.jsonl")
        let document = try #require(corpus.documents.first)
        #expect(document.versions("") == ["One.", "Two.", "One."])
        #expect(document.topic == "first")
        #expect(document.split == .test)
        #expect(corpus.irregularities == ["same-references": [1], "outer-blanks": [1]])
    }

    @Test(arguments: [
        (#"#Person1#:Andrea.\n#Person2#: Yes?"#, "#Person1#: Andrea.\n#Person2#: Yes?", ["no-blank-after-colon"]),
        (#"#PErson2#: Yes?\n#PersonN#: No."#, "#PErson2#: Yes?\n#PersonN#: No.", ["odd-tag"]),
        (#" #Person1#: Hi! \n#Person2#: Hi.\n"#, "#Person1#: Hi!\n#Person2#: Hi.", ["outer-blanks"]),
        (#"#Person1#: Hi.\n#Person1#: So?"#, "#Person1#: Hi.\n#Person1#: So?", ["same-speaker-twice"]),
        (#"#Person1#: A Person: who?\n#Person2#: #1: me"#, "#Person1#: A Person: who?\n#Person2#: #1: me", []),
        (#"#Person1#: Hi.\n#Person3#: \n#Person2#: Oh."#, "#Person1#: Hi.\n#Person2#: Oh.", ["empty-turn"]),
        (#"#Person1#: One,\ntwo.\n#Person2#: Oh."#, "#Person1#: One, two.\n#Person2#: Oh.", ["untagged-line"]),
        (#"#Person1#: a\n#Person2#: b\n#Person7#: …"#, "#Person1#: a\n#Person2#: b\n#Person7#: …", []),
    ])
    func survivesOddTurns(dialogue: String, text: String, irregularities: [String]) throws {
        let corpus = try ScratchSource.read(line(dialogue: dialogue), as: "dialogsum.dev.jsonl")
        #expect(corpus.documents.map(\.text) == [text])
        #expect(corpus.irregularities.keys.sorted() == irregularities)
    }

    @Test(arguments: [
        ("#PErson2# leaves.", ["odd-tag"]), ("#Person# leaves.", ["odd-tag"]), ("#Person2#'s dog leaves. # 1", []),
        (#"#Person1# goes.\n#Person2# stays."#, ["line-break"]), (" #Person1# goes.", ["outer-blanks"]),
        ("", ["no-reference"]), (" ", ["no-reference", "outer-blanks"]),
    ])
    func keepsOddSummariesAndSaysSo(summary: String, irregularities: [String]) throws {
        let corpus = try ScratchSource.read(
            line(rest: #""summary": "\#(summary)", "topic": "t""#), as: "dialogsum.dev.jsonl")
        #expect(corpus.documents.count == 1)
        #expect(corpus.irregularities.keys.sorted() == irregularities)
    }

    @Test func joinsTheHiddenTestWithItsTopics() throws {
        let dialogues = (0...1).map {
            ##"{"fname": "hiddentest_\##($0)", "dialogue": "#Person1#: a\n#Person2#: b"}"## + "\n"
        }
        let topics = #"{"fname": "hiddentest_1", "topic": "at sea "}"# + "\n"
        let names = ["dialogsum.hiddentest.dialogue.jsonl", "dialogsum.hiddentest.topic.jsonl"]
        let scratch = try ScratchSource([names[0]: dialogues.joined(), names[1]: topics])
        let both = try scratch.source()
        #expect(both.units.map { $0.parts.map(\.file.name) } == [names])
        let corpus = try both.readAll()
        #expect(corpus.documents.map(\.topic) == ["", "at sea"])
        #expect(corpus.documents.allSatisfy { $0.versions.isEmpty && $0.split == .test })
        #expect(corpus.irregularities == ["without-reference": [1, 2]])
        let alone = try scratch.source([names[0]]).readAll()
        #expect(alone.documents.map(\.topic) == ["", ""])
        #expect(throws: CorpusError.self) { try scratch.source([names[1]]) }
    }

    @Test func dialoguesWithoutAReferenceAreStored() throws {
        let scratch = try ScratchSource([
            "dialogsum.hiddentest.dialogue.jsonl":
                ##"{"fname": "hiddentest_0", "dialogue": "#Person1#: a\n#Person2#: b"}"## + "\n"
        ])
        let database = try BenchmarkDatabase(path: scratch.folder.path("test.sqlite").path)
        let source = try scratch.source(["dialogsum.hiddentest.dialogue.jsonl"])
        let report = try CorpusIngester.ingest(source, into: database)
        #expect(report.documents == [.dialogue: 1])
        #expect(report.texts == 0)
    }

    @Test func readsTheReleaseOf2021AndNotesThatItIsNoJSON() throws {
        let text = """
            {'fname': 'train_0', 'dialogue': "#Person1#: It's \\"so\\".\\n#Person2#: Ay\\u2026", 'summary': 'A \\'b\\'.', 'topic': 'c'}
            {'fname': 'train_1', 'dialogue': '#Person1#: a\\n#Person2#: b', 'summary': "b", 'topic': "d"}
            """
        let corpus = try ScratchSource.read(text, as: "dialogsum.train.jsonl")
        #expect(corpus.files[0].format == "dialogsum-2021")
        #expect(corpus.manifest.version == "2021-05-27")
        #expect(corpus.documents.map(\.key) == ["train_0", "train_1"])
        #expect(corpus.documents[0].text == "#Person1#: It's \"so\".\n#Person2#: Ay…")
        #expect(corpus.documents[0].versions("") == ["A 'b'."])
        #expect(corpus.documents[1].split == .train)
        #expect(corpus.irregularities == ["python-literal": [1, 2]])
    }

    @Test func namesTheLineThatIsNeitherJSONNorALiteral() throws {
        let json = try ScratchSource.read(line() + "{'fname': 'test_1'}\n", as: "dialogsum.dev.jsonl")
        #expect(json.errors.map(\.line) == [2])
        #expect(json.errors[0].message.contains("not JSON"))
        let python = try ScratchSource.read(
            "{'fname': 'a', 'dialogue': '#Person1#: b', 'summary': 'c', 'topic': 'd'}\n{'fname': b}\n", as: "old.jsonl")
        #expect(python.documents.count == 1)
        #expect(python.errors.map(\.line) == [2])
        #expect(python.errors[0].column == 11)
        #expect(python.errors[0].message.contains("not a Python literal"))
    }

    @Test(arguments: [
        (#""dialogue": "  ""#, "dialogue is empty"), (#""dialogue": "no tag at all""#, "no line begins with a speaker"),
        (##""dialogue": "#Person1#: ""##, "all of its turns are empty"), (#""dialogue": 3"#, "dialogue is a number"),
    ])
    func rejectsARecordWithoutADialogue(field: String, part: String) throws {
        let corpus = try ScratchSource.read(
            line(1) + #"{"fname": "test_2", \#(field), "summary": "s", "topic": "t"}"# + "\n", as: "dialogsum.dev.jsonl"
        )
        #expect(corpus.documents.count == 1)
        #expect(corpus.reasons["test_2"]?.contains(part) == true, "\(corpus.reasons)")
    }
}
