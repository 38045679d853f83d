import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite struct CorpusStoringTests {
    @Test func aCorpusComesBackAsItWent() throws {
        let fixture = try StoreFixture()
        let contents = corpus(keys: ["a", "b~1", "b~2"])
        let outcome = try fixture.database.insertCorpus(contents)
        guard case .inserted(let id) = outcome else {
            Issue.record("expected a new corpus, got \(outcome)")
            return
        }
        var corpus = contents.corpus
        corpus.id = id
        #expect(try fixture.database.corpora() == [corpus])
        #expect(try fixture.database.corpus(named: "everyday", version: "1.0.0") == corpus)
        #expect(try fixture.database.corpus(named: "everyday", version: "2.0.0") == nil)
        let files = try fixture.database.corpusFiles(ofCorpus: id)
        #expect(files.map(\.file.path) == ["dialogues.jsonl"])
        #expect(files.flatMap(\.rejects).map(\.line) == [3])
        let documents = try fixture.database.documents(ofCorpora: [id])
        #expect(documents.map(\.document.key) == ["a", "b~1", "b~2"])
        #expect(documents.map(\.document.turns) == contents.documents.map(\.document.turns))
        #expect(documents[0].text(.summary)?.text == "Summary of a")
        #expect(documents[0].text(.summary, .language, "es")?.origin == "model:tiny")
        #expect(documents[0].text(.summary, .tone, "witty") == nil)
        #expect(try fixture.database.documents(ofCorpora: [id], kinds: [.conversation, .message]) == [])
        #expect(try fixture.database.document(documents[2].document.id) == documents[2])
        #expect(
            try fixture.values("SELECT turns FROM documents LIMIT 1") == [
                [#"[{"speaker":"Ilse","text":"Zoë: a/b \"c\"\n🙂"}]"#]
            ])
    }

    @Test(arguments: [DocumentKind.sentence, .message]) func aTextNeedsNeitherTurnsNorSpeaker(kind: DocumentKind) throws
    {
        let fixture = try StoreFixture()
        var contents = corpus(kind: kind, keys: ["a"])
        (contents.documents[0].document.turns, contents.documents[0].document.text) = (nil, "🙂\r\n")
        let id = try fixture.database.insertCorpus(contents).id
        let stored = try #require(try fixture.database.documents(ofCorpora: [id], kinds: [kind]).first?.document)
        #expect(stored.turns == nil && stored.speaker == nil && stored.text == "🙂\r\n" && stored.kind == kind)
    }

    @Test func theSameContentIsLeftAlone() throws {
        let fixture = try StoreFixture()
        let first = try fixture.database.insertCorpus(corpus(keys: ["a"]))
        #expect(try fixture.database.insertCorpus(corpus(keys: ["a"])) == .unchanged(id: first.id))
        #expect(try fixture.database.insertCorpus(corpus(keys: ["a"]), replacing: true) == .unchanged(id: first.id))
        #expect(try fixture.count("documents") == 1)
    }

    @Test func otherContentUnderTheSameVersionNeedsForce() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a"]))
        let changed = corpus(keys: ["a"], content: "changed ")
        let error = try #require(throws: StoreError.self) { try fixture.database.insertCorpus(changed) }
        #expect(error.code == .conflict)
        #expect(error.message.contains("raise the version"))
        guard case .replaced(let id) = try fixture.database.insertCorpus(changed, replacing: true) else {
            Issue.record("expected a replacement")
            return
        }
        #expect(try fixture.database.documents(ofCorpora: [id]).map(\.document.text) == ["Ilse: changed a"])
        #expect(try fixture.count("documents") == 1)
        #expect(try fixture.count("document_texts") == 2)
    }

    @Test func aCorpusThatABuildUsesIsNotReplaced() throws {
        let fixture = try StoreFixture()
        let id = try fixture.database.insertCorpus(corpus(keys: ["a"])).id
        try fixture.database.insertBuild(build(corpora: [id], settings: []))
        let error = try #require(throws: StoreError.self) {
            try fixture.database.insertCorpus(corpus(keys: ["a"], content: "changed"), replacing: true)
        }
        #expect(error.code == .conflict)
        #expect(error.message.contains("'main'"))
        #expect(try fixture.count("documents") == 1)
    }

    @Test func twoVersionsStandSideBySide() throws {
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(version: "1.0.0", keys: ["a"]))
        try fixture.database.insertCorpus(corpus(version: "1.1.0", keys: ["a", "b"]))
        #expect(try fixture.database.corpora().map(\.version) == ["1.0.0", "1.1.0"])
    }

    @Test func aFaultyDocumentIsNamedAndNothingIsStored() throws {
        let fixture = try StoreFixture()
        var contents = corpus(keys: ["a", "b"])
        contents.documents[1].document.text = ""
        let error = try #require(throws: StoreError.self) { try fixture.database.insertCorpus(contents) }
        #expect(error.code == .invalid)
        #expect(error.message.hasPrefix("document 'b': CHECK constraint failed"))
        #expect(try fixture.count("corpora") == 0)
    }

    @Test func twoDocumentsOfOneKeyAreRefused() throws {
        let fixture = try StoreFixture()
        let error = try #require(throws: StoreError.self) {
            try fixture.database.insertCorpus(corpus(keys: ["a", "a"]))
        }
        #expect(error.message.contains("document 'a' occurs twice"))
    }

    @Test func everyRejectMustBeListed() throws {
        let fixture = try StoreFixture()
        var contents = corpus(keys: ["a"])
        contents.files[0].rejects = []
        let error = try #require(throws: StoreError.self) { try fixture.database.insertCorpus(contents) }
        #expect(error.message.contains("counts 1 rejected records but lists 0"))
    }

    @Test(arguments: ["", "ABC", String(repeating: "G", count: 64), String(repeating: "A", count: 64)])
    func hashesMustBeLowerCaseHex(text: String) throws {
        let fixture = try StoreFixture()
        var contents = corpus(keys: [])
        contents.corpus.contentHash = text
        let error = try #require(throws: StoreError.self) { try fixture.database.insertCorpus(contents) }
        #expect(error.code == .invalid)
    }
}

