import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import TextMetrics
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
        #expect(report.rejected == 0)
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
        #expect(dialogue.document.textHash == ContentHash(of: ComparedText.normalised(dialogue.document.text)).hex)
        let sentence = try #require(documents.first { $0.document.kind == .sentence })
        #expect(sentence.document.turns == nil && sentence.texts.map(\.role) == [.translation, .translation])
        #expect(documents.first { $0.document.key == "conversation-1" }?.document.speaker == "Len")
    }

    @Test func changesNothingTheSecondTime() throws {
        let first = try CorpusIngester.ingest(folder: small, into: database)
        let second = try CorpusIngester.ingest(folder: small, into: database)
        #expect(second.outcome == .unchanged(id: first.outcome.id))
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
                "texts/sentences.jsonl:2: text is empty: write it or take the record out [problem.empty]"
            ])
        #expect(try database.corpora().isEmpty)
    }

    @Test func leavesFaultyRecordsOutWhereAskedAndSaysWhy() throws {
        let faulty = try ScratchCorpus.small()
        try faulty.replace(
            #""text": "My neighbour grows tomatoes on his balcony.", "#, with: "", in: "texts/sentences.jsonl", line: 2)
        try faulty.edit("texts/sentences.jsonl") { $0.append("{ not json") }
        let report = try CorpusIngester.ingest(
            folder: faulty.url, into: database, options: CorpusIngester.Options(skipsBad: true))
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
                folder: faulty.url, into: database, options: CorpusIngester.Options(skipsBad: true))
        }
        #expect(try database.corpora().isEmpty)
    }

    @Test func storesTheProjectsOwnCorpus() throws {
        let report = try CorpusIngester.ingest(
            folder: Fixtures.root.appending(path: "Corpora/everyday"), into: database)
        #expect(report.problems.isEmpty)
        #expect(report.documents.count == 4)
    }
}
