import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct TMXTests {
    private static var options: SourceOptions {
        var options = SourceOptions()
        (options.name, options.version, options.licence, options.citation) = ("mine", "1", "CC0-1.0", "Nobody 2099.")
        return options
    }

    private static func options(language: String = "en", languages: String...) -> SourceOptions {
        var options = Self.options
        options.language = language
        if !languages.isEmpty { options.languages = languages.map { .init(code: $0, name: "") } }
        return options
    }

    private static func memory(srclang: String = "en", _ units: String...) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <!DOCTYPE tmx SYSTEM "tmx14.dtd">
        <tmx version="1.4"><header segtype="paragraph" adminlang="en" srclang="\(srclang)" datatype="text"/><body>
        \(units.joined(separator: "\n"))
        </body></tmx>
        """
    }

    /// A unit: its id, then a text a language.
    private static func unit(_ id: String?, _ texts: KeyValuePairs<String, String>) -> String {
        let body = texts.map { "<tuv xml:lang=\"\($0)\">\n<seg>\($1)</seg></tuv>" }.joined()
        return "<tu\(id.map { " tuid=\"\($0)\"" } ?? "")><prop type=\"note\">not a text</prop>\(body)</tu>"
    }

    private func read(_ units: String..., options: SourceOptions = Self.options) throws -> Corpus {
        try ScratchSource(["a.tmx": Self.memory(units.joined())]).read(options)
    }

    @Test func makesASentenceOfEachUnit() throws {
        let corpus = try read(
            Self.unit("x:1", ["en": "A tree &amp; a lake", "fr": "Un arbre et un lac", "de": "Ein Baum und ein See"]),
            Self.unit("x:2", ["fr": "L&apos;eau", "en": "Water"]))
        #expect(corpus.problems.isEmpty)
        #expect(corpus.documents.map(\.key) == ["x:1", "x:2"])
        #expect(corpus.documents.map(\.text) == ["A tree & a lake", "Water"])
        #expect(corpus.documents[0].versions.map(\.variant) == ["fr", "de"])
        #expect(corpus.documents[1].versions.map(\.text) == ["L'eau"])
        #expect(corpus.documents.map(\.kind) == [.sentence, .sentence])
        #expect(corpus.manifest.languages.map(\.code) == ["fr", "de"] && corpus.files[0].format == "tmx")
        #expect(corpus.files[0].records(with: "missing-language") == [2])
        #expect(corpus.files[0].irregularities.kinds.map(\.name) == ["missing-language"])
    }

    @Test func asksForWhatAMemoryDoesNotSayOfItself() throws {
        let source = try ScratchSource(["a.tmx": Self.memory(Self.unit("1", ["en": "A", "fr": "B"]))])
        let error = #expect(throws: CorpusError.self) { try source.source() }
        #expect(error?.code == .incomplete && error?.message.contains("--licence") == true)
    }

    @Test func keepsARegionalCodeUnlessTheLanguageIsAskedFor() throws {
        let unit = Self.unit("1", ["EN_us": "A tree", "es-419": "Un árbol"])
        let plain = try read(unit)
        #expect(plain.documents[0].versions.map(\.variant) == ["es-419"])
        #expect(plain.manifest.languages.map(\.code) == ["es-419"])
        #expect(plain.manifest.languages[0].name.contains("Spanish"))
        let asked = try read(unit, options: Self.options(languages: "es"))
        #expect(asked.documents[0].versions.map(\.variant) == ["es"])
        #expect(asked.files[0].records(with: "regional-text") == [1])
        let exact = try read(unit, options: Self.options(languages: "es-419"))
        #expect(exact.documents[0].versions.map(\.variant) == ["es-419"])
        #expect(exact.files[0].irregularities.kinds.isEmpty)
        #expect(try read(unit, options: Self.options(languages: "es-ES")).documents.isEmpty)
    }

    @Test func anExactCodeGoesBeforeRegionalOnes() throws {
        let unit = Self.unit("1", ["en": "A tree", "es-419": "Regional", "es": "Plain", "es-ES": "Other"])
        #expect(try read(unit, options: Self.options(languages: "es")).documents[0].versions.map(\.text) == ["Plain"])
        let regional = Self.unit("1", ["en": "A tree", "es-419": "One", "es-ES": "Two"])
        let both = try read(regional, options: Self.options(languages: "es"))
        #expect(both.documents[0].versions.map(\.text) == ["One", "Two"])
    }

    @Test(arguments: [
        ("Press <ph x=\"1\">\\n</ph> now", "Press now", ["inline-markup"]),
        ("A <bpt i=\"1\">&lt;b&gt;</bpt>bold<ept i=\"1\">&lt;/b&gt;</ept> word", "A bold word", ["inline-markup"]),
        ("Go <it pos=\"begin\">[i]</it>there", "Go there", ["inline-markup"]),
        ("A <hi type=\"term\">green <hi>old</hi></hi> tree", "A green old tree", ["inline-markup"]),
        ("A<ph>img <sub>a picture of <ph>x</ph> it</sub></ph> tree", "A tree", ["inline-markup", "sub-flow"]),
        ("<ph/> A tree<ut>z</ut>", "A tree", ["inline-markup"]),
        ("<![CDATA[1 < 2]]> &quot;yes&quot; &lt;i>", "1 < 2 \"yes\" <i>", []),
        ("\n  A tree\n", "A tree", ["outer-blanks"]), ("A\ntree", "A\ntree", ["line-break"]),
        ("A\u{A0}tree\u{2009}!", "A\u{A0}tree\u{2009}!", []), ("A\u{200B}tree", "A\u{200B}tree", ["zero-width"]),
    ])
    func takesTheTextOutOfInlineCodes(segment: String, text: String, names: [String]) throws {
        let corpus = try read(Self.unit("1", ["en": segment, "fr": "Oui"]), Self.unit("2", ["en": "No", "fr": "Non"]))
        #expect(corpus.documents.map(\.text) == [text, "No"])
        #expect(corpus.files[0].irregularities.kinds.map(\.name) == names)
        for name in names { #expect(corpus.files[0].records(with: name) == [1]) }
    }

    @Test func severalTextsOfALanguageAreSeveralReferences() throws {
        let corpus = try read(
            Self.unit("1", ["en": "A tree", "fr": "Un arbre", "en-GB": "A beech", "fr": "L’arbre", "fr": "Un arbre"]))
        #expect(corpus.documents[0].text == "A tree")
        #expect(corpus.documents[0].versions.map(\.text) == ["Un arbre", "L’arbre", "Un arbre"])
        #expect(corpus.files[0].records(with: "same-references") == [1])
        #expect(corpus.files[0].records(with: "several-sources") == [1])
        let sources = try read(Self.unit("1", ["en-US": "A truck", "en-GB": "A lorry", "fr": "Un camion"]))
        #expect(sources.documents[0].text == "A truck" && sources.files[0].records(with: "several-sources") == [1])
        let british = try read(
            Self.unit("1", ["en-US": "A truck", "en-GB": "A lorry"]), options: Self.options(languages: "en-GB"))
        #expect(british.documents[0].versions.map(\.text) == ["A lorry"])
    }

    @Test func makesRepeatedAndMissingIDsDifferent() throws {
        let corpus = try read(
            Self.unit("1", ["en": "A", "fr": "B"]), Self.unit("1", ["en": "C", "fr": "D"]),
            Self.unit("1-2", ["en": "E", "fr": "F"]), Self.unit(nil, ["en": "G", "fr": "H"]),
            Self.unit("", ["en": "I", "fr": "J"]))
        #expect(corpus.documents.map(\.key) == ["1", "1-2", "1-2-2", "a-4", "a-5"])
        #expect(corpus.problems.isEmpty)
    }

    @Test func rejectsUnitsThatCannotBeSentences() throws {
        let corpus = try read(
            Self.unit("1", ["en": "A", "fr": "B"]), Self.unit("2", ["fr": "B", "de": "C"]), Self.unit("3", ["en": "A"]),
            Self.unit("4", ["en": " ", "fr": "B"]), Self.unit("5", ["en": "A", "fr": ""]), Self.unit("6", [:]),
            "<tu tuid=\"7\"><tuv><seg>A</seg></tuv><tuv lang=\"en\"><seg>B</seg></tuv></tu>")
        #expect(corpus.documents.map(\.key) == ["1"])
        let rejects = corpus.files[0].rejects
        #expect(rejects.map(\.record) == ["2", "3", "4", "5", "6", "7"])
        #expect(rejects[0].reason.contains("no text in en, only in fr, de"))
        #expect(rejects[1].reason.contains("no translation into fr"))
        #expect(rejects[5].reason.contains("no xml:lang"))
        #expect(rejects[0].line == 6)
    }

    @Test func takesTheSourceLanguageThatIsAskedFor() throws {
        let source = try ScratchSource(["a.tmx": Self.memory(srclang: "fr", Self.unit("1", ["fr": "Oui", "de": "Ja"]))])
        let error = #expect(throws: CorpusError.self) { try source.source(Self.options) }
        #expect(error?.message.contains("--language fr") == true)
        let corpus = try source.read(Self.options(language: "fr"))
        #expect(corpus.documents.map(\.text) == ["Oui"] && corpus.manifest.language == "fr")
        #expect(corpus.files[0].irregularities.kinds.isEmpty)
    }

    @Test(arguments: [
        ("en", "", []), ("EN-us", "", []), ("*all*", "", []), ("fr", "", [1]), ("fr", " srclang=\"en\"", []),
        ("*all*", " srclang=\"fr\"", [1]),
    ])
    func notesASourceTextThatIsATranslation(header: String, own: String, records: [Int]) throws {
        let unit = Self.unit("1", ["en": "Yes", "fr": "Oui"]).replacing("<tu ", with: "<tu\(own) ")
        let corpus = try ScratchSource(["a.tmx": Self.memory(srclang: header, unit)]).read(Self.options)
        #expect(corpus.files[0].records(with: "other-direction") == records)
    }

    @Test func joinsFilesOfOneNameOnTheirIDs() throws {
        let source = try ScratchSource([
            "all.en-es-419.tmx": Self.memory(
                Self.unit("1", ["en": "\"Yes\"", "es-419": "Sí"]), Self.unit("2", ["en": "No", "es-419": "No"]),
                Self.unit("4", ["en": "Now", "es-419": "Ahora"])),
            "all.en-fr.tmx": Self.memory(
                Self.unit("1", ["en": "“Yes”", "fr": "Oui"]), Self.unit("3", ["en": "Here", "fr": "Ici"]),
                Self.unit("2", ["en": "No", "fr": "Non"])),
        ])
        let corpus = try source.read(Self.options)
        #expect(corpus.problems.isEmpty && corpus.files.count == 1)
        #expect(corpus.documents.map(\.key) == ["1", "2", "3", "4"])
        #expect(
            corpus.documents.map { $0.versions.map(\.text) } == [["Sí", "Oui"], ["No", "Non"], ["Ici"], ["Ahora"]])
        #expect(corpus.documents[0].text == "\"Yes\"")
        #expect(corpus.files[0].records(with: "source-differs") == [1])
        #expect(corpus.files[0].records(with: "missing-language") == [3, 4])
        #expect(corpus.manifest.languages.map(\.code) == ["es-419", "fr"])
    }

    @Test func doesNotJoinTextsThatOnlyShareANumber() throws {
        let source = try ScratchSource([
            "all.en-es.tmx": Self.memory(Self.unit("1", ["en": "A tree", "es": "Un árbol"])),
            "all.en-fr.tmx": Self.memory(Self.unit("1", ["en": "A lake", "fr": "Un lac"])),
        ])
        let corpus = try source.read(Self.options)
        #expect(corpus.documents.isEmpty && corpus.files[0].rejects.map(\.record) == ["1"])
    }

    @Test func keepsFilesApartThatAreNoTranslationsOfOneAnother() throws {
        let unit = Self.unit("1", ["en": "A tree", "fr": "Un arbre"])
        let source = try ScratchSource([
            "news.en-fr.tmx": Self.memory(unit), "talks.en-fr.tmx.gz": "", "x/news.en-fr.tmx": Self.memory(unit),
        ])
        try PackedFiles.write(
            [("talks.en-fr.tmx", Self.memory(unit))], as: .gzip, to: source.folder.path("talks.en-fr.tmx.gz"))
        let corpus = try source.read(Self.options)
        #expect(corpus.documents.map(\.key) == ["news.en-fr-1", "talks.en-fr-1", "x-news.en-fr-1"])
    }

    @Test func saysWhereAMemoryIsCut() throws {
        let whole = Self.memory(Self.unit("1", ["en": "A", "fr": "B"]))
        let source = try ScratchSource(["a.tmx": String(whole.dropLast(10))])
        let error = #expect(throws: CorpusError.self) { try source.read(Self.options) }
        #expect(error?.code == .unreadable)
        #expect(error?.file == "a.tmx:7:4")
    }

    @Test func readsMemoriesInUTF16() throws {
        let text = Self.memory(Self.unit("1", ["en": "A tree", "el": "Ένα δέντρο"])).replacing("UTF-8", with: "UTF-16")
        let source = try ScratchSource([:])
        try source.write("a.tmx", Data([0xFF, 0xFE]) + (try #require(text.data(using: .utf16LittleEndian))))
        let corpus = try source.read(Self.options)
        #expect(corpus.documents.map { $0.versions[0].text } == ["Ένα δέντρο"])
    }

    @Test func knowsTICO19ByItsFiles() throws {
        let source = try ScratchSource([
            "all.en-fr.tmx": Self.memory(Self.unit("CMU_1:1", ["en": "A cough", "fr": "Une toux"]))
        ])
        let corpus = try source.read()
        #expect(corpus.manifest.name == "tico19" && corpus.manifest.licence == "CC0-1.0")
        #expect(corpus.documents.map(\.key) == ["CMU_1:1"])
    }

    @Test func leavesOutLanguagesThatItsBeginningLacksAndSaysSo() throws {
        let filler = String(
            repeating: Self.unit("f", ["en": String(repeating: "long ", count: 2000), "fr": "B"]), count: 450)
        let units = filler + Self.unit("late", ["en": "A", "fr": "B", "it": "C"])
        let corpus = try read(units)
        #expect(corpus.documents.last?.versions.map(\.variant) == ["fr"])
        #expect(corpus.files[0].records(with: "unlisted-language") == [451])
        let asked = try read(units, options: Self.options(languages: "it", "fr"))
        #expect(asked.documents.last?.versions.map(\.variant) == ["it", "fr"])
    }
}
