import BenchmarkStore
import CorpusIngest
import Testing

/// Alexa's point-of-view data and Sound Natural.
@Suite struct RephrasedMessageTests {
    @Test func readsPairsWithTabsAndQuotes() throws {
        let corpus = try ScratchSource.read(
            "input\toutput\ntell @CN@ i'm late\thi @CN@ , @SCN@ is late\n"
                + "\"ask @CN@, \"\"when?\"\"\"\t\"hi, \"\"when?\"\" asks @SCN@\"\ntell @CN@ i'm late\tthey’re late ,@CN@\n",
            as: "train.tsv")
        #expect(corpus.files[0].format == "alexa-pov")
        #expect(corpus.documents.map(\.key) == ["train-1", "train-2", "train-3"])
        #expect(corpus.documents.map(\.line) == [2, 3, 4])
        #expect(corpus.documents[1].text == "ask @CN@, \"when?\"")
        #expect(corpus.documents[1].versions("rephrased") == ["hi, \"when?\" asks @SCN@"])
        // An input that occurs again is a document of its own, which its hash shows to be the same.
        #expect(corpus.documents[0].textHash == corpus.documents[2].textHash)
        #expect(corpus.documents.allSatisfy { $0.kind == .message && $0.split == .train })
        #expect(corpus.documents[0].versions.map(\.role) == [.rewrite])
        #expect(corpus.manifest.tones.map(\.name) == ["rephrased"])
        #expect(corpus.irregularities.isEmpty)
    }

    @Test func notesMissingReceiversAndOuterBlanks() throws {
        let corpus = try ScratchSource.read(
            "input\toutput\ntell @CN@ hi\thi @CN@\ntell mom hi\thi @CN@\n tell @CN@ so\tso, @CN@ \ntell @CN@ \"x\ty\n",
            as: "dev.tsv")
        #expect(corpus.irregularities == ["no-receiver": [2], "outer-blanks": [3], "loose-quotes": [4]])
        #expect(corpus.documents.map(\.split) == [.validation, .validation, .validation, .validation])
    }

    @Test func rejectsARecordWithoutAMessage() throws {
        let corpus = try ScratchSource.read("input\toutput\ntell @CN@ hi\thi\n\thi\ntell @CN@ so\t\n", as: "dev.tsv")
        #expect(corpus.documents.map(\.key) == ["dev-1", "dev-3"])
        #expect(corpus.errors.map(\.line) == [3])
        #expect(corpus.irregularities["no-reference"] == [3])
    }

    @Test(arguments: [
        ("Query\tRephrase", "ask Jo if she can", "can you?", true),
        ("input\toutput", "ask Jo if she can", "can you?", true),
        ("id\toutput\tinput", "can", "ask", true), ("what\tever", "ask Jo if she can", "can you?", false),
    ])
    func takesTheColumnsOfSoundNaturalByTheirNames(header: String, text: String, rephrased: String, isFound: Bool)
        throws
    {
        let row = header.hasPrefix("id") ? "7\task\tcan\n" : "ask Jo if she can\tcan you?\n"
        let scratch = try ScratchSource(["val.tsv": header + "\n" + row])
        var options = SourceOptions()
        if !isFound {
            #expect(throws: CorpusError.self) { try scratch.source(["val.tsv"]) }
            options.format = "sound-natural"
        }
        let corpus = try scratch.source(["val.tsv"], options).readAll()
        #expect(corpus.files[0].format == "sound-natural")
        #expect(corpus.documents.map(\.text) == [text])
        #expect(corpus.documents.map { $0.versions("rephrased") } == [[rephrased]])
    }
}
