import BenchmarkStore
import CorpusIngest
import Foundation
import Testing

@Suite struct ParallelLinesTests {
    private func options(_ language: String? = nil) -> SourceOptions {
        var options = SourceOptions.told
        options.language = language
        return options
    }

    @Test func filesOfOneStemAreReadSideBySide() throws {
        let files = try ScratchSource([
            "garden.en": "The hedge is tall.\nRake the leaves!\n", "garden.de": "Die Hecke ist hoch.\nHark das Laub!\n",
            "garden.es": "El seto es alto.\n¡Rastrilla las hojas!", "README.en": "Not a text.", "other.txt": "x",
        ])
        let source = try files.source(options())
        #expect(source.format.about.name == "parallel" && source.wasRecognised)
        #expect(source.manifest.languages.map(\.code) == ["de", "es"])
        #expect(source.manifest.languages.map(\.name) == ["German", "Spanish"])
        #expect(source.passedOver.map(\.path).sorted() == ["README.en", "other.txt"])
        let corpus = try files.read(options())
        #expect(corpus.problems.isEmpty)
        #expect(corpus.documents.map(\.key) == ["garden-1", "garden-2"])
        #expect(corpus.documents[1].text == "Rake the leaves!")
        #expect(corpus.documents[1].line == 2 && corpus.documents[1].kind == .sentence)
        #expect(corpus.texts("garden-2", "es") == ["¡Rastrilla las hojas!"])
        #expect(corpus.files.map(\.path) == ["garden.en"] && corpus.files[0].records == 2)
    }

    @Test func theSourceIsChosenWhicheverWayThePairIsNamed() throws {
        let files = try ScratchSource(["deu-eng/set.deu": "Guten Tag.\n", "deu-eng/set.eng": "Good day.\n"])
        #expect(try files.read(options()).documents.map(\.text) == ["Good day."])
        let german = try files.read(options("de"))
        #expect(german.documents.map(\.text) == ["Guten Tag."])
        #expect(german.texts("deu-eng-set-1", "en") == ["Good day."])
        #expect(german.manifest.language == "de")
        let error = #expect(throws: CorpusError.self) { try files.source(options("fr")) }
        #expect(error?.message.contains("\"fr\"") == true)
    }

    @Test func onlyTheLanguagesAskedForAreRead() throws {
        var options = options()
        options.languages = [CorpusManifest.Language(code: "fr")]
        let files = try ScratchSource(["a.en": "One.\n", "a.de": "Eins.\n", "a.fr": "Un.\n"])
        #expect(try files.read(options).documents.map { $0.versions.map(\.variant) } == [["fr"]])
    }

    @Test func repeatedSourcesBecomeOneDocumentWithSeveralReferences() throws {
        let files = try ScratchSource([
            "t.en": "Hello.\nBye.\nHello.\nHello. \nBye.\nThanks.\n",
            "t.es": "Hola.\nAdiós.\n¡Hola!\nHola.\nHasta luego.\nGracias.\n",
        ])
        let corpus = try files.read(options())
        #expect(corpus.documents.map(\.key) == ["t-1", "t-2", "t-6"])
        #expect(corpus.texts("t-1", "es") == ["Hola.", "¡Hola!"])
        #expect(corpus.texts("t-2", "es") == ["Adiós.", "Hasta luego."])
        #expect(corpus.files[0].seen == 6 && corpus.files[0].records == 6 && corpus.files[0].documents == 3)
        #expect(corpus.records(with: "repeated-source") == [3, 4, 5])
        #expect(corpus.records(with: "same-references") == [1])
        #expect(corpus.records(with: "outer-blanks") == [4])
    }

    @Test func sourcesThatDifferInNormalFormAloneAreTheSame() throws {
        let files = try ScratchSource([
            "t.en": "A cafe\u{301}.\nA caf\u{E9}.\n", "t.fr": "Un café.\nUn bistrot.\n",
        ])
        let corpus = try files.read(options())
        #expect(corpus.texts("t-1", "fr") == ["Un café.", "Un bistrot."])
        #expect(corpus.records(with: "normal-form") == [1])
    }

    @Test func linesEndAtLineFeedsAlone() throws {
        let odd = "a\u{2028}b\u{2009}c\u{A0}d\u{B}e\u{85}f\u{200B}g"
        let files = try ScratchSource(["t.en": "One.\r\n\(odd)\r\n", "t.fr": "\u{FEFF}Un.\nDeux\u{A0}!\n"])
        let corpus = try files.read(options())
        #expect(corpus.documents.map(\.text) == ["One.", odd])
        #expect(corpus.texts("t-1", "fr") == ["Un."] && corpus.texts("t-2", "fr") == ["Deux\u{A0}!"])
        #expect(corpus.records(with: "zero-width") == [2])
    }

    @Test func differentLineCountsAreAnErrorWithBothNumbers() throws {
        let files = try ScratchSource(["t.en": "1\n2\n3\n", "t.de": "1\n2\n3\n4\n5\n"])
        let error = #expect(throws: CorpusError.self) { try files.read(options()) }
        #expect(error?.file == "t.en")
        #expect(error?.message.hasPrefix("has 3 lines, but t.de has 5") == true)
    }

