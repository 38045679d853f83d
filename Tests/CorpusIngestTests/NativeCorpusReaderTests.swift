import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct NativeCorpusReaderTests {
    @Test func readsTheSmallCorpusWhole() throws {
        let corpus = try CorpusSource([Fixtures.url("corpora/small").path]).readAll()
        #expect(corpus.problems.isEmpty, "\(corpus.problems)")
        #expect(corpus.manifest.languages.map(\.name) == ["Spanish", "German"])
        #expect(corpus.manifest.tones.map(\.name) == ["witty", "casual"])
        #expect(corpus.files.map(\.records) == [2, 2, 3, 2])
        #expect(corpus.files.allSatisfy { $0.rejects.isEmpty && $0.sha256.count == 64 && $0.bytes > 0 })
        #expect(corpus.documents.count == 9)
        let dialogue = try #require(corpus.documents.first)
        #expect(dialogue.text == "Ilse: Did I leave my umbrella at yours?\nTom: The green one? It's by the door.")
        #expect(dialogue.versions.map(\.variant) == ["", "es", "de", "witty", "casual"])
        #expect(dialogue.versions.allSatisfy { $0.role == .summary })
        #expect(dialogue.speaker == nil)
        let conversation = try #require(corpus.documents.first { $0.key == "conversation-2" })
        #expect(conversation.speaker == "Amira")
        #expect(conversation.versions.first?.text == "Yes, all nine folders are in my bag already.")
        let sentence = try #require(corpus.documents.first { $0.kind == .sentence })
        #expect(sentence.versions.map(\.variantKind) == [.language, .language])
        #expect(sentence.file == "texts/sentences.jsonl" && sentence.line == 1)
        let message = try #require(corpus.documents.first { $0.kind == .message })
        #expect(message.versions.map(\.role) == [.rewrite, .rewrite])
    }

    @Test func contentHashFollowsTheBytesAndNotTheFolder() throws {
        let copy = try ScratchCorpus.small()
        let original = try CorpusSource([Fixtures.url("corpora/small").path]).readAll()
        #expect(try copy.read().contentHash == original.contentHash)
        try copy.replace("lost umbrella", with: "found umbrella", in: "dialogues.jsonl", line: 1)
        #expect(try copy.read().contentHash != original.contentHash)
    }

    @Test func acceptsByteOrderMarkCarriageReturnsAndAMissingLastLineEnd() throws {
        let copy = try ScratchCorpus.small()
        let plain = try copy.read()
        for file in ["corpus.json", "dialogues.jsonl", "texts/sentences.jsonl"] {
            let text = String(decoding: try Data(contentsOf: copy.url.appending(path: file)), as: UTF8.self)
            let trimmed = text.trimmingCharacters(in: .newlines)
            try copy.write(file, "\u{FEFF}" + trimmed.replacingOccurrences(of: "\n", with: "\r\n"))
        }
        let windows = try copy.read()
        #expect(windows.problems.isEmpty, "\(windows.problems)")
        #expect(windows.documents == plain.documents)
        #expect(windows.manifest == plain.manifest)
    }

    @Test func bringsTextIntoNormalFormCAndTrimsIt() throws {
        let copy = try ScratchCorpus.small()
        try copy.replace("The fog lifted", with: "  Cafe\\u0301 fog lifted", in: "texts/sentences.jsonl", line: 1)
        try copy.replace("ferry sailed.", with: "ferry sailed.\\r\\n \\t", in: "texts/sentences.jsonl", line: 1)
        let corpus = try copy.read()
        #expect(corpus.problems.isEmpty, "\(corpus.problems)")
        let text = try #require(corpus.documents.first { $0.key == "sentence-1" }).text
        #expect(
            Array(text.unicodeScalars) == Array("Caf\u{E9} fog lifted just before the ferry sailed.".unicodeScalars))
    }

    /// A fault planted in the first line of a file, and what must be said about it.
    struct Fault: Sendable, CustomTestStringConvertible {
        let file: String
        let old: String
        let new: String
        let code: CorpusProblem.Code
        let key: String?
        let part: String
        var testDescription: String { "\(file): \(old) → \(new)" }

        init(
            _ file: String, _ old: String, _ new: String, _ code: CorpusProblem.Code, key: String?, _ part: String
        ) {
            (self.file, self.old, self.new, self.code, self.key, self.part) = (file, old, new, code, key, part)
        }
    }

    @Test(arguments: [
        Fault(
            "dialogues.jsonl", #", "de": "Ilse hat ihren grünen Schirm bei Tom vergessen.""#, "", .missingKey,
            key: "summary.translations.de", #"summary.translations lacks "de": add it or"#),
        Fault(
            "dialogues.jsonl", #""casual": "Ilse's"#, #""posh": "Ilse's"#, .unknownKey, key: "summary.tones.posh",
            #"which the manifest's tones do not list"#),
        Fault("dialogues.jsonl", #""topic": "lost umbrella", "#, "", .missingKey, key: "topic", "lacks \"topic\""),
        Fault("dialogues.jsonl", #""lost umbrella""#, "7", .wrongType, key: "topic", "a number: it must be a string"),
        Fault("dialogues.jsonl", "dialogue-1", "Dialogue 1", .badValue, key: "id", "lower-case letters"),
        Fault(
            "dialogues.jsonl", #""Ilse", "text""#, #""Ilse: aside", "text""#, .badValue, key: "turns[0].speaker",
            "colon"),
        Fault(
            "dialogues.jsonl", "Did I leave", "Did I\\nleave", .badValue, key: "turns[0].text", "it must be one line"),
        Fault("dialogues.jsonl", "The green one? It's by the door.", " ", .empty, key: "turns[1].text", "is empty"),
        Fault(
            "dialogues.jsonl", #", {"speaker": "Tom", "text": "The green one? It's by the door."}"#, "", .badValue,
            key: "turns", "1 entries: it must have 2 to 12"),
        Fault("dialogues.jsonl", #""turns": ["#, #""turns": [3, "#, .wrongType, key: "turns[0]", "must be an object"),
        Fault(
            "dialogues.jsonl", #""summary": {"#, #""summary": 3, "x": {"#, .wrongType, key: "summary",
            "must be an object"),
        Fault(
            "conversations.jsonl", #""speaker": "Len", "#, "", .missingKey, key: "reply.speaker", "lacks \"speaker\""),
        Fault("texts/sentences.jsonl", "The fog", "The f\u{FFFD}g", .encoding, key: "text", "U+FFFD"),
        Fault("texts/sentences.jsonl", "The fog", "The\\u0000fog", .encoding, key: "text", "U+0000"),
        Fault("texts/sentences.jsonl", "sentence-1", "message-2", .duplicateID, key: "id", "is taken by"),
        Fault("texts/messages.jsonl", #"{"id""#, #"["id""#, .syntax, key: nil, "not JSON"),
        Fault("texts/messages.jsonl", #"{"id": "message-1","#, #"{"id": "message-1""#, .syntax, key: nil, "comma"),
    ])
    func refusesAFaultyRecordWithFileLineAndKey(fault: Fault) throws {
        let copy = try ScratchCorpus.small()
        try copy.replace(fault.old, with: fault.new, in: fault.file, line: 1)
        let corpus = try copy.read()
        let problem = try #require(corpus.errors.first { $0.code == fault.code }, "\(corpus.problems)")
        #expect(problem.key == fault.key)
        #expect(problem.message.contains(fault.part), "\(problem)")
        // The later of two records with one id is the one at fault.
        let isDuplicate = fault.code == .duplicateID
        #expect(problem.file == (isDuplicate ? "texts/messages.jsonl" : fault.file))
        #expect(problem.line == (isDuplicate ? 2 : 1))
        #expect(problem.description.hasPrefix("\(problem.file):\(problem.line ?? 0):"))
        #expect(corpus.documents.count == 8)
        #expect(corpus.files.flatMap(\.rejects).count == 1)
        #expect(corpus.files.flatMap(\.rejects).allSatisfy { !$0.record.isEmpty && !$0.reason.isEmpty })
    }

    @Test func warnsOfUnknownKeysAndBlankLinesButKeepsTheRecords() throws {
        let copy = try ScratchCorpus.small()
        try copy.replace(#""topic""#, with: #""mood": "calm", "topic""#, in: "dialogues.jsonl", line: 2)
        try copy.edit("texts/messages.jsonl") { $0.insert(" \t", at: 1) }
        let corpus = try copy.read()
        #expect(corpus.errors.isEmpty)
        #expect(
            corpus.problems.map(\.description) == [
                "dialogues.jsonl:2: warning: mood is not a key of this format: it is ignored [problem.unknownKey]",
                "texts/messages.jsonl:2: warning: the line is blank: it is passed over [problem.blankLine]",
            ])
        #expect(corpus.documents.count == 9)
        #expect(corpus.files.last?.rejects.map(\.line) == [2])
    }

    @Test func reportsEveryProblemOfARecordAndOfAllFilesTogether() throws {
        let copy = try ScratchCorpus.small()
        try copy.write(
            "dialogues.jsonl",
            #"{"id": "x", "turns": [], "summary": {"text": "", "translations": {"es": 1}, "tones": {}}}"# + "\n{\n")
        try copy.replace("message-1", with: "message-2", in: "texts/messages.jsonl", line: 1)
        let corpus = try copy.read()
        #expect(
            corpus.problems.map(\.key) == [
                "topic", "turns", "summary.text", "summary.translations.es", "summary.translations.de",
                "summary.tones.witty", "summary.tones.casual", nil, "id",
            ])
        let error = CorpusError(refusing: "somewhere", for: corpus.problems)
        #expect(error.description.split(separator: "\n").count == 10)
        #expect(error.description.hasPrefix("somewhere: 9 problems keep this corpus out"))
    }

    @Test func capsTheProblemsThatItPrints() {
        let problems = (1...70).map { CorpusProblem(.empty, file: "a.jsonl", line: $0, message: "is empty") }
        let lines = CorpusError(refusing: "a", for: problems).description.split(separator: "\n")
        #expect(lines.count == 52)
        #expect(lines.last == "… and 20 more")
    }

    @Test func namesTheByteThatIsNotUTF8() throws {
        let copy = try ScratchCorpus.small()
        var bytes = try Data(contentsOf: copy.url.appending(path: "texts/messages.jsonl"))
        let place = try #require(bytes.range(of: Data("staff".utf8))?.lowerBound)
        bytes[place] = 0xE9
        try bytes.write(to: copy.url.appending(path: "texts/messages.jsonl"))
        let problem = try #require(try copy.read().problems.first)
        #expect(problem.code == .encoding)
        #expect(problem.line == 2)
        #expect(problem.column == 68)
    }

    @Test func saysWhenAFileOfTheManifestIsMissingOrEmpty() throws {
        let copy = try ScratchCorpus.small()
        try FileManager.default.removeItem(at: copy.url.appending(path: "dialogues.jsonl"))
        try copy.write("conversations.jsonl", "")
        let corpus = try copy.read()
        #expect(corpus.problems.map(\.code) == [.missingFile, .empty])
        #expect(corpus.errors.map(\.file) == ["dialogues.jsonl"])
    }

    @Test func refusesAFolderWithoutManifest() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: CorpusError.self) { try CorpusSource([folder.url.path]).readAll() }
        #expect(error?.code == .unreadable)
    }

    @Test(arguments: [
        (#""braid-corpus""#, #""other""#, "format"), (": 1,", ": 2,", "formatVersion"),
        (": 1,", ": \"1\",", "formatVersion"),
        (#""small""#, #""Small Corpus""#, "name"), ("0.2.0", "0 2", "version"),
        (#""en""#, #""english language""#, "language"),
        (#""code": "es""#, #""code": "en""#, "languages[0].code"),
        (#""code": "de""#, #""code": "es""#, "languages[1].code"),
        (#""name": "casual""#, #""name": "witty""#, "tones[1].name"), (#""project""#, #""nobody""#, "origin"),
        (#""project""#, #""model:""#, "origin"),
        (#""path": "dialogues.jsonl""#, #""path": "../x.jsonl""#, "files[0].path"),
        (#""path": "dialogues.jsonl""#, #""path": "/etc/passwd""#, "files[0].path"),
        (#""path": "dialogues.jsonl""#, #""path": "conversations.jsonl""#, "files[1].path"),
        (#""kind": "dialogue""#, #""kind": "poem""#, "files[0].kind"), (#""licence""#, #""license""#, "licence"),
    ])
    func refusesAManifestThatCannotBe(old: String, new: String, key: String) throws {
        let copy = try ScratchCorpus.small()
        let url = copy.url.appending(path: "corpus.json")
        let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
        let range = try #require(text.range(of: old))
        try copy.write("corpus.json", text.replacingCharacters(in: range, with: new))
        let error = #expect(throws: CorpusError.self) { try copy.read() }
        #expect(error?.code == .refused)
        #expect(error?.problems.contains { $0.key == key && $0.severity == .error } == true, "\(error?.problems ?? [])")
    }

    @Test func namesTheLineOfASyntaxErrorInTheManifest() throws {
        let copy = try ScratchCorpus.small()
        try copy.write("corpus.json", "{\n  \"format\": \"braid-corpus\"\n  \"name\": 1\n}")
        let error = #expect(throws: CorpusError.self) { try copy.read() }
        #expect(error?.problems.first?.description.hasPrefix("corpus.json:3:3: not JSON") == true)
    }
}
