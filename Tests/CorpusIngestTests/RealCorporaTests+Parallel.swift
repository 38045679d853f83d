import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

/// Every file of these data sets comes in with the counts of its description; skipped where the folder is absent.
@Suite(.enabled(if: Fixtures.realCorpora != nil)) struct RealParallelCorporaTests {
    private func source(_ name: String, _ options: SourceOptions = SourceOptions()) throws -> CorpusSource {
        let folder = try #require(Fixtures.realCorpora).appending(path: name)
        return try CorpusSource([folder.path], options)
    }

    private func option(_ change: (inout SourceOptions) -> Void) -> SourceOptions {
        var options = SourceOptions()
        change(&options)
        return options
    }

    /// Records, documents, rejects of a file.
    private func counts(_ corpus: Corpus) -> [String: [Int]] {
        Dictionary(
            uniqueKeysWithValues: corpus.files.map { ($0.path, [$0.seen, $0.documents, $0.rejects.count]) })
    }

    @Test func newstest2013() throws {
        let source = try source("wmt-newstest2013")
        #expect(source.format.about.name == "wmt-newstest2013")
        let corpus = try source.readAll()
        #expect(corpus.manifest.languages.map(\.code) == ["de", "es", "fr"])
        #expect(corpus.files.map(\.seen) == [3000] && corpus.errors.isEmpty)
        #expect(corpus.documents.allSatisfy { Set($0.versions.map(\.variant)).count == 3 && $0.split == .test })
        #expect(corpus.documents.count + corpus.records(with: "repeated-source").count == 3000)
    }

    @Test func flores200() throws {
        let source = try source("flores200")
        #expect(source.format.about.name == "flores200")
        let corpus = try source.readAll()
        #expect(corpus.manifest.languages.map(\.code) == ["de", "es", "fr"])
        #expect(corpus.files.map(\.seen) == [1012] && corpus.documents.count == 1012 && corpus.errors.isEmpty)
        #expect(Set(corpus.records(with: "outer-blanks")).isSuperset(of: [11, 33, 53, 63, 246, 252, 257, 259]))
    }

    @Test func tatoeba() throws {
        let source = try source("tatoeba")
        #expect(source.format.about.name == "tatoeba")
        let corpus = try source.readAll()
        #expect(
            counts(corpus) == [
                "deu-eng/tatoeba-test-v2021-08-07.eng": [17565, 16765, 0],
                "eng-fra/tatoeba-test-v2021-08-07.eng": [12681, 11871, 0],
                "eng-spa/tatoeba-test-v2021-08-07.eng": [16583, 16098, 0],
            ])
        #expect(corpus.documents.reduce(0) { $0 + $1.versions.count } == 17565 + 12681 + 16583)
        #expect(corpus.errors.isEmpty)
    }

    @Test func sated() throws {
        let source = try source("ted-sated", option { $0.detokenise = true })
        #expect(source.format.about.name == "sated")
        let corpus = try source.readAll()
        #expect(
            counts(corpus) == [
                "en-de/test.en": [3340, 3340, 0], "en-es/test.en": [3844, 3844, 0], "en-fr/test.en": [3774, 3774, 0],
            ])
        #expect(corpus.documents.allSatisfy { !$0.text.contains("&apos;") && $0.split == .test })
        #expect(Set(corpus.documents.filter { $0.file == "en-de/test.en" }.map(\.topic)).count == 1670)
        #expect(Set(corpus.documents.filter { $0.file == "en-de/test.en" }.map(\.text)).count <= 3263)
    }

    @Test func cocoaMT() throws {
        let source = try source("cocoa-mt")
        #expect(source.format.about.name == "cocoa-mt")
        let corpus = try source.readAll()
        #expect(corpus.files.count == 12 && corpus.errors.isEmpty)
        #expect(corpus.files.allSatisfy { $0.seen == 200 && $0.documents == 200 })
        let same = corpus.files.map { file in
            file.irregularities.records.first { $0.key.name == "same-manner" }?.value.count ?? 0
        }
        #expect(corpus.files.map(\.split) == Array(repeating: .test, count: 6) + Array(repeating: .train, count: 6))
        #expect(same == [0, 0, 0, 0, 0, 0, 20, 3, 24, 25, 27, 21])
        #expect(corpus.manifest.languages.count == 6)
    }

    @Test func bcontrast() throws {
        let source = try source("bcontrast")
        #expect(source.format.about.name == "bcontrast")
        let corpus = try source.readAll()
        #expect(
            counts(corpus) == [
                "dev.json": [78, 78, 0], "test1_corpus.json": [78, 0, 0], "train.json": [550, 548, 2],
            ])
        #expect(corpus.records(with: "blind-test") == Array(1...78))
        #expect(corpus.documents.allSatisfy { $0.versions.map(\.variant) == ["", "de"] })
    }

    @Test func everyReplyOfBcontrast() throws {
        let corpus = try source("bcontrast", option { $0.replies = .every }).readAll()
        // One document a change of speaker: turns less conversations less turns after the same speaker.
        let changes = ["dev.json": 1902 - 78 - 297, "train.json": 13845 - 550 - 2325]
        for file in corpus.files where file.documents > 0 { #expect(file.documents == changes[file.path]) }
    }

    @Test func maia() throws {
        let source = try source("maia")
        #expect(source.format.about.name == "maia")
        let corpus = try source.readAll()
        #expect(counts(corpus) == ["MAIA.en-fr.csv": [15026, 264, 0]])
        #expect(corpus.records(with: "line-break") == [7220])
        let odd = corpus.records(with: "unusual-direction")
        #expect(odd.count == 22 && odd.starts(with: [889, 1029, 1033, 2172, 2899]))
        #expect(corpus.documents.allSatisfy { $0.versions.map(\.variant) == ["", "fr"] })
    }

    @Test func xdailydialog() throws {
        let source = try source("xdailydialog")
        #expect(source.format.about.name == "xdailydialog")
        let corpus = try source.readAll()
        #expect(counts(corpus) == ["en_dev_human.txt": [995, 995, 0], "en_test_human.txt": [996, 996, 0]])
        #expect(corpus.records(with: "different-labels").isEmpty)
    }

    @Test(arguments: [(nil, 1000, 7801), ("fr", 249, 1950)] as [(String?, Int, Int)])
    func xpersona(language: String?, records: Int, pairs: Int) throws {
        let source = try source("xpersona", option { $0.language = language })
        #expect(source.format.about.name == "xpersona")
        let corpus = try source.readAll()
        #expect(corpus.files.map(\.seen) == [records] && corpus.documents.count == records && corpus.errors.isEmpty)
        #expect(corpus.documents.reduce(0) { $0 + $1.turns.count + 1 } == 2 * pairs)
        #expect(corpus.manifest.language == language ?? "en")
    }

    @Test func theirFormatsKnowTheirOwnFilesAlone() throws {
        let own = [
            "bcontrast": "bcontrast", "cocoa-mt": "cocoa-mt", "flores200": "flores200", "maia": "maia",
            "tatoeba": "tatoeba", "ted-sated": "sated", "wmt-newstest2013": "wmt-newstest2013",
            "xdailydialog": "xdailydialog", "xpersona": "xpersona",
        ]
        let names = Set(own.values).union(["parallel", "ted-talks"])
        let root = try #require(Fixtures.realCorpora)
        for folder in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            for file in try SourceListing.files(at: root.appending(path: folder).path) {
                guard let format = try FormatRegister.format(of: file)?.about.name, names.contains(format) else {
                    continue
                }
                #expect(format == own[folder], "\(folder)/\(file.path)")
            }
        }
    }
}
