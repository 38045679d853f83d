import CorpusIngest
import Foundation
import TestSupport
import Testing

/// Damaged files of the data sets whose formats are known by name. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct DataSetFuzzTests {
    /// A format and the files of a small data set in it, all invented.
    struct DataSet: CustomTestStringConvertible, Sendable {
        let format: String
        let files: [(name: String, text: String)]
        var testDescription: String { format }

        init(_ format: String, _ files: KeyValuePairs<String, String>) {
            self.format = format
            self.files = files.map { ($0, $1) }
        }
    }

    private static func talk(_ attributes: String, _ segment: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <mteval><\(attributes)><doc docid="7" genre="lectures"><title>On boats</title>
        <seg id="1">\(segment)</seg><seg id="2">\(segment)</seg></doc></\(attributes.prefix { $0 != " " })></mteval>

        """
    }

    private static let sets = [
        DataSet(
            "ted-talks",
            [
                "all_talks_dev.tsv":
                    "talk_name\ten\tde\tpt-br\tcalv\nida_on_kites\tit 's windy .\tes ist windig .\t__NULL__\t__NULL__\n"
                    + "bo_on_tea\twhy ?\twarum ?\tpor quê ?\t_ _ NULL _ _\n"
            ]),
        DataSet(
            "iwslt-xml",
            [
                "IWSLT17.TED.tst2099.en-de.en.xml": talk(
                    "srcset setid=\"s\" srclang=\"english\"", "A boat &amp; a sail."),
                "IWSLT17.TED.tst2099.en-de.de.xml": talk(
                    "refset setid=\"s\" srclang=\"english\" trglang=\"german\" refid=\"r\"", "Ein Boot."),
            ]),
        DataSet(
            "bcontrast",
            [
                "train.json": """
                {"dlg-a": [{"utteranceID": 0, "speaker": "customer", "source": "Ich suche einen Kahn.", "target": "I want a barge."},
                 {"utteranceID": 1, "speaker": "agent", "source": "For when?", "target": "Für wann?"},
                 {"utteranceID": 2, "speaker": "agent", "source": "Good.", "target": "Gut."}]}
                """
            ]),
        DataSet(
            "maia",
            [
                "MAIA.en-fr.csv":
                    "doc_id,content_type,source_language,target_language,client,brand,tone,source_segment,mt_segment,pe_segment,"
                    + "translation_direction\nc-1,chat,fr,en,#C#,b,formal,\"Bonjour,\",x,\"Hello,\",customer\n"
                    + "c-1,chat,en,fr,#C#,b,formal,\"In\nthe #_menu\",x,Dans le #_menu,agent\n"
            ]),
        DataSet(
            "xdailydialog",
            [
                "en_dev_human.txt":
                    "Is it cold , Bo ? __eou__ I don ’ t know . __eou__ Look ! __eou__\t6\t0 0 0\t2 1 3\n",
                "de_dev_human.txt": "Ist es kalt, Bo?__eou__Weiß nicht. __eou__Sieh nach!__eou__\t6\t0 0 0\t2 1 3\n",
            ]),
        DataSet(
            "xpersona",
            [
                "En_persona_test.json":
                    #"[{"persona": ["i sail ."], "dialogue": [["hi there .", "ahoy !"], ["you sail ?", "i do ."]]}]"#
            ]),
        DataSet(
            "samsum",
            [
                "val.json":
                    #"[{"id": "13-a", "summary": "They greet.", "dialogue": "Ann: Hi\r\nBo: Hey <file_photo>"},"#
                    + #" {"id": "14", "summary": "S.", "dialogue": "Ann: So?\nBo: So."}]"#
            ]),
        DataSet(
            "dialogsum",
            [
                "dialogsum.test.jsonl":
                    ##"{"fname": "test_0", "dialogue": "#Person1#: Open?\n#Person2#: Until six.", "summary1": "One.", "##
                    + #""topic1": "hours", "summary2": "Two.", "topic2": "c", "summary3": "Three.", "topic3": "d"}"#
                    + "\n"
            ]),
        DataSet(
            "dialogsum-2021",
            [
                "dialogsum.train.jsonl":
                    ##"{'fname': 'train_0', 'dialogue': "#Person1#: It's \"so\".\n#Person2#: Ay\u2026", "##
                    + "'summary': 'A \\'b\\'.', 'topic': 'c'}\n"
            ]),
        DataSet(
            "convsumx",
            [
                "dialogsumx.dev.jsonl":
                    ##"{"fname": "dev_8", "en_dialogue": "#Person1#: How are you?\n#Person2#: Fine.", "##
                    + ##""en_summary": "#Person1# greets.", "zh_summary": "#Person1#问候。", "fr_summary": "#Person1# salue.", "##
                    + ##""uk_summary": "#Person1# вітає."}"## + "\n"
            ]),
        DataSet(
            "synthetic-persona-chat",
            [
                "Chat_test.csv": "user 1 personas,user 2 personas,Best Generated Conversation\r\n"
                    + "\"I bake.\nI swim.\",\"I ride.\",\"User 1: Hi!\nUser 2: \"\"Hello\"\", he said.\"\r\n"
            ]),
        DataSet(
            "alexa-pov", ["dev.tsv": "input\toutput\ntell @CN@ i'm late\thi @CN@ , @SCN@ is late\nask @CN@ \"x\ty\n"]),
        DataSet("sound-natural", ["val.tsv": "Query\tRephrase\nask Jo if she can\tcan you?\n"]),
        DataSet(
            "parallel", ["garden.en": "The hedge is tall.\nRake!\n", "garden.es": "El seto es alto.\n¡Rastrilla!\n"]),
        DataSet(
            "sated",
            [
                "en-fr/test.en": "it &apos;s here .\nthank you .\n", "en-fr/test.fr": "c&apos; est ici .\nmerci .\n",
                "en-fr/test.usr": "ida_on_kites\nida_on_kites\n",
            ]),
    ]

    private static let words = [
        "{", "}", "[", "]", ",", ":", "\"", "\"\"", "'", "\\", "\\u0000", "\\ud83d", "\\x41", "\n", "\r\n", "\t",
        "null", "<", ">",
        "&", "&e;", "<!--", "<![CDATA[", "</seg>", "<seg id=\"9\">", "__eou__", "__NULL__", "#Person1#: ", "#Person",
        "User 1: ",
        "Ann:", ": ", "@CN@", "fr,en", "../../x", "9223372036854775808",
    ]

    @Test(arguments: sets) func dataSets(_ set: DataSet) throws {
        let fuzz = Fuzz("data sets", usual: 60)
        let scratch = try ScratchSource([:])
        for file in set.files { try scratch.write(file.name, Data(file.text.utf8)) }
        var options = SourceOptions.told
        options.format = set.format
        // Whole, they are of the format; otherwise nothing would be tried here.
        #expect(try !scratch.read(options).documents.isEmpty)
        var refused = 0
        let problems = fuzz.problems { mutator in
            let file = mutator.one(of: set.files)
            let fragments =
                Self.words + [
                    mutator.number(), mutator.nest("[", "]"), mutator.nest("{\"a\":", "}"), mutator.nest("<a>", "</a>"),
                ]
            let bytes = mutator.damaged(Array(file.text.utf8), fragments: fragments, marks: "{}[],:\"'\n\t<>#")
            try scratch.write(file.name, Data(bytes))
            defer { try? scratch.write(file.name, Data(file.text.utf8)) }
            do {
                // One time in two as the program would find out itself.
                let source = try scratch.source(mutator.below(2) == 0 ? options : .told)
                let corpus = try source.readAll()
                let reasons = corpus.files.flatMap(\.rejects).map(\.reason)
                if !reasons.isEmpty { refused += 1 }
                _ = try SourcePreview(of: source).text
                return reasons.filter(\.isEmpty).map { _ in "a record is rejected without a reason" }
            } catch let error as CorpusError {
                refused += 1
                return faults(ofMessage: error.message)
                    + (error.file == nil ? ["an error without a file: \(error)"] : [])
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        #expect(fuzz.count < 50 || refused > 0)
    }
}
