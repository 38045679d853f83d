import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct CorpusCheckTests {
    @Test func findsNothingInTheProjectsOwnCorpus() throws {
        let folder = Fixtures.root.appending(path: "Corpora/everyday")
        let report = CorpusCheck.report(on: try CorpusSource([folder.path]).readAll())
        #expect(report.isClean, "\(CorpusProblem.lines(report.problems, atMost: 20).joined(separator: "\n"))")
        #expect(report.notes.isEmpty, "\(report.notes)")
        #expect(report.documents > 400)
    }

    @Test func saysThatASmallCorpusTeachesTooLittleToTellLanguagesApart() throws {
        let report = CorpusCheck.report(on: try CorpusSource([Fixtures.url("corpora/small").path]).readAll())
        #expect(report.isClean, "\(report.problems)")
        #expect(report.notes.count == 3)
        #expect(report.notes.first?.contains("language de was not checked: 7 texts, 24 are needed") == true)
    }

    @Test func takesFormalAndInformalGermanForOneLanguage() throws {
        let scratch = try ScratchCorpus.everyday(records: 60)
        try scratch.edit("corpus.json") { lines in
            let text = lines.joined(separator: "\n").replacing(
                "\"code\": \"de\",",
                with: "\"code\": \"de-x-formal\", \"name\": \"formal\"}, {\"code\": \"de-x-informal\",")
            lines = text.split(separator: "\n").map(String.init)
        }
        for (file, path) in [("dialogues", ["summary"]), ("conversations", ["reply"]), ("sentences", [])] {
            try scratch.edit("\(file).jsonl") { lines in
                for index in lines.indices {
                    var record = try #require(
                        try JSONSerialization.jsonObject(with: Data(lines[index].utf8)) as? [String: Any])
                    let german = try #require(record[path: path + ["translations", "de"]])
                    let friendly = german + " Na, das weißt du ja schon längst, mach dir mal keinen Kopf."
                    // Every tenth pair is the wrong way round, which only a reader can see.
                    let pair = index % 10 == 3 ? [friendly, german] : [german, friendly]
                    for (code, text) in zip(["de-x-formal", "de-x-informal"], pair) {
                        record[path: path + ["translations", code]] = text
                    }
                    record[path: path + ["translations", "de"]] = nil
                    lines[index] = String(
                        decoding: try JSONSerialization.data(withJSONObject: record), as: UTF8.self)
                }
            }
        }
        let report = CorpusCheck.report(on: try scratch.read())
        #expect(!report.problems.contains { $0.code == .wrongLanguage || $0.code == .mixedLanguages })
        #expect(report.notes.isEmpty, "\(report.notes)")
    }

    /// All kinds of faults planted into one corpus at once: each must be found at its place, and nothing else.
    @Test func findsEveryPlantedFaultAndNothingElse() throws {
        let scratch = try ScratchCorpus.everyday(records: 40)
        #expect(CorpusCheck.report(on: try scratch.read()).isClean)
        var expected: Set<String> = []

        func plant(
            _ code: CorpusProblem.Code, at key: String, in file: String, line: Int,
            _ change: (inout [String: Any]) throws -> Void
        ) throws {
            try scratch.edit(file) { lines in
                var record = try #require(
                    try JSONSerialization.jsonObject(with: Data(lines[line - 1].utf8)) as? [String: Any])
                try change(&record)
                let data = try JSONSerialization.data(withJSONObject: record)
                lines[line - 1] = String(decoding: data, as: UTF8.self)
            }
            expected.insert("\(file):\(line) \(key) \(code)")
        }

        // Spanish and French change places.
        try plant(.wrongLanguage, at: "translations.es", in: "sentences.jsonl", line: 3) {
            try swap(&$0, ["translations", "es"], ["translations", "fr"])
        }
        expected.insert("sentences.jsonl:3 translations.fr wrongLanguage")
        // English is left where a translation should be: the same words, and other words.
        try plant(.copiedText, at: "translations.de", in: "sentences.jsonl", line: 5) {
            $0[path: ["translations", "de"]] = $0[path: ["text"]]
        }
        expected.insert("sentences.jsonl:5 translations.de wrongLanguage")
        try plant(.wrongLanguage, at: "summary.translations.de", in: "dialogues.jsonl", line: 7) {
            $0[path: ["summary", "translations", "de"]] =
                "Nobody had thought of this before, so they simply went home again."
        }
        // A translation among the tones.
        try plant(.wrongLanguage, at: "summary.tones.witty", in: "dialogues.jsonl", line: 9) {
            $0[path: ["summary", "tones", "witty"]] =
                "El fontanero vendrá el miércoles por la mañana y cobrará sesenta libras."
        }
        // One sentence in another language, at the end.
        try plant(.mixedLanguages, at: "reply.translations.fr", in: "conversations.jsonl", line: 11) {
            let text = try #require($0[path: ["reply", "translations", "fr"]])
            $0[path: ["reply", "translations", "fr"]] = text + " Mañana por la tarde te lo cuento todo."
        }
        // Half a sentence in another language.
        try plant(.mixedLanguages, at: "reply.translations.es", in: "conversations.jsonl", line: 13) {
            let text = try #require($0[path: ["reply", "translations", "es"]])
            $0[path: ["reply", "translations", "es"]] =
                text.dropLast() + ", which is more or less what everybody in the house had expected all along."
        }
        // A tone that only repeats the text, and two tones that are the same.
        try plant(.copiedText, at: "tones.casual", in: "messages.jsonl", line: 2) {
            $0[path: ["tones", "casual"]] = $0[path: ["text"]]?.uppercased()
        }
        try plant(.copiedText, at: "tones.witty", in: "messages.jsonl", line: 4) {
            $0[path: ["tones", "witty"]] = $0[path: ["tones", "casual"]]
        }
        // The same sentence again, and one with two words changed.
        let first = try #require(scratch.record("sentences.jsonl", line: 8)[path: ["text"]])
        try plant(.duplicateText, at: "text", in: "sentences.jsonl", line: 20) {
            $0[path: ["text"]] = first.lowercased()
        }
        var words = try #require(scratch.record("sentences.jsonl", line: 9)[path: ["text"]]).split(separator: " ")
        try #require(words.count >= 7, "the test needs a longer sentence here")
        words[1] = "purple"
        words[4] = "elephants"
        try plant(.nearDuplicate, at: "text", in: "sentences.jsonl", line: 22) {
            $0[path: ["text"]] = words.joined(separator: " ")
        }
        // A dialogue told again with other names and two words changed.
        let dialogue = try scratch.record("dialogues.jsonl", line: 12)
        try plant(.nearDuplicate, at: "turns", in: "dialogues.jsonl", line: 30) {
            var turns = try #require(dialogue["turns"] as? [[String: String]])
            for index in turns.indices { turns[index]["speaker"] = index % 2 == 0 ? "Xaver" : "Yolanda" }
            turns[0]["text"] = turns[0]["text"].map { $0 + " Right?" }
            $0["turns"] = turns
        }

        let report = CorpusCheck.report(on: try scratch.read())
        let found = report.problems.map { "\($0.file):\($0.line ?? 0) \($0.key ?? "") \($0.code)" }
        #expect(Set(found) == expected, "\(report.problems.map(\.description).joined(separator: "\n"))")
        #expect(found.count == expected.count)
        // In the order of the manifest's files.
        let order = report.problems.compactMap { Self.files.firstIndex(of: $0.file) }
        #expect(order.count == found.count && order == order.sorted())
    }

    private static let files = ["dialogues.jsonl", "conversations.jsonl", "sentences.jsonl", "messages.jsonl"]

    private func swap(_ record: inout [String: Any], _ first: [String], _ second: [String]) throws {
        let kept = record[path: first]
        record[path: first] = record[path: second]
        record[path: second] = kept
    }

    @Test func findsTheLongestRunOfSharedWords() {
        let first = "we saw the old man by the sea".split(separator: " ").map(String.init)
        let second = "nous avons vu the old man by la mer".split(separator: " ").map(String.init)
        #expect(Array(RepeatedVersions.longestSharedRun(first, second)) == ["the", "old", "man", "by"])
        #expect(RepeatedVersions.longestSharedRun(first, []).isEmpty)
        #expect(RepeatedVersions.longestSharedRun([], second).isEmpty)
    }
}

extension [String: Any] {
    /// The string at a path of keys.
    subscript(path path: [String]) -> String? {
        get {
            guard let key = path.first else { return nil }
            return path.count == 1
                ? self[key] as? String : (self[key] as? [String: Any])?[path: Array(path.dropFirst())]
        }
        set {
            guard let key = path.first else { return }
            guard path.count > 1 else {
                self[key] = newValue
                return
            }
            var inner = self[key] as? [String: Any] ?? [:]
            inner[path: Array(path.dropFirst())] = newValue
            self[key] = inner
        }
    }
}

extension ScratchCorpus {
    /// A record as plain JSON.
    func record(_ file: String, line: Int) throws -> [String: Any] {
        let lines = try Data(contentsOf: url.appending(path: file)).split(separator: 0x0A)
        return try #require(try JSONSerialization.jsonObject(with: Data(lines[line - 1])) as? [String: Any])
    }
}