@Suite struct BuildStoringTests {
    struct Built {
        let fixture: StoreFixture
        let corpus: Int64
        let documents: [DocumentContents]

        init(keys: [String]) throws {
            fixture = try StoreFixture()
            corpus = try fixture.database.insertCorpus(BenchmarkStoreTests.corpus(keys: keys)).id
            documents = try fixture.database.documents(ofCorpora: [corpus])
        }

        func settings(_ examples: [ExampleRecord]) -> [SettingContents] {
            [SettingContents(setting: setting("summarize", "translate/es", position: 0), examples: examples)]
        }
    }

    @Test func aBuildComesBackInOrder() throws {
        let built = try Built(keys: ["a", "b", "c"])
        let database = built.fixture.database
        let train = examples(of: [built.documents[2]], split: .train)
        var test = examples(of: Array(built.documents.prefix(2)))
        (test[0].position, test[1].position) = (1, 0)
        let id = try database.insertBuild(build(corpora: [built.corpus], settings: built.settings(test + train))).id
        #expect(try database.builds().map(\.name) == ["main"])
        #expect(try database.corpora(ofBuild: id).map(\.id) == [built.corpus])
        let setting = try #require(try database.setting(named: "summarize+translate/es", ofBuild: id))
        #expect(try database.settings(ofBuild: id) == [setting])
        #expect(setting.family == "summarize+translate" && setting.targetKind == .language && setting.target == "es")
        let stored = try database.examples(ofSetting: setting.id, split: .test)
        #expect(stored.map(\.input) == ["Ilse: b", "Ilse: a"])
        #expect(try database.examples(ofSetting: setting.id, split: .test, limit: 1) == [stored[0]])
        #expect(try database.examples(ofSetting: setting.id, split: .validation) == [])
        #expect(try database.example(stored[1].id) == stored[1])
        #expect(try database.summary(ofBuild: "main").map { "\($0.split) \($0.examples)" } == ["test 2", "train 1"])
    }

    @Test func theSameContentIsLeftAloneAndOtherContentReplaced() throws {
        let built = try Built(keys: ["a", "b"])
        let database = built.fixture.database
        let first = build(corpora: [built.corpus], settings: built.settings(examples(of: built.documents)))
        let id = try database.insertBuild(first).id
        #expect(try database.insertBuild(first) == .unchanged(id: id))
        let second = build(
            corpora: [built.corpus], settings: built.settings(examples(of: [built.documents[0]])), content: "2")
        guard case .replaced = try database.insertBuild(second) else {
            Issue.record("expected a replacement")
            return
        }
        #expect(try built.fixture.count("examples") == 1)
        #expect(try built.fixture.count("settings") == 1)
    }

