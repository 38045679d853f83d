import BenchmarkBuilder
import BenchmarkStore
import CorpusIngest
import EvaluationRunner
import Foundation
import Synchronization
import TestSupport
import Testing

/// A model that answers with a rule and remembers what it was asked.
private final class RuleModel: AnnotatingModel {
    let name = "rule"
    var asked: [AnnotationRequest] = []
    var rule: (AnnotationRequest) -> AnnotationAnswer = {
        AnnotationAnswer(text: " « \($0.message.count) » ", isComplete: true)
    }

    func answer(
        _ requests: [AnnotationRequest], shouldStop: @escaping @Sendable () -> Bool,
        onAnswer: (Int, AnnotationAnswer) throws -> Void
    ) throws {
        for (index, request) in requests.enumerated() where !shouldStop() {
            asked.append(request)
            try onAnswer(index, rule(request))
        }
    }
}

@Suite struct AnnotatorTests {
    private let folder: ScratchFolder
    private let database: BenchmarkDatabase
    private let corpus: CorpusRecord
    private let french = Annotator.Wishes(languages: [Targets.Language(code: "fr", name: "French")])

    init() throws {
        folder = try ScratchFolder()
        database = try BenchmarkDatabase(path: folder.path("test.sqlite").path)
        _ = try CorpusIngester.ingest(folder: Fixtures.url("corpora/small"), into: database)
        corpus = try #require(try database.corpora().first)
    }

    private func texts(_ variant: String) throws -> [DocumentTextRecord] {
        try database.documents(ofCorpora: [corpus.id]).flatMap(\.texts).filter { $0.variant == variant }
    }

    @Test func fillsWhatIsMissingAndMarksItWithTheModelsName() throws {
        let model = RuleModel()
        let report = try Annotator(database, model: model).run(corpus: corpus, french)
        // Two dialogues, two conversations and three sentences; messages are not translated.
        #expect(report == Annotator.Report(missing: 7, added: 7, cached: 0, refused: 0))
        let found = try texts("fr")
        #expect(found.count == 7 && found.allSatisfy { $0.origin == "model:rule" && $0.text.hasPrefix("« ") })
        #expect(model.asked.allSatisfy { $0.message.hasSuffix("Translate this text into French.") })
        // The corpus offers the language now, and what people wrote is as it was.
        let now = try #require(try database.corpora().first)
        #expect(try Targets(of: [now]).languages.map(\.code) == ["es", "de", "fr"])
        #expect(now.contentHash == corpus.contentHash)
        #expect(try texts("es").allSatisfy { $0.origin == "project" })
    }

    @Test func asksOnlyForWhatIsMissingTheSecondTime() throws {
        let model = RuleModel()
        _ = try Annotator(database, model: model).run(corpus: corpus, french)
        let report = try Annotator(database, model: model).run(corpus: corpus, french)
        #expect(report.missing == 0 && model.asked.count == 7)
    }

    @Test func takesEarlierAnswersFromTheCache() throws {
        let model = RuleModel()
        _ = try Annotator(database, model: model).run(corpus: corpus, french)
        try database.execute("DELETE FROM document_texts WHERE variant = 'fr'")
        let report = try Annotator(database, model: model).run(corpus: corpus, french)
        #expect(report == Annotator.Report(missing: 7, added: 7, cached: 7, refused: 0) && model.asked.count == 7)
    }

    @Test func goesOnWhereItWasStopped() throws {
        let model = RuleModel()
        let count = Atomic<Int>(0)
        #expect(throws: RunError.self) {
            try Annotator(database, model: model).run(
                corpus: corpus, french, shouldStop: { count.add(1, ordering: .relaxed).newValue > 3 })
        }
        #expect(try texts("fr").count == 3)
        _ = try Annotator(database, model: model).run(corpus: corpus, french)
        #expect(try texts("fr").count == 7 && model.asked.count == 7)
    }

    @Test(arguments: ["cut off", "empty", "a copy"])
    func keepsNoAnswerThatIs(_ fault: String) throws {
        let model = RuleModel()
        model.rule = { request in
            switch fault {
            case "cut off": AnnotationAnswer(text: "Le", isComplete: false)
            case "empty": AnnotationAnswer(text: " \n", isComplete: true)
            default:
                AnnotationAnswer(
                    text: request.message.components(separatedBy: "\n\n").dropLast().joined(separator: "\n\n"),
                    isComplete: true)
            }
        }
        let report = try Annotator(database, model: model).run(corpus: corpus, french)
        #expect(report.refused == 7 && report.added == 0)
        #expect(try texts("fr").isEmpty)
    }

    @Test func writesSummariesAndRepliesBeforeTheirTranslations() throws {
        try database.execute("DELETE FROM document_texts WHERE role IN ('summary', 'reply')")
        let model = RuleModel()
        var wishes = french
        wishes.kinds = [.dialogue, .conversation]
        let report = try Annotator(database, model: model).run(corpus: corpus, wishes)
        #expect(report.missing == 8 && report.added == 8)
        #expect(model.asked.count == 8)
        #expect(model.asked.count { $0.message.hasSuffix(Instructions.summarize) } == 2)
    }
}

