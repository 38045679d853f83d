import BenchmarkStore
import CorpusIngest
import Testing

/// Dialogues, conversations and messages in English. The corpora's own notes count records from 0 where ours count from 1.
extension RealCorporaTests {
    @Test func dialogSumComesInWhole() throws {
        let corpus = try read(
            "dialogsum/dialogsum.dev.jsonl", "dialogsum/dialogsum.test.jsonl",
            "dialogsum/dialogsum.hiddentest.dialogue.jsonl", "dialogsum/dialogsum.hiddentest.topic.jsonl",
            "dialogsum/derived")
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files.map(\.seen) == [500, 500, 100, 12_460])
        #expect(corpus.files.map(\.documents) == [500, 500, 100, 12_460])
        #expect(corpus.files.map(\.split) == [.validation, .test, .test, .train])
        #expect(corpus.documents.count { $0.versions.count == 3 } == 500)
        #expect(corpus.documents[1_000..<1_100].allSatisfy { $0.versions.isEmpty && !$0.topic.isEmpty })
        let (dev, test, train) = (corpus.files[0], corpus.files[1], corpus.files[3])
        #expect(dev.records(with: "outer-blanks").count == 74)
        #expect(dev.records(with: "same-speaker-twice") == [437])
        #expect(dev.records(with: "line-break") == [232])
        #expect(test.records(with: "no-blank-after-colon") == [435])
        #expect(test.records(with: "odd-tag") == [202])
        #expect(test.records(with: "same-speaker-twice") == [131, 156])
        #expect(test.records(with: "same-references") == [20, 115, 128, 130, 138, 139, 230, 268, 341, 417])
        #expect(train.records(with: "odd-tag") == [958, 4_375, 5_985, 10_399])
        #expect(
            train.records(with: "line-break")
                == [58, 594, 835, 3_008, 4_207, 7_206, 8_527, 9_977, 10_575, 10_581, 10_592, 11_389, 11_830])
        // Where an empty turn is left out, its neighbours are one speaker's; an odd tag is a speaker of its own.
        #expect(train.records(with: "empty-turn") == [768, 2_150, 2_585, 6_760, 11_590])
        #expect(
            train.records(with: "same-speaker-twice")
                == [757, 1_221, 2_150, 2_585, 3_629, 6_227, 6_760, 6_800, 9_899, 11_582])
    }

    @Test func dialogSumOf2021ComesInFromItsArchive() throws {
        let corpus = try read("dialogsum/DialogSum_Data.zip")
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files.map(\.format) == ["dialogsum-2021", "dialogsum-2021", "dialogsum-2021"])
        #expect(corpus.files.map(\.documents) == [500, 500, 12_460])
        #expect(corpus.files.map { $0.records(with: "python-literal").count } == [500, 500, 12_460])
        #expect(corpus.files.map(\.split) == [.validation, .test, .train])
        // Each line read as a literal says the same as the copy that was made JSON of it.
        let derived = try read("dialogsum/derived")
        #expect(corpus.documents.suffix(12_460).map(\.textHash) == derived.documents.map(\.textHash))
    }

    @Test func samSumComesInWhole() throws {
        let corpus = try read("samsum")
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files.map(\.documents) == [819, 818])
        #expect(corpus.files.map(\.split) == [.test, .validation])
        #expect(corpus.files[0].records(with: "empty-turn") == [582])
        #expect(corpus.files[0].records(with: "outer-blanks").contains(391))
        #expect(corpus.files.map { $0.records(with: "untagged-line").count } == [0, 0])
        let emoji = corpus.documents.prefix(819).count { document in
            document.text.unicodeScalars.contains { $0.value > 0xFFFF }
        }
        #expect(emoji == 65)
    }

    @Test func convSumXComesInWhole() throws {
        let corpus = try read("convsumx")
        #expect(corpus.problems.isEmpty)
        #expect(corpus.files.map(\.documents) == [100, 500, 400, 209, 157])
        #expect(corpus.files.map(\.split) == [.validation, .test, .train, .test, .train])
        #expect(corpus.documents.allSatisfy { $0.versions.count == 4 })
        let files = corpus.files
        // The spelling of French, and beside it two tags in Ukrainian.
        #expect(files[0].records(with: "odd-tag") == [29])
        #expect(files[1].records(with: "odd-tag") == [60, 102, 142, 202, 321, 449, 455])
        #expect(files[2].records(with: "odd-tag") == [54, 109, 195, 265, 283, 295, 367])
        #expect(files[0].records(with: "other-persons") == [29])
        #expect(Set(files[1].records(with: "other-persons")).isSuperset(of: [321, 449]))
        #expect(Set(files[2].records(with: "other-persons")).isSuperset(of: [253, 283]))
        #expect(files[1].records(with: "zero-width") == [436])
        #expect(files[2].records(with: "line-break") == [196])
        // Its combining accent has no composed form.
        #expect(files[2].records(with: "normal-form").isEmpty)
        #expect(files[3].records(with: "zero-width") == [48, 77])
        #expect(files[4].records(with: "control-character") == [104])
        #expect(corpus.documents.map(\.text.count).max() ?? 0 > 99_000)
    }

    @Test func syntheticPersonaChatComesInButForTwoConversations() throws {
        let corpus = try read(
            "synthetic-persona-chat/Synthetic-Persona-Chat_test.csv",
            "synthetic-persona-chat/Synthetic-Persona-Chat_valid.csv")
        let (test, valid) = (corpus.files[0], corpus.files[1])
        #expect([test.seen, valid.seen] == [968, 1_000])
        #expect([test.documents, valid.documents] == [966, 1_000])
        #expect([test.split, valid.split] == [.test, .validation])
        #expect(
            test.rejects.map(\.record) == ["Synthetic-Persona-Chat_test-321", "Synthetic-Persona-Chat_test-511"])
        #expect(test.records(with: "same-speaker-twice").count == 18)
        #expect(test.records(with: "same-speaker-twice").prefix(8) == [25, 57, 177, 230, 263, 275, 278, 292])
        #expect(test.records(with: "marked-tag") == [268])
        #expect(valid.records(with: "marked-tag") == [154, 270, 485])
        #expect(test.records(with: "outer-blanks") == [423, 767, 812])
        #expect(valid.records(with: "outer-blanks") == [296, 369, 461, 670])
        #expect(valid.records(with: "line-before-turns") == [484])
        // 326 and 328 conversations hold brackets; in the others these are stage directions, which are left out.
        #expect(test.records(with: "placeholder").count == 322)
        #expect(valid.records(with: "placeholder").count == 323)
        // The rest is regular: every line has its tag.
        let odd = ["aside", "marked-tag", "untagged-line", "line-before-turns"]
        #expect(Set(odd.flatMap(test.records(with:))).count == 22)
        #expect(Set(odd.flatMap(valid.records(with:))).count == 27)
        let regular = [test, valid].map { file in
            let errors = corpus.errors.filter { $0.file == file.path }.compactMap(\.number)
            return file.seen - Set((odd + ["blank-lines"]).flatMap(file.records(with:))).union(errors).count
        }
        // Two fewer each where blanks around the whole conversation count as well.
        #expect(regular == [903, 943])
    }

    @Test func syntheticPersonaChatAsJSONComesInFromItsArchive() throws {
        let corpus = try read("synthetic-persona-chat/supplement")
        #expect(corpus.files.map(\.seen) == [8_938])
        #expect(corpus.files.map(\.documents) == [8_902])
        #expect(corpus.files.map(\.split) == [.train])
        // In these, all that one side said was lost when the files were made.
        #expect(corpus.errors.count == 36)
        #expect(corpus.errors.allSatisfy { $0.message.hasPrefix("there is no reply in it") })
    }

    @Test func alexaPointOfViewComesInWhole() throws {
        let corpus = try read("alexa-pov")
        #expect(corpus.problems.isEmpty)
        let (dev, train) = (corpus.files[0], corpus.files[1])
        #expect([dev.documents, train.documents] == [6_984, 32_593])
        #expect([dev.split, train.split] == [.validation, .train])
        #expect(dev.records(with: "no-receiver").count == 24)
        #expect(train.records(with: "no-receiver").count == 138)
        let quoted = corpus.documents.filter { ($0.text + $0.versions("rephrased").joined()).contains("\"") }
        #expect(quoted.count { $0.file == "dev.tsv" } == 5)
        #expect(quoted.count { $0.file == "train.tsv" } == 19)
        #expect(quoted.filter { $0.file == "dev.tsv" }.compactMap(\.line).prefix(3) == [944, 2_440, 3_463])
        let inputs = Set(corpus.documents.filter { $0.file == "train.tsv" }.map(\.text))
        // 16,155 repeat an earlier input as it stands; one more differs from one by its blanks.
        #expect(32_593 - inputs.count == 16_156)
    }

    /// No format takes a file for its own that is another's; what has no format yet is unknown.
    @Test func everyFileIsFoundToBeWhatItIs() throws {
        let expected = [
            ("dialogsum/dialogsum.hiddentest.dialogue.jsonl", "dialogsum"), ("convsumx/QMSumX", "convsumx"),
            ("convsumx/DialogSumX", "convsumx"), ("alexa-pov", "alexa-pov"), ("samsum", "samsum"),
            ("synthetic-persona-chat", "synthetic-persona-chat"),
        ]
        for (path, name) in expected {
            let source = try CorpusSource(try paths([path]))
            #expect(source.format.about.name == name)
        }
        let ours: Set = [
            "dialogsum", "dialogsum-2021", "convsumx", "samsum", "synthetic-persona-chat", "alexa-pov", "sound-natural",
            "columns",
        ]
        for path in [
            "bcontrast", "cocoa-mt", "flores200", "maia", "tatoeba", "ted-iwslt17", "ted-sated", "tico19-tmx",
            "wmt-newstest2013", "xdailydialog", "xpersona",
        ] {
            let files = try SourceListing.files(at: try paths([path])[0])
            for file in files where try FormatRegister.format(of: file).map({ ours.contains($0.about.name) }) == true {
                Issue.record("\(file.path) is taken for another data set")
            }
        }
    }
}
