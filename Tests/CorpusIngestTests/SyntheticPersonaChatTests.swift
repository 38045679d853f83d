import BenchmarkStore
import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct SyntheticPersonaChatTests {
    private static let header = "user 1 personas,user 2 personas,Best Generated Conversation\r\n"

    private func read(_ conversations: [String], _ options: SourceOptions = SourceOptions()) throws -> Corpus {
        let records = conversations.map {
            "\"I bake.\nI swim.\",\"I ride.\",\"\($0.replacing("\"", with: "\"\""))\"\r\n"
        }
        return try ScratchSource.read(Self.header + records.joined(), as: "Chat_test.csv", options)
    }

    @Test func readsRecordsThatEndInCRLFWithLineFeedsInside() throws {
        let corpus = try read(["User 1: Hi!\nUser 2: \"Hello\", he said.", "User 1: So?\nUser 2: So.\nUser 1: Bye"])
        #expect(corpus.files[0].format == "synthetic-persona-chat")
        #expect(corpus.documents.map(\.key) == ["Chat_test-1", "Chat_test-2"])
        #expect(corpus.documents.map(\.line) == [2, 5])
        #expect(corpus.documents.map(\.text) == ["User 1: Hi!", "User 1: So?\nUser 2: So."])
        #expect(corpus.documents.map { $0.versions("") } == [["\"Hello\", he said."], ["Bye"]])
        #expect(corpus.documents.map(\.speaker) == ["User 2", "User 1"])
        #expect(corpus.documents.allSatisfy { $0.kind == .conversation && $0.split == .test })
        #expect(corpus.manifest.origin == "model:unnamed")
        #expect(corpus.irregularities.isEmpty)
    }

    @Test func makesAReplyOfEveryChangeOfSpeakerOnDemand() throws {
        var options = SourceOptions()
        options.replies = .every
        let corpus = try read(["User 1: a\nUser 1: b\nUser 2: c\nUser 2: d\nUser 1: e"], options)
        #expect(corpus.documents.map(\.key) == ["Chat_test-1-3", "Chat_test-1-5"])
        #expect(corpus.documents.map(\.turns.count) == [2, 4])
        #expect(corpus.documents.map { $0.versions("") } == [["c d"], ["e"]])
        #expect(corpus.irregularities == ["same-speaker-twice": [1]])
    }

    @Test(arguments: [
        ("User 1: Hi\n\nUser 2: Oh", ["User 1: Hi", "Oh"], ["blank-lines"]),
        ("  User 1: Hi\nUser 2: Oh\n", ["User 1: Hi", "Oh"], ["outer-blanks"]),
        ("* * User 1: * * Hi\n* * User 2: * * Oh *so*", ["User 1: Hi", "Oh *so"], ["marked-tag"]),
        ("*User 1:* Hi\n* User 2: Oh! *", ["User 1: Hi", "Oh!"], ["marked-tag"]),
        ("* * *\nUser 1: Hi\n(An hour on)\nUser 2: Oh", ["User 1: Hi", "Oh"], ["aside"]),
        ("User 1: Hi\n[They sit.\n[Dusk]\n*At sea*\nUser 2: Oh", ["User 1: Hi", "Oh"], ["aside"]),
        (
            "User 1: Cake?\nUser 2: Take:\n* flour\n2 eggs", ["User 1: Cake?", "Take: * flour 2 eggs"],
            ["untagged-line"]
        ),
        ("Hi there!\nUser 2: Oh\nUser 1: Hm", ["User 2: Oh", "Hm"], ["line-before-turns"]),
        ("User 1 Profiles: {x\nUser 1: a\nUser 2: b", ["User 1: a", "b"], ["line-before-turns"]),
        ("User 1: I'm [user 1's name].\nUser 2: Oh", ["User 1: I'm [user 1's name].", "Oh"], ["placeholder"]),
        (
            "User 1: [a remark of more than thirty letters]\nUser 2: ]x[",
            ["User 1: [a remark of more than thirty letters]", "]x["], []
        ),
        ("User 1: Hi\nUser 2: a\nUser 2: b", ["User 1: Hi", "a b"], ["same-speaker-twice"]),
        ("User 1: \nUser 1: Hi\nUser 2: é, ’", ["User 1: Hi", "é, ’"], ["empty-turn"]),
    ])
    func survivesOddConversations(conversation: String, expected: [String], irregularities: [String]) throws {
        let corpus = try read([conversation])
        #expect(corpus.documents.map { [$0.text] + $0.versions("") } == [expected])
        #expect(corpus.irregularities.keys.sorted() == irregularities)
    }

    @Test(arguments: [
        ("", "the conversation is empty"), ("Hi there\nHello", "no line begins with a speaker"),
        ("User 1: Hi\nUser 1: You?", "nobody speaks after another"),
    ])
    func rejectsAConversationWithoutAReply(conversation: String, part: String) throws {
        let corpus = try read(["User 1: a\nUser 2: b", conversation])
        #expect(corpus.documents.count == 1)
        #expect(corpus.errors.map(\.number) == [2])
        #expect(corpus.reasons["Chat_test-2"]?.contains(part) == true, "\(corpus.reasons)")
    }

    @Test func rejectsARecordWithTooFewFields() throws {
        let corpus = try ScratchSource.read(
            Self.header + "a,b,User 1: c\r\n\r\na,b,\"User 1: c\nUser 2: d\"\r\n,\r\n", as: "Chat_test.csv")
        #expect(corpus.documents.map(\.key) == ["Chat_test-2"])
        #expect(corpus.errors.map(\.line) == [2, 6])
        #expect(corpus.errors[1].message.contains("2 fields where the header has 3"))
        #expect(corpus.problems.filter { $0.severity == .warning }.map(\.line) == [3])
    }

    private func conversation(_ texts: String...) -> String {
        let messages = texts.enumerated().map {
            #"{"role": "participant_\#($0.offset % 2 + 1)", "content": {"emotion_scores": {}, "text": "\#($0.element)"}}"#
        }
        return #"{"participant_persona": {}, "messages": [\#(messages.joined(separator: ", "))]}"#
    }

    @Test func readsAConversationInAFileOfItsOwn() throws {
        let corpus = try ScratchSource.read(conversation("Hi", "", "[name]?"), as: "spc_train_0007.json")
        #expect(corpus.errors.map(\.message) == ["there is no reply in it: nobody speaks after another"])
        #expect(corpus.irregularities["empty-turn"] == [1])
        let sound = try ScratchSource.read(conversation("Hi", "I'm [name]."), as: "spc_train_0007.json")
        #expect(sound.documents.map(\.key) == ["spc_train_0007"])
        #expect(sound.documents.map(\.speaker) == ["User 2"])
        #expect(sound.documents.map(\.split) == [.train])
        #expect(sound.irregularities == ["placeholder": [1]])
    }

    /// More members than a folder would have make the archive one file of records.
    @Test func readsAnArchiveOfConversationsAsOneFile() throws {
        let folder = try ScratchFolder()
        let members = (1...120).map { number in
            (path: "data/c_\(number).json", text: conversation("Hi \(number)", number == 60 ? "" : "Bye"))
        }
        try PackedFiles.write(members, as: .tar, to: folder.path("spc-train.tar"))
        let corpus = try CorpusSource([folder.path("spc-train.tar").path]).readAll()
        #expect(corpus.files.map(\.path) == ["spc-train.tar"])
        #expect(corpus.files[0].seen == 120)
        #expect(corpus.documents.count == 119)
        #expect(corpus.documents.first?.key == "c_1")
        #expect(corpus.documents.last?.number == 120)
        #expect(corpus.errors.map(\.number) == [60])
    }
}