@Suite struct ChatServerTests {
    private static let requests = (0..<5).map {
        AnnotationRequest(system: "Be brief.", message: "Say \($0).", maximumTokens: 9)
    }

    private func reply(_ text: String, finish: String = "stop") -> TinyServer.Answer {
        (200, #"{"choices":[{"message":{"role":"assistant","content":"\#(text)"},"finish_reason":"\#(finish)"}]}"#)
    }

    private func answers(_ server: TinyServer, tries: Int = 3) throws -> [Int: AnnotationAnswer] {
        let client = ChatServer(
            address: try #require(URL(string: "http://127.0.0.1:\(server.port)/v1")), name: "test", key: "secret",
            parallel: 2, timeout: 10, tries: tries, pause: 0.01)
        var found: [Int: AnnotationAnswer] = [:]
        try client.answer(Self.requests, shouldStop: { false }) { found[$0] = $1 }
        return found
    }

    @Test func sendsMessagesAndReadsAnswers() throws {
        let server = try TinyServer { _, body in
            self.reply(body.contains("Say 3.") ? "three" : "other", finish: body.contains("Say 4.") ? "length" : "stop")
        }
        defer { server.stop() }
        let found = try answers(server)
        #expect(found.count == 5 && found[3]?.text == "three" && found[0]?.text == "other")
        #expect(found[4]?.isComplete == false && found[3]?.isComplete == true)
        let body = try #require(server.received.first { $0.contains("Say 3.") })
        #expect(body.contains(#""model":"test""#) && body.contains(#""max_tokens":9"#) && body.contains("Be brief."))
    }

    @Test func triesAgainWhenTheServerIsBusy() throws {
        let server = try TinyServer { number, _ in number < 2 ? (503, "busy") : self.reply("done") }
        defer { server.stop() }
        #expect(try answers(server).count == 5)
        #expect(server.received.count == 7)
    }

    @Test func triesAgainWhenAnAnswerIsCutOff() throws {
        let server = try TinyServer { number, _ in number < 2 ? (200, #"{"choices":[{"mess"#) : self.reply("done") }
        defer { server.stop() }
        #expect(try answers(server).count == 5)
        #expect(server.received.count == 7)
    }

    @Test func takesAnAnswerWithoutContentForAnEmptyOne() throws {
        let body = #"{"choices":[{"message":{"role":"assistant","content":null},"finish_reason":"length"}]}"#
        let server = try TinyServer { _, _ in (200, body) }
        defer { server.stop() }
        let found = try answers(server)
        #expect(found.count == 5 && found.values.allSatisfy { $0.text.isEmpty && !$0.isComplete })
    }

    @Test func keepsWhatCameBackBeforeItFails() throws {
        let server = try TinyServer { _, body in body.contains("Say 3.") ? (400, "no") : self.reply("done") }
        defer { server.stop() }
        let client = ChatServer(
            address: try #require(URL(string: "http://127.0.0.1:\(server.port)/v1")), name: "test", parallel: 1)
        var found: Set<Int> = []
        let error = #expect(throws: RunError.self) {
            try client.answer(Self.requests, shouldStop: { false }) { index, _ in found.insert(index) }
        }
        #expect(error?.code == .server && found == [0, 1, 2])
    }

    @Test func givesUpRequestsUnderWayWhenItIsToStop() throws {
        let isAsked = Mutex(false)
        let server = try TinyServer { _, _ in
            isAsked.withLock { $0 = true }
            Thread.sleep(forTimeInterval: 5)
            return self.reply("late")
        }
        defer { server.stop() }
        let client = ChatServer(
            address: try #require(URL(string: "http://127.0.0.1:\(server.port)/v1")), name: "test", parallel: 2)
        let start = Date()
        try client.answer(Self.requests, shouldStop: { isAsked.withLock { $0 } }) { _, _ in }
        #expect(Date().timeIntervalSince(start) < 4)
    }

    @Test func saysWhatTheServerAnsweredWhenItRefuses() throws {
        let server = try TinyServer { _, _ in (404, "no such model") }
        defer { server.stop() }
        let error = #expect(throws: RunError.self) { try answers(server) }
        #expect(error?.code == .server && error?.message.contains("404 (no such model) after 1 try:") == true)
    }

    @Test func saysWhenNobodyListens() throws {
        let server = try TinyServer { _, _ in self.reply("x") }
        server.stop()
        let error = #expect(throws: RunError.self) { try answers(server, tries: 2) }
        #expect(error?.code == .server && error?.message.contains("nothing") == true)
    }
}
