import BenchmarkStore
import CorpusIngest
import Testing

/// TED talks and translation memories.
extension RealCorporaTests {
    @Test func iwslt17() throws {
        let corpus = try read("ted-iwslt17")
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files.count == 10 && corpus.files.allSatisfy { $0.rejects.isEmpty && $0.format == "iwslt-xml" })
        func documents(_ code: String) -> [CorpusDocument] {
            corpus.documents.filter { $0.versions[0].variant == code }
        }
        func talks(_ code: String) -> Int {
            Set(documents(code).map { $0.key.split(separator: "-").dropLast().joined(separator: "-") }).count
        }
        #expect(documents("de").count == 11_238 && talks("de") == 116)
        #expect(documents("fr").count == 1_159 && talks("fr") == 13)
        let counts = Dictionary(uniqueKeysWithValues: corpus.files.map { ($0.path, $0.documents) })
        let german = [
            "dev2010": 888, "tst2010": 1568, "tst2011": 1433, "tst2012": 1700, "tst2013": 993, "tst2014": 1305,
            "tst2015": 1080, "tst2016": 1133, "tst2017": 1138,
        ]
        for (set, count) in german { #expect(counts["en-de/IWSLT17.TED.\(set).en-de.en.xml"] == count) }
        #expect(corpus.documents.allSatisfy { !$0.topic.isEmpty })
        #expect(corpus.documents.count { $0.split == .validation } == 888)
        #expect(corpus.documents.count { $0.split == .test } == 11_238 + 1_159 - 888)
    }

    @Test func iwslt17IsOddWhereItIsKnownToBe() throws {
        let names = ["en", "de"].map { "ted-iwslt17/en-de/IWSLT17.TED.tst2010.en-de.\($0).xml" }
        let corpus = try CorpusSource(try paths(names)).readAll()
        let file = corpus.files[0]
        let odd = corpus.documents.filter { file.records(with: "time-code").contains($0.number) }
        #expect(odd.map(\.key) == ["47", "49", "89"].map { "tst2010-en-de-767-\($0)" })
        // 933 in English, and some in German.
        #expect((933...950).contains(file.records(with: "blank-runs").count))
        #expect(file.records(with: "outer-blanks").count == 1_568)
    }

    @Test(arguments: [("all.en-fr.tmx", "fr", 2_176), ("all.en-es-419.tmx", "es-419", 994)])
    func tico19(name: String, language: String, noBreakSpaces: Int) throws {
        let corpus = try read("tico19-tmx/\(name)")
        #expect(corpus.problems.isEmpty && corpus.files.map(\.rejects.count) == [0])
        #expect(corpus.documents.count == 3_071 && corpus.manifest.name == "tico19")
        #expect(corpus.documents.allSatisfy { $0.versions.map(\.variant) == [language] })
        #expect(
            corpus.documents.reduce(0) { $0 + $1.versions[0].text.unicodeScalars.count { $0 == "\u{A0}" } }
                == noBreakSpaces)
        #expect(Set(corpus.documents.map(\.text)).count == 3_070)
    }

    @Test func tico19JoinedOnItsIDs() throws {
        let corpus = try read("tico19-tmx")
        #expect(corpus.problems.isEmpty && corpus.documents.count == 3_071)
        #expect(corpus.documents.allSatisfy { $0.versions.map(\.variant) == ["es-419", "fr"] })
        #expect(corpus.files[0].records(with: "source-differs") == [47, 48, 1138, 1159, 1160, 1161, 2465])
    }
}