    @Test func blankLinesAreRejectedOnOneSideAndPassedOverOnBoth() throws {
        let files = try ScratchSource([
            "t.en": "One.\n\n \nFour.\nFive.\n", "t.de": "\nZwei.\n\nVier.\n\n", "t.fr": "\nDeux.\n\nQuatre.\nCinq.\n",
        ])
        let corpus = try files.read(options())
        #expect(corpus.files[0].rejects.map(\.line) == [1, 2, 3])
        #expect(corpus.files[0].rejects.map(\.record) == ["t-1", "t-2", ""])
        #expect(corpus.errors.map(\.line) == [1, 2])
        #expect(corpus.errors.first?.message.hasPrefix("de, fr is empty") == true)
        #expect(corpus.documents.map(\.key) == ["t-4", "t-5"])
        #expect(corpus.texts("t-5", "de") == [] && corpus.texts("t-5", "fr") == ["Cinq."])
        // Lines 1, 2, 4, 5 are the records; the last has a reference less.
        #expect(corpus.records(with: "no-reference") == [4])
    }

    @Test func bytesThatAreNotUTF8AreNamedWithTheirPlace() throws {
        let files = try ScratchSource(["t.en": "One.\nTwo.\n"])
        try files.write("t.fr", Data([0x55, 0x6E, 0x2E, 0x0A, 0xC3, 0xA9, 0xE9, 0x2E, 0x0A]))
        let corpus = try files.read(options())
        #expect(corpus.documents.map(\.key) == ["t-1"])
        #expect(corpus.errors.map { [$0.line, $0.column] } == [[2, 2]])
        #expect(corpus.errors.first?.message.hasPrefix("fr is not UTF-8") == true)
    }

    @Test func keysOfEqualStemsInSeveralFoldersDiffer() throws {
        let files = try ScratchSource([
            "eng-spa/set.eng": "Yes.\n", "eng-spa/set.spa": "Sí.\n", "eng-fra/set.eng": "Yes.\n",
            "eng-fra/set.fra": "Oui.\n",
        ])
        let corpus = try files.read(options())
        #expect(corpus.documents.map(\.key) == ["eng-fra-set-1", "eng-spa-set-1"])
        #expect(corpus.manifest.languages.map(\.code) == ["es", "fr"])
        #expect(corpus.errors.isEmpty)
    }

    @Test func manyLinesKeepTheirOrder() throws {
        let count = 20_000
        func lines(_ word: String) -> String { (1...count).map { "\(word) \($0 % 9_999)\n" }.joined() }
        let files = try ScratchSource(["t.en": lines("word"), "t.de": lines("Wort")])
        let corpus = try files.read(options())
        #expect(corpus.documents.count == 9_999 && corpus.files[0].records == count)
        #expect(corpus.documents.map(\.line) == (1...9_999).map(Optional.some))
        #expect(corpus.records(with: "repeated-source") == Array(10_000...count))
    }

    @Test(arguments: ["notes.de", "table.csv", "newstest.en"])
    func aFileWithoutItsOtherLanguageIsNotKnown(name: String) throws {
        let error = #expect(throws: CorpusError.self) {
            try ScratchSource([name: "Some text.\n", "other.txt": "Text.\n"]).source(options())
        }
        #expect(error?.code == .unknownFormat)
    }
}

@Suite struct ParallelDatasetsTests {
    @Test(arguments: [
        ("newstest2013.en", "newstest2013.es", "wmt-newstest2013", "newstest2013-1"),
        ("devtest/eng_Latn.devtest", "devtest/spa_Latn.devtest", "flores200", "devtest-1"),
        (
            "eng-spa/tatoeba-test-v2021-08-07.eng", "eng-spa/tatoeba-test-v2021-08-07.spa", "tatoeba",
            "eng-spa-tatoeba-test-v2021-08-07-1"
        ),
    ])
    func knownDataSetsNeedNoOptions(english: String, spanish: String, name: String, key: String) throws {
        let files = try ScratchSource([
            english: "A kite.\n", spanish: "Una cometa.\n", spanish + ".labels": "spa\n", "LICENSE.txt": "Terms.",
        ])
        let source = try files.source()
        #expect(source.format.about.name == name && source.manifest.name == name)
        #expect(source.manifest.languages.map(\.code) == ["es"])
        let corpus = try files.read()
        #expect(corpus.documents.map(\.key) == [key])
        #expect(corpus.documents.map(\.split) == [.test])
        #expect(corpus.texts(key, "es") == ["Una cometa."])
        #expect(Set(source.passedOver.map(\.path)) == [spanish + ".labels", "LICENSE.txt"])
    }

    @Test func floresDevelopmentFilesAreTheValidationSplit() throws {
        let files = try ScratchSource(["dev/eng_Latn.dev": "A kite.\n", "dev/zho_Hant.dev": "風箏。\n"])
        let corpus = try files.read()
        #expect(corpus.documents.map(\.split) == [.validation])
        #expect(corpus.manifest.languages.map(\.code) == ["zh-Hant"])
    }

    @Test func outerBlanksAreTakenOffAndNoted() throws {
        let files = try ScratchSource(["d/eng_Latn.devtest": "A kite.\nTwo.\n", "d/spa_Latn.devtest": "Una.\nDos. \n"])
        let corpus = try files.read()
        #expect(corpus.texts("d-devtest-2", "es") == ["Dos."])
        #expect(corpus.records(with: "outer-blanks") == [2])
    }
}
