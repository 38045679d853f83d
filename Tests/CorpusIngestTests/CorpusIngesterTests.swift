import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct CorpusIngesterTests {
    private let folder: ScratchFolder
    private let database: BenchmarkDatabase

    init() throws {
        folder = try ScratchFolder()
        database = try BenchmarkDatabase(path: folder.path("test.sqlite").path)
    }

    private var small: URL { Fixtures.url("corpora/small") }

    @Test func storesEverythingOfTheSmallCorpus() throws {
        let report = try CorpusIngester.ingest(folder: small, into: database)
        guard case .inserted(let id) = report.outcome else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(report.documents == [.dialogue: 2, .conversation: 2, .sentence: 3, .message: 2])
        #expect(report.texts == 2 * 5 + 2 * 5 + 3 * 2 + 2 * 2)
        #expect(report.rejected == 0 && report.sharedClusters == 0 && report.repeatsOfOtherCorpora == 0)
        let corpus = try #require(try database.corpus(named: "small", version: "0.2.0"))
        #expect(corpus.contentHash == report.contentHash && corpus.licence == "Apache-2.0" && corpus.language == "en")
        let manifest = try CanonicalJSON.value(CorpusManifest.self, from: corpus.manifest)
        #expect(manifest.languages.map(\.code) == ["es", "de"])
        let files = try database.corpusFiles(ofCorpus: id).map(\.file)
        #expect(files.map(\.path) == report.files.map(\.path))
        #expect(files.map(\.records) == [2, 2, 3, 2])
        let documents = try database.documents(ofCorpora: [id])
        #expect(documents.count == 9)
        let dialogue = try #require(documents.first)
        #expect(dialogue.document.turns?.map(\.speaker) == ["Ilse", "Tom"])
        #expect(dialogue.document.topic == "lost umbrella")
        #expect(dialogue.text(.summary, .language, "es")?.text == "Ilse se dejó el paraguas verde en casa de Tom.")
        #expect(dialogue.text(.summary)?.origin == "project")
        #expect(dialogue.document.textHash == ContentHash(of: CorpusText.normalised(dialogue.document.text)).hex)
        #expect(dialogue.document.cluster == dialogue.document.textHash)
        let sentence = try #require(documents.first { $0.document.kind == .sentence })
        #expect(sentence.document.turns == nil && sentence.texts.map(\.role) == [.translation, .translation])
        #expect(documents.first { $0.document.key == "conversation-1" }?.document.speaker == "Len")
    }

    @Test func changesNothingTheSecondTime() throws {
        let first = try CorpusIngester.ingest(folder: small, into: database)
        let second = try CorpusIngester.ingest(folder: small, into: database)
        #expect(second.outcome == .unchanged(id: first.outcome.id))
        #expect(second.repeatsOfOtherCorpora == 0)
        #expect(try database.corpora().count == 1)
    }

    @Test func refusesOtherContentUnderTheSameVersionUnlessAskedToReplace() throws {
        _ = try CorpusIngester.ingest(folder: small, into: database)
        let changed = try ScratchCorpus.small()
        try changed.replace("tomatoes", with: "lettuces", in: "texts/sentences.jsonl", line: 2)
        let error = #expect(throws: CorpusError.self) { try CorpusIngester.ingest(folder: changed.url, into: database) }
        #expect(error?.code == .alreadyIngested)
        #expect(error?.message.contains("raise the version") == true)
        let report = try CorpusIngester.ingest(
            folder: changed.url, into: database, options: CorpusIngester.Options(replaces: true))
        guard case .replaced(let id) = report.outcome else {
            Issue.record("\(report.outcome)")
            return
        }
        #expect(try database.documents(ofCorpora: [id]).contains { $0.document.text.contains("lettuces") })
    }

    @Test func storesNothingOfACorpusWithOneFault() throws {
        let faulty = try ScratchCorpus.small()
        try faulty.replace("tomatoes", with: "", in: "texts/sentences.jsonl", line: 2)
        try faulty.replace(
            #""My neighbour grows  on his balcony.""#, with: "\"\"", in: "texts/sentences.jsonl", line: 2)
        let error = #expect(throws: CorpusError.self) { try CorpusIngester.ingest(folder: faulty.url, into: database) }
        #expect(error?.code == .refused)
        #expect(
            error?.problems.map(\.description) == [
                "texts/sentences.jsonl:2: text is empty: write it or take the record out"
            ])
        #expect(try database.corpora().isEmpty)
    }

    @Test func leavesFaultyRecordsOutWhereAskedAndSaysWhy() throws {
        let faulty = try ScratchCorpus.small()
        try faulty.replace(
            #""text": "My neighbour grows tomatoes on his balcony.", "#, with: "", in: "texts/sentences.jsonl", line: 2)
        try faulty.edit("texts/sentences.jsonl") { $0.append("{ not json") }
        let report = try CorpusIngester.ingest(
            folder: faulty.url, into: database, options: CorpusIngester.Options(leavesOutFaulty: true))
        #expect(report.documents[.sentence] == 2)
        #expect(report.rejected == 2 && report.problems.count == 2)
        let files = try database.corpusFiles(ofCorpus: report.outcome.id)
        let rejects = try #require(files.first { $0.file.path == "texts/sentences.jsonl" }).rejects
        #expect(rejects.map(\.line) == [2, 4])
        #expect(rejects.map(\.record) == ["sentence-2", "{ not json"])
        #expect(rejects.first?.reason == "the record lacks \"text\": add it")
    }

    @Test func aMissingFileIsNeverLeftOut() throws {
        let faulty = try ScratchCorpus.small()
        try FileManager.default.removeItem(at: faulty.url.appending(path: "texts/messages.jsonl"))
        #expect(throws: CorpusError.self) {
            try CorpusIngester.ingest(
                folder: faulty.url, into: database, options: CorpusIngester.Options(leavesOutFaulty: true))
        }
        #expect(try database.corpora().isEmpty)
    }

    @Test func givesNearDuplicatesOneClusterWithinACorpusAndAcrossCorpora() throws {
        _ = try CorpusIngester.ingest(folder: small, into: database)
        let other = try ScratchCorpus.small()
        try other.write(
            "corpus.json",
            String(decoding: try Data(contentsOf: other.url.appending(path: "corpus.json")), as: UTF8.self)
                .replacingOccurrences(of: "\"small\"", with: "\"other\""))
        try other.write("dialogues.jsonl", "")
        try other.write("conversations.jsonl", "")
        try other.write("texts/messages.jsonl", "")
        try other.replace("The fog lifted", with: "The mist rose", in: "texts/sentences.jsonl", line: 1)
        try other.replace("grows tomatoes on", with: "waters the plants on", in: "texts/sentences.jsonl", line: 2)
        try other.replace("My neighbour", with: "Early each morning Hilda", in: "texts/sentences.jsonl", line: 2)
        try other.replace(
            "Nobody could explain why the bell rang twice.",
            with: "Early each evening Hilda waters the plants on his balcony.",
            in: "texts/sentences.jsonl", line: 3)
        let report = try CorpusIngester.ingest(folder: other.url, into: database)
        #expect(report.repeatsOfOtherCorpora == 1 && report.sharedClusters == 1)
        let stored = try database.documents(ofCorpora: try database.corpora().map(\.id))
        let clusters = Dictionary(grouping: stored, by: \.document.cluster).values.filter { $0.count > 1 }
        let keys = Set(clusters.map { Set($0.map { "\($0.document.key)" }) })
        #expect(keys == [["sentence-1"], ["sentence-2", "sentence-3"]])
    }

    @Test func storesTheProjectsOwnCorpus() throws {
        let report = try CorpusIngester.ingest(
            folder: Fixtures.root.appending(path: "Corpora/everyday"), into: database)
        #expect(report.problems.isEmpty && report.sharedClusters == 0)
        #expect(report.documents.count == 4)
    }
}
