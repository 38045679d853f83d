import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct IWSLTXMLTests {
    private static let stem = "IWSLT17.TED.tst2099"

    /// A document of talks, each with its id, the elements before its segments, and its segments.
    private static func document(_ set: String, _ talks: [(id: String, head: String, segments: [String])]) -> String {
        let body = talks.map { talk in
            let segments = talk.segments.enumerated().map { "<seg id=\"\($0 + 1)\">\($1)</seg>\n" }
            return "<doc docid=\"\(talk.id)\" genre=\"lectures\">\n\(talk.head)\(segments.joined())</doc>\n"
        }
        let name = set.split(separator: " ")[0]
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mteval>\n<\(set)>\n\(body.joined())</\(name)>\n</mteval>\n"
    }

    private static func english(_ segments: [String]) -> String {
        document("srcset setid=\"s\" srclang=\"english\"", [("7", "<title>Ada Example: On boats</title>\n", segments)])
    }

    private static func german(_ segments: [String]) -> String {
        document(
            "refset setid=\"s\" srclang=\"english\" trglang=\"german\" refid=\"ref\"",
            [("7", "<title>Ada Example: Von Booten</title>\n", segments)])
    }

    private func pair(_ english: [String], _ german: [String]) throws -> Corpus {
        try ScratchSource([
            "\(Self.stem).en-de.en.xml": Self.english(english), "\(Self.stem).en-de.de.xml": Self.german(german),
        ]).read()
    }

    @Test func joinsTheTwoFilesOfASet() throws {
        let corpus = try pair([" A boat. ", " Two boats. "], [" Ein Boot. ", " Zwei Boote. "])
        #expect(corpus.problems.isEmpty)
        #expect(corpus.documents.map(\.text) == ["A boat.", "Two boats."])
        #expect(corpus.documents.map(\.key) == ["tst2099-en-de-7-1", "tst2099-en-de-7-2"])
        #expect(corpus.documents.map { $0.versions[0].text } == ["Ein Boot.", "Zwei Boote."])
        let document = corpus.documents[0]
        #expect(document.kind == .sentence && document.split == .test && document.topic == "Ada Example: On boats")
        #expect(document.versions[0].variantKind == .language && document.versions[0].variant == "de")
        #expect(corpus.manifest.languages == [.init(code: "de", name: "German")])
        #expect(corpus.manifest.licence == "CC-BY-NC-ND-3.0" && corpus.manifest.name == "ted-iwslt17")
        #expect(corpus.files[0].records(with: "outer-blanks") == [1, 2])
    }

    @Test func segmentIDsThatStartAgainInEveryTalkAreNoKeys() throws {
        let talks = [("7", "", ["One."]), ("8", "", ["Two."])]
        let source = try ScratchSource([
            "\(Self.stem).en-de.en.xml": Self.document("srcset", talks),
            "\(Self.stem).en-de.de.xml": Self.document("refset", [("7", "", ["Eins."]), ("8", "", ["Zwei."])]),
        ])
        let corpus = try source.read()
        #expect(corpus.documents.map(\.key) == ["tst2099-en-de-7-1", "tst2099-en-de-8-1"])
        #expect(corpus.documents.map { $0.versions[0].text } == ["Eins.", "Zwei."])
    }

    @Test(arguments: ["", "de-en/"])
    func findsThePartnerInTheFileNamedForTheOtherDirection(folder: String) throws {
        let source = try ScratchSource([
            "\(Self.stem).en-de.en.xml": Self.english(["A boat."]),
            "\(folder)\(Self.stem).de-en.de.xml": Self.document(
                "srcset setid=\"s\" srclang=\"german\"", [("7", "", ["Ein Boot."])]),
        ])
        let corpus = try source.read()
        #expect(corpus.documents.map { $0.versions[0].text } == ["Ein Boot."])
        #expect(try source.source().units[0].parts.map(\.label) == ["en", "de"])
    }

    @Test func takesEachSetOnceWhereBothDirectionsAreThere() throws {
        let source = try ScratchSource([
            "de-en/\(Self.stem).de-en.de.xml": Self.german(["Falsch."]),
            "de-en/\(Self.stem).de-en.en.xml": Self.english(["Wrong."]),
            "en-de/\(Self.stem).en-de.de.xml": Self.german(["Ein Boot."]),
            "en-de/\(Self.stem).en-de.en.xml": Self.english(["A boat."]),
        ])
        let found = try source.source()
        #expect(try source.read().documents.map { $0.versions[0].text } == ["Ein Boot."])
        #expect(found.passedOver.map(\.name) == ["\(Self.stem).de-en.de.xml", "\(Self.stem).de-en.en.xml"])
    }

    @Test func keepsTheSameTalkApartInTwoPairs() throws {
        let source = try ScratchSource([
            "\(Self.stem).en-de.en.xml": Self.english(["A boat."]),
            "\(Self.stem).en-de.de.xml": Self.german(["Ein Boot."]),
            "\(Self.stem).en-fr.en.xml": Self.english(["A boat, there."]),
            "\(Self.stem).fr-en.fr.xml": Self.document("srcset", [("7", "", ["Un bateau, là."])]),
        ])
        let corpus = try source.read()
        #expect(corpus.problems.isEmpty)
        #expect(corpus.documents.map(\.key) == ["tst2099-en-de-7-1", "tst2099-en-fr-7-1"])
        #expect(corpus.manifest.languages.map(\.code) == ["de", "fr"])
        var options = SourceOptions()
        options.languages = [.init(code: "fr", name: "French")]
        #expect(try source.read(options).documents.map(\.key) == ["tst2099-en-fr-7-1"])
    }

    @Test func takesMetadataWhereverItStands() throws {
        let after = "<translator href=\"http://example.org/1\">T. Example</translator><reviewer/>"
        let german = Self.german([" Ein Boot. "]).replacing("</doc>", with: "\(after)</doc>")
        let head =
            "<url>u</url><speaker>Ada</speaker><title>On\n  boats</title><description>a &lt;b&gt;</description>\n"
        let corpus = try ScratchSource([
            "\(Self.stem).en-de.en.xml": Self.document("srcset", [("7", head, ["A boat."])]),
            "\(Self.stem).en-de.de.xml": german,
        ]).read()
        #expect(corpus.documents.map(\.topic) == ["On boats"])
        #expect(corpus.documents.map { $0.versions[0].text } == ["Ein Boot."])
    }

    @Test(arguments: [
        ("A  boat   here.", "A boat here.", "blank-runs"), ("A boat\n  here.", "A boat here.", "blank-runs"),
        ("105 00:05:56,000 --&gt; 00:05:58,000 or", "105 00:05:56,000 --> 00:05:58,000 or", "time-code"),
        ("by 10:15:00.250 Uhr", "by 10:15:00.250 Uhr", "time-code"),
        ("a soft\u{AD}hyphen", "a soft\u{AD}hyphen", "zero-width"),
        ("nul\u{200C}breit", "nul\u{200C}breit", "zero-width"),
    ])
    func notesWhatIsOddInASegment(raw: String, text: String, name: String) throws {
        let corpus = try pair([raw, "Plain."], ["Gut.", "Gut."])
        #expect(corpus.documents.map(\.text) == [text, "Plain."])
        #expect(corpus.files[0].records(with: name) == [1])
        #expect(try pair(["Plain.", "Plain."], ["Gut.", raw]).files[0].records(with: name) == [2])
    }

    @Test(arguments: ["at 12:30 we met", "ratio 1:2:3,456", "00:05:5", "no-break\u{A0}space", "R&amp;D &lt;b&gt;"])
    func takesOrdinaryTextAsItIs(raw: String) throws {
        let corpus = try pair([raw], ["Gut."])
        #expect(corpus.files[0].irregularities.kinds.isEmpty)
        let decoded = raw.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        #expect(corpus.documents.map(\.text) == [decoded])
    }

    @Test func rejectsASegmentWithoutItsPartnerOrText() throws {
        let corpus = try pair(["One.", " ", "Three.", "Four."], ["Eins.", "Zwei.", "Drei."])
        #expect(corpus.documents.map(\.key) == ["tst2099-en-de-7-1", "tst2099-en-de-7-3"])
        let rejects = corpus.files[0].rejects
        #expect(rejects.map(\.record) == ["tst2099-en-de-7-2", "tst2099-en-de-7-4"])
        #expect(rejects[1].reason.contains("is not in \(Self.stem).en-de.de.xml"))
        #expect(corpus.files[0].seen == 4 && corpus.files[0].records == 2)
    }

    @Test func rejectsASegmentOfTheOtherFileAloneByItsOwnPlace() throws {
        let corpus = try pair(["One."], ["Eins.", "Zwei."])
        #expect(corpus.errors.map(\.file) == ["\(Self.stem).en-de.de.xml"])
        #expect(corpus.errors.map(\.record) == ["tst2099-en-de-7-2"])
    }

    @Test func rejectsASegmentWithoutID() throws {
        let source = try ScratchSource([
            "\(Self.stem).en-de.en.xml": "<mteval><srcset><doc docid=\"7\"><seg>A.</seg></doc></srcset></mteval>",
            "\(Self.stem).en-de.de.xml": "<mteval><refset><doc docid=\"7\"><seg>B.</seg></doc></refset></mteval>",
        ])
        let corpus = try source.read()
        #expect(corpus.documents.isEmpty && corpus.files[0].rejects.count == 1)
    }

    @Test func saysWhatBelongsTogetherWhereAFileStandsAlone() throws {
        let source = try ScratchSource(["\(Self.stem).en-de.en.xml": Self.english(["A boat."])])
        let error = #expect(throws: CorpusError.self) { try source.source() }
        #expect(error?.code == .unreadable && error?.message.contains("NAME.en-de.de.xml") == true)
    }

    @Test(arguments: [("dev2099", Split.validation), ("tst2099", .test), ("train", .train)])
    func takesTheSplitFromTheSetsName(set: String, split: Split) throws {
        let source = try ScratchSource([
            "IWSLT17.TED.\(set).en-de.en.xml": Self.english(["A boat."]),
            "IWSLT17.TED.\(set).en-de.de.xml": Self.german(["Ein Boot."]),
        ])
        #expect(try source.read().documents.map(\.split) == [split])
    }

    @Test func saysNothingOfOtherCampaignsFiles() throws {
        let source = try ScratchSource([
            "other.set.en-de.en.xml": Self.english(["A boat."]), "other.set.en-de.de.xml": Self.german(["Ein Boot."]),
        ])
        #expect(throws: CorpusError.self) { try source.source() }
        var options = SourceOptions()
        options.format = "iwslt-xml"
        let error = #expect(throws: CorpusError.self) { try source.source(options) }
        #expect(error?.code == .incomplete)
        (options.name, options.version, options.licence, options.citation) = ("other", "1", "CC0-1.0", "Nobody 2099.")
        #expect(try source.read(options).documents.map(\.key) == ["set-en-de-7-1"])
    }
}
