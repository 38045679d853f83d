import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct ConvSumXTests {
    private func read(
        dialogue: String = #"#Person1#: How are you? \n#Person2#: Fine."#, en: String = "#Person1# greets #Person2#.",
        zh: String = "#Person1#问候#Person2#。", fr: String = "#Person1# salue #Person2#.",
        uk: String = "#Person1# вітає #Person2#."
    ) throws -> Corpus {
        try ScratchSource.read(
            #"{"fname": "dev_8", "en_dialogue": "\#(dialogue)", "en_summary": "\#(en)", "zh_summary": "\#(zh)", "#
                + #""fr_summary": "\#(fr)", "uk_summary": "\#(uk)"}"# + "\n", as: "dialogsumx.train.jsonl")
    }

    @Test func readsTheSummariesOfADialogueInFourLanguages() throws {
        let corpus = try read()
        let document = try #require(corpus.documents.first)
        #expect(corpus.files[0].format == "convsumx")
        #expect(document.key == "dev_8")
        #expect(document.split == .train)
        #expect(document.versions.map(\.variantKind) == [.source, .language, .language, .language])
        #expect(document.versions.map(\.variant) == ["", "zh", "fr", "uk"])
        #expect(document.versions("fr") == ["#Person1# salue #Person2#."])
        #expect(corpus.manifest.languages.map(\.name) == ["Chinese", "French", "Ukrainian"])
        #expect(corpus.irregularities == ["outer-blanks": [1]])
    }

    @Test(arguments: [
        ("#Personne1# salue #Person2#.", ["odd-tag", "other-persons"]),
        ("#Personne1# et #Person1# saluent #Person2#.", ["odd-tag"]), ("#person1#, #Person1#, #Person2#.", ["odd-tag"]),
        ("#Person2# et #Person1#, #ville.", []), ("#Person1# salue.", ["other-persons"]),
        ("#Person1# est ravi(e), #Person2# : d'accord.", []), ("#Person1# salue\u{A0}#Person2#.", []),
        (" #Person1# salue #Person2#.", []), (#"#Person1# salue\n#Person2#."#, ["line-break"]),
        ("#Person1# sa\u{200B}lue #Person2#.", ["zero-width"]),
        ("#Person1# salue\u{7F} #Person2#.", ["control-character"]),
        ("#Person1# me\u{301}rite #Person2#.", ["normal-form"]),
    ])
    func keepsOddTranslationsAndSaysSo(fr: String, irregularities: [String]) throws {
        let corpus = try read(fr: fr)
        #expect(corpus.documents.count == 1)
        #expect(corpus.irregularities.keys.filter { $0 != "outer-blanks" }.sorted() == irregularities)
    }

    /// Ukrainian is keyed otherwise there, and the first line may be longer than what is looked at to find the format.
    @Test func readsMeetingsUnderAQuestion() throws {
        let long = (0..<3_000).map { #"phd a: number \#($0) is uh: long enough\n"# }.joined()
        let text =
            #"{"fname": "academic_1", "dialogue": "\#(long)grad b: Yeah.", "en_query": "What is said?", "zh_query": "q", "#
            + #""fr_query": "q", "ukr_query": "q", "en_summary": "Numbers.", "zh_summary": "数字。", "#
            + #""fr_summary": "Des nombres.", "ukr_summary": "Числа."}"# + "\n"
        #expect(text.utf8.count > 1 << 16)
        let corpus = try ScratchSource.read(text, as: "qmsumx.test.jsonl")
        let document = try #require(corpus.documents.first)
        #expect(document.turns.count == 3_002)
        #expect(document.turns[0] == Turn(speaker: "Query", text: "What is said?"))
        #expect(document.turns[1] == Turn(speaker: "phd a", text: "number 0 is uh: long enough"))
        #expect(document.versions("uk") == ["Числа."])
        #expect(document.split == .test)
    }
}
