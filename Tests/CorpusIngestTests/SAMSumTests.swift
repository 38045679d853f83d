import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct SAMSumTests {
    private func read(_ dialogue: String, summary: String = "They meet.") throws -> Corpus {
        try ScratchSource.read(
            """
            [
                {
                    "instruction": "Sum up.",
                    "dialogue": "\(dialogue)",
                    "summary": "\(summary)"
                }
            ]
            """, as: "samsum.test.json")
    }

    @Test func makesKeysOfTheFileWhereThereIsNoID() throws {
        let corpus = try read(#"Ann: Hi\nBo: <file_photo>"#)
        #expect(corpus.files[0].format == "samsum")
        #expect(corpus.documents.map(\.key) == ["samsum.test-1"])
        #expect(corpus.documents[0].split == .test)
        #expect(
            corpus.documents[0].turns == [Turn(speaker: "Ann", text: "Hi"), Turn(speaker: "Bo", text: "<file_photo>")])
        #expect(corpus.irregularities.isEmpty)
    }

    @Test func takesTheIDsOfTheOriginal() throws {
        let corpus = try ScratchSource.read(
            #"[{"id": "13-a", "summary": "S.", "dialogue": "Ann: Hi\r\nBo: Hey"},"#
                + #"{"id": "14", "summary": "", "dialogue": ""}]"#, as: "val.json")
        #expect(corpus.documents.map(\.key) == ["13-a"])
        #expect(corpus.documents[0].text == "Ann: Hi\nBo: Hey")
        #expect(corpus.documents[0].split == .validation)
        #expect(corpus.irregularities["line-ends"] == [1])
        #expect(corpus.reasons == ["14": "dialogue is empty: write it or take the record out"])
    }

    @Test(arguments: [
        (#"Ann: \ud83d\ude42\nBo: \ud83e\uddd1\u200d\ud83d\udcbb"#, "Ann: 🙂\nBo: 🧑‍💻", ["zero-width"]),
        (#"Ann-Lou: Hi\nMr Bo K: at 5:30: ok?"#, "Ann-Lou: Hi\nMr Bo K: at 5:30: ok?", []),
        (#"Ann: Hi\n:\nBo: Yo"#, "Ann: Hi\nBo: Yo", ["empty-turn"]),
        (#"Ann: see\nhttps://example.org/a\nBo: Yo"#, "Ann: see https://example.org/a\nBo: Yo", ["untagged-line"]),
        (#"Ann: a\nAnn: b\nBo: <LOL> <3"#, "Ann: a\nAnn: b\nBo: <LOL> <3", []),
    ])
    func survivesOddTurns(dialogue: String, text: String, irregularities: [String]) throws {
        let corpus = try read(dialogue)
        #expect(corpus.documents.map(\.text) == [text])
        #expect(corpus.irregularities.keys.sorted() == irregularities)
    }

    @Test(arguments: [
        (" They meet.  ", "They meet.", "outer-blanks"), (#"They meet.\nNow."#, "They meet.\nNow.", "line-break"),
    ])
    func keepsOddSummaries(summary: String, text: String, irregularity: String) throws {
        let corpus = try read(#"Ann: Hi\nBo: Yo"#, summary: summary)
        #expect(corpus.documents[0].versions("") == [text])
        #expect(corpus.irregularities == [irregularity: [1]])
    }

    @Test func rejectsAnElementThatIsNotJSONWithItsPlace() throws {
        let corpus = try ScratchSource.read(
            "[{\"id\": \"1\", \"dialogue\": \"A: b\", \"summary\": \"c\"},\n {\"id\": tru}]", as: "train.json")
        #expect(corpus.documents.count == 1)
        #expect(corpus.errors.map(\.line) == [2])
        #expect(corpus.errors.map(\.number) == [2])
        #expect(corpus.errors.map(\.column) == [9])
    }

    @Test func refusesAFileThatIsCutShort() throws {
        let error = #expect(throws: CorpusError.self) {
            try ScratchSource.read(
                #"[{"id": "1", "dialogue": "A: b", "summary": "c"}, {"id": "2", "dial"#, as: "train.json")
        }
        #expect(error?.description.contains("is it cut short?") == true)
    }
}