    @Test func furtherReferencesExclusionsAndPairsComeBack() throws {
        let built = try Built(keys: ["a", "b", "c"])
        let database = built.fixture.database
        let ids = built.documents.map(\.document.id)
        var settings = built.settings(examples(of: Array(built.documents.prefix(2))))
        settings[0].furtherReferences = [
            ids[1]: [
                FurtherReferenceRecord(text: "second", origin: "person"),
                FurtherReferenceRecord(text: "third", origin: "model:tiny"),
            ]
        ]
        var contents = build(corpora: [built.corpus], settings: settings)
        contents.exclusions = [BuildExclusionRecord(documentID: ids[2], reason: "it repeats a")]
        contents.duplicatePairs = [
            DuplicatePairRecord(firstID: ids[0], secondID: ids[2], texts: "spoken", similarity: 0.75)
        ]
        let id = try database.insertBuild(contents).id
        let setting = try #require(try database.settings(ofBuild: id).first)
        let stored = try database.examples(ofSetting: setting.id, split: .test)
        let further = try database.furtherReferences(ofSetting: setting.id, split: .test)
        #expect(further.keys.sorted() == [stored[1].id])
        #expect(
            further[stored[1].id] == [
                ReferenceText(text: "second", origin: "person"), ReferenceText(text: "third", origin: "model:tiny"),
            ])
        #expect(try database.exclusions(ofBuild: id).map(\.reason) == ["it repeats a"])
        #expect(try database.duplicatePairs(ofBuild: id).map(\.similarity) == [0.75])
        contents.duplicatePairs = []
        #expect(try database.insertBuild(contents) == .unchanged(id: id))
        #expect(try database.duplicatePairs(ofBuild: id).isEmpty)
        contents.exclusions = [BuildExclusionRecord(documentID: ids[0], reason: "it repeats b")]
        contents.build.contentHash = hash("other")
        let error = #expect(throws: StoreError.self) { try database.insertBuild(contents) }
        #expect(error?.message.contains("'a' is left out of the build and has examples in it") == true)
    }

    @Test func aBuildThatARunDependsOnIsNotReplaced() throws {
        let scored = try ScoredRun([("linear", "summarize+translate/es", ["a": 1, "b": 2])])
        let changed = build(corpora: [], settings: [], content: "other")
        let error = try #require(throws: StoreError.self) { try scored.database.insertBuild(changed) }
        #expect(error.code == .conflict)
        #expect(error.message.contains("1 runs and 0 adapters depend on it; give the new build another name"))
        #expect(try scored.fixture.count("examples") == 2)
    }

    @Test func aDocumentInTwoSplitsIsRefused() throws {
        let built = try Built(keys: ["a"])
        let settings = [
            SettingContents(
                setting: setting("summarize", "translate/es", position: 0), examples: examples(of: built.documents)),
            SettingContents(
                setting: setting("summarize", "translate/fr", position: 1),
                examples: examples(of: built.documents, split: .train)),
        ]
        let error = try #require(throws: StoreError.self) {
            try built.fixture.database.insertBuild(build(corpora: [built.corpus], settings: settings))
        }
        #expect(error.code == .invalid)
        #expect(error.message == "document 'a' lies in two splits; put all its examples into one")
        #expect(try built.fixture.count("builds") == 0)
    }

    @Test func aClusterInTwoSplitsIsRefused() throws {
        let built = try Built(keys: ["a~1", "a~2"])
        let examples = examples(of: [built.documents[0]]) + examples(of: [built.documents[1]], split: .train)
        let error = try #require(throws: StoreError.self) {
            try built.fixture.database.insertBuild(
                build(corpora: [built.corpus], settings: built.settings(examples)))
        }
        #expect(error.message.hasPrefix("cluster '"))
    }

    @Test func aDocumentOfAnotherCorpusIsRefused() throws {
        let built = try Built(keys: ["a"])
        let error = try #require(throws: StoreError.self) {
            try built.fixture.database.insertBuild(
                build(corpora: [], settings: built.settings(examples(of: built.documents))))
        }
        #expect(error.message.contains("'a' is of none of the build's corpora"))
    }

    @Test func twoExamplesAtOnePositionAreRefused() throws {
        let built = try Built(keys: ["a", "b"])
        var examples = examples(of: built.documents)
        examples[1].position = 0
        let error = try #require(throws: StoreError.self) {
            try built.fixture.database.insertBuild(
                build(corpora: [built.corpus], settings: built.settings(examples)))
        }
        #expect(error.message.hasPrefix("setting 'summarize+translate/es': UNIQUE constraint failed"))
    }
}
