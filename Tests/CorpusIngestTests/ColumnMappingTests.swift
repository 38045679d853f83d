import BenchmarkStore
import CorpusIngest
import Testing

@Suite struct ColumnMappingTests {
    private func options(_ columns: [String: String], kind: DocumentKind? = nil) -> SourceOptions {
        var options = SourceOptions()
        options.format = "columns"
        options.columns = columns
        options.kind = kind
        options.name = "own"
        options.version = "1"
        options.licence = "CC0-1.0"
        options.citation = "None."
        return options
    }

    @Test func refusesAMappingOfLanguagesThatWereNotAskedFor() throws {
        var options = options(["text": "en", "translations.es": "es"])
        options.languages = [.init(code: "de", name: "German")]
        let error = #expect(throws: CorpusError.self) {
            try ScratchSource.read(#"{"en": "Hi", "es": "Hola"}"#, as: "a.jsonl", options)
        }
        #expect(error?.code == .incomplete && error?.message.contains("translations.es") == true)
    }

    @Test func readsDialoguesWithTranslatedSummariesFromJSONLines() throws {
        let text = """
            {"uid": 7, "chat": "Ann: Hi\\nBo: Hey", "meta": {"about": "greeting"}, "part": "validation", \
            "sums": {"en": ["They greet.", "A greeting."], "es": "Se saludan."}, "casual": null}
            """
        let corpus = try ScratchSource.read(
            text, as: "talk.train.jsonl",
            options([
                "id": "uid", "dialogue": "chat", "topic": "meta.about", "split": "part", "summary": "sums.en",
                "translations.es": "sums.es", "tones.casual": "casual",
            ]))
        let document = try #require(corpus.documents.first)
        #expect(document.kind == .dialogue)
        #expect(document.key == "7")
        #expect(document.topic == "greeting")
        #expect(document.split == .validation)
        #expect(document.text == "Ann: Hi\nBo: Hey")
        #expect(document.versions("") == ["They greet.", "A greeting."])
        #expect(document.versions("es") == ["Se saludan."])
        #expect(document.versions.allSatisfy { $0.role == .summary })
        #expect(corpus.manifest.languages.map(\.name) == ["Spanish"])
        #expect(corpus.manifest.tones.map(\.instruction) == ["in a casual tone"])
        #expect(corpus.irregularities == ["no-reference": [1]])
    }

    @Test func readsSentencePairsByPathsWithDots() throws {
        let corpus = try ScratchSource.read(
            #"{"id": "0", "translation": {"en": "A cat.", "es": "Un gato."}}"# + "\n"
                + #"{"id": "1", "translation": {"en": "A dog.", "es": ["Un perro.", "Un can."]}}"# + "\n",
            as: "opus.jsonl", options(["text": "translation.en", "translations.es": "translation.es"]))
        #expect(corpus.documents.map(\.key) == ["opus-1", "opus-2"])
        #expect(corpus.documents.map(\.kind) == [.sentence, .sentence])
        #expect(corpus.documents.map(\.text) == ["A cat.", "A dog."])
        #expect(corpus.documents[1].versions("es") == ["Un perro.", "Un can."])
        #expect(corpus.documents[1].versions.map(\.role) == [.translation, .translation])
    }

    @Test(arguments: [
        ("mail.csv", ",", "[\"\"Oh!\"\", \"\"Ah!\"\"]"), ("mail.tsv", "\t", "['Oh!', 'Ah!']"),
        ("mail.txt", "\t", "['Oh!', 'Ah!']"),
    ])
    func readsMessagesFromDelimitedFiles(name: String, delimiter: String, list: String) throws {
        let text = [["key", "original", "funny.one"], ["a", "\"x, \"\"y\"\"\"", "\"\(list)\""], ["b", "z", ""]]
            .map { $0.joined(separator: delimiter) + "\r\n" }.joined()
        let corpus = try ScratchSource.read(
            text, as: name, options(["id": "key", "text": "original", "tones.witty": "funny.one"]))
        #expect(corpus.documents.map(\.kind) == [.message, .message])
        #expect(corpus.documents.map(\.key) == ["a", "b"])
        #expect(corpus.documents[0].text == "x, \"y\"")
        #expect(corpus.documents[0].versions("witty") == ["Oh!", "Ah!"])
        #expect(corpus.irregularities == ["no-reference": [2]])
    }

    @Test(arguments: [
        (#""Ann: Hi\nBo: Yo: so""#, "Ann: Hi\nBo: Yo: so", []),
        (#"["Ann: Hi", "Bo: Yo"]"#, "Ann: Hi\nBo: Yo", []),
        (#"["Hi", "Yo", "Bye: now"]"#, "A: Hi\nB: Yo\nA: Bye: now", ["named-speakers"]),
        (
            #"[{"speaker": "Ann", "text": "Hi "}, {"speaker": "Bo", "text": ""}, {"speaker": "Bo", "text": "Yo"}]"#,
            "Ann: Hi\nBo: Yo", ["empty-turn", "outer-blanks"]
        ),
        (#"[{"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Yo"}]"#, "human: Hi\ngpt: Yo", []),
        (
            #"[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yo"}]"#, "user: Hi\nassistant: Yo",
            []
        ),
    ])
    func readsTurnsInTheirSeveralShapes(value: String, text: String, irregularities: [String]) throws {
        let corpus = try ScratchSource.read(
            #"[{"turns": \#(value), "sum": "S."}]"#, as: "chats.json", options(["turns": "turns", "summary": "sum"]))
        #expect(corpus.documents.map(\.text) == [text])
        #expect(corpus.irregularities.keys.sorted() == irregularities)
    }

    @Test func makesRepliesOfTurnsOrTakesThemFromAColumn() throws {
        let turns = #"{"d": ["Ann: Hi", "Bo: Yo", "Bo: So?", "Ann: Bye"], "r": "Ciao", "fr": "Salut", "who": "Cy"}"#
        let own = try ScratchSource.read(turns, as: "c.jsonl", options(["turns": "d"]))
        #expect(own.documents.map(\.kind) == [.conversation])
        #expect(own.documents.map(\.turns.count) == [3])
        #expect(own.documents[0].versions("") == ["Bye"])
        let given = try ScratchSource.read(
            turns, as: "c.jsonl", options(["turns": "d", "reply": "r", "translations.fr": "fr"], kind: .conversation))
        #expect(given.documents.map(\.turns.count) == [4])
        #expect(given.documents[0].speaker == "Bo")
        #expect(given.documents[0].versions("") == ["Ciao"])
        #expect(given.documents[0].versions("fr") == ["Salut"])
        let named = try ScratchSource.read(
            turns, as: "c.jsonl", options(["turns": "d", "reply": "r", "speaker": "who"]))
        #expect(named.documents[0].speaker == "Cy")
    }

    @Test func aMissingColumnIsAnErrorThatNamesThoseThatThereAre() throws {
        let error = #expect(throws: CorpusError.self) {
            try ScratchSource.read("id,body\n1,x\n", as: "m.csv", options(["text": "txt", "tones.witty": "w"]))
        }
        #expect(error?.message == #"has no column "txt", "w": its columns are "id", "body""#)
        let corpus = try ScratchSource.read(
            #"{"a": {"b": "x", "c": "y"}, "d": "z"}"#, as: "m.jsonl", options(["text": "a.e", "tones.witty": "d"]))
        #expect(corpus.errors.map(\.message) == [#"the record has no column "a.e": its columns are "a.b", "a.c", "d""#])
    }

    @Test(
        arguments: [
            ([:], "is empty: say what"), (["sumary": "s", "text": "t"], "has \"sumary\": it must be one of id, topic"),
            (["text": "t"], "does not tell which kind"), (["summary": "s"], "lacks \"dialogue\""),
            (["turns": "t", "dialogue": "d"], "has both"), (["turns": "t", "translations.es": "e"], "lacks \"reply\""),
            (
                ["text": "t", "tones.x": "x", "translations.es": "e"],
                "has translations, which mean nothing for a message"
            ),
            (["turns": "t", "summary": "s", "reply": "r"], "has \"reply\", which means nothing for a dialogue"),
            (["text": "t", "translations.not a code": "e"], "must be a BCP 47 code"),
            (["text": "t", "translations.french": "e"], "must be a BCP 47 code"),
            (["text": "t", "translations.qqx": "e"], "\"qqx\" is no language with a known name"),
        ] as [([String: String], String)])
    func aMappingThatCannotBeIsRefused(columns: [String: String], part: String) throws {
        let scratch = try ScratchSource(["m.jsonl": "{}\n"])
        let error = #expect(throws: CorpusError.self) { try scratch.source(["m.jsonl"], options(columns)) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func aLanguageWithoutAKnownNameIsTakenByTheNameThatIsGiven() throws {
        var named = options(["text": "t", "translations.qqx": "e"])
        named.languages = [CorpusManifest.Language(code: "qqx", name: "Hillish")]
        let corpus = try ScratchSource.read(#"{"t": "Hello.", "e": "Hala."}"#, as: "m.jsonl", named)
        #expect(
            corpus.manifest.languages.map(\.name) == ["Hillish"] && corpus.documents[0].versions("qqx") == ["Hala."])
        named.languages = [CorpusManifest.Language(code: "qqx", name: "qqx")]
        #expect(throws: CorpusError.self) { try ScratchSource.read(#"{"t": "a", "e": "b"}"#, as: "m.jsonl", named) }
    }

    @Test(arguments: [
        (#"{"i": "", "t": "x", "s": "test"}"#, "i is empty"), (#"{"i": "a", "t": "", "s": "test"}"#, "t is empty"),
        (#"{"i": "a", "t": ["x", "y"], "s": "test"}"#, "t is a list"),
        (#"{"i": "a", "t": {}, "s": "test"}"#, "t is an object"),
        (#"{"i": "a", "t": "x", "s": "later"}"#, "s is \"later\": it must be train, validation or test"),
    ])
    func rejectsARecordThatBreaksTheMapping(record: String, part: String) throws {
        let corpus = try ScratchSource.read(
            record, as: "m.jsonl", options(["id": "i", "text": "t", "split": "s"], kind: .sentence))
        #expect(corpus.documents.isEmpty)
        #expect(corpus.files[0].rejects.first?.reason.contains(part) == true, "\(corpus.problems)")
    }
}
