import CorpusIngest
import Foundation
import TestSupport
import Testing

/// Damaged corpora by the thousand: read, rejected record by record, or refused; never a crash or a hang. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct ReaderFuzzTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// How the files of a reader are damaged.
    private struct Damage {
        let file: String
        let whole: [UInt8]
        let fragments: [String]
        let marks: String
        var options = SourceOptions.told

        init(_ file: String, _ whole: String, marks: String, fragments: [String]) {
            self.init(file, Array(whole.utf8), marks: marks, fragments: fragments)
        }

        init(_ file: String, _ whole: [UInt8], marks: String, fragments: [String]) {
            self.file = file
            self.whole = whole
            self.marks = marks
            self.fragments = fragments
        }
    }

    /// Reads damaged files as a user does: finds the format, reads to the end, looks at what is shown.
    private func fuzz(_ reader: StaticString, _ damage: Damage, nests: [(String, String)] = []) throws {
        let fuzz = Fuzz(reader, usual: 600)
        let url = folder.path(damage.file)
        var (kept, rejected, refused) = (0, 0, 0)
        let problems = fuzz.problems { mutator in
            let fragments =
                damage.fragments + [mutator.number()]
                + nests.map { mutator.nest($0.0, $0.1) }
            try Data(mutator.damaged(damage.whole, fragments: fragments, marks: damage.marks)).write(to: url)
            do {
                let source = try CorpusSource([url.path(percentEncoded: false)], damage.options)
                let corpus = try source.readAll()
                kept += corpus.documents.isEmpty ? 0 : 1
                let reasons = corpus.files.flatMap(\.rejects).map(\.reason)
                rejected += reasons.isEmpty ? 0 : 1
                let shown = try SourcePreview(of: source).text
                return reasons.filter(\.isEmpty).map { _ in "a record is rejected without a reason" }
                    + (Self.steers(shown) ? ["the preview steers a terminal"] : [])
            } catch let error as CorpusError {
                refused += 1
                return faults(ofMessage: error.message)
                    + (error.file == nil ? ["an error without a file: \(error)"] : [])
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(kept > 0 && rejected + refused > fuzz.count / 20, "\(kept) \(rejected) \(refused)") }
    }

    /// Whether a text holds what a terminal obeys.
    private static func steers(_ text: String) -> Bool {
        text.unicodeScalars.contains {
            ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E
        }
    }

    private static let marksOfJSON = "{}[],:\"\n"
    private static let wordsOfJSON = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\u001b[31m", "\\ud83d", "\\ud83d\\ude00", "\\n", "null",
        "true", "-",
        "\"id\":", "\"kind\":\"dialogue\"", "\"turns\":[]", "\"text\":\"\"", "\n", "\r\n", " ",
    ]
    private static let nestsOfJSON = [("[", "]"), ("{\"a\":", "}")]

    @Test func linesOfJSON() throws {
        let pack = """
            {"format":"braid-corpus","formatVersion":1,"name":"pack","version":"1","title":"A pack","description":"Invented.",\
            "licence":"Apache-2.0","citation":"Invented for a test.","language":"en","languages":[{"code":"es","name":"Spanish"}],\
            "tones":[{"name":"witty","instruction":"in a witty tone"}],"origin":"project"}
            {"kind":"dialogue","id":"d-1","topic":"tea","turns":[{"speaker":"Ann","text":"Tea?"},{"speaker":"Bo","text":"Yes."}],\
            "summary":{"text":"They have tea.","translations":{"es":"Toman té."},"tones":{"witty":"Tea happens."}}}
            {"kind":"conversation","id":"c-1","topic":"rain","turns":[{"speaker":"Ann","text":"It rains."}],\
            "reply":{"speaker":"Bo","text":"Again.","translations":{"es":"Otra vez."},"tones":{"witty":"How novel."}}}
            {"kind":"sentence","id":"s-1","topic":"sea","text":"The sea is calm.","translations":{"es":"El mar está en calma."}}
            {"kind":"message","id":"m-1","topic":"bus","text":"The bus is late.","tones":{"witty":"The bus is taking a walk."}}

            """
        var damage = Damage("pack.jsonl", pack, marks: Self.marksOfJSON, fragments: Self.wordsOfJSON)
        damage.options = SourceOptions()
        try fuzz("JSON Lines", damage, nests: Self.nestsOfJSON)
    }

    @Test func listsOfJSON() throws {
        let list = """
            [{"id": 1, "en": "A cat.", "es": ["Un gato.", "El gato."], "part": "train"},
             {"id": "two", "en": "A dog.", "es": "Un perro.", "part": null}, {"id": 3.5, "en": "A hen.", "es": []}]
            """
        var damage = Damage("list.json", list, marks: Self.marksOfJSON, fragments: Self.wordsOfJSON)
        damage.options.format = "columns"
        damage.options.columns = ["id": "id", "text": "en", "translations.es": "es"]
        try fuzz("JSON lists", damage, nests: Self.nestsOfJSON)
    }

    @Test(arguments: [("table.csv", ","), ("table.tsv", "\t")])
    func tables(_ name: String, _ delimiter: String) throws {
        let rows = [
            ["id", "en", "es"], ["1", "\"A cat, \"\"Tom\"\".\"", "Un gato."], ["2", "\"A\ndog.\"", "Un perro."],
            ["3", "A hen.", ""],
        ]
        let table = rows.map { $0.joined(separator: delimiter) + "\r\n" }.joined()
        let words = [
            "\"", "\"\"", ",", "\t", ";", "\n", "\r", "\r\n", String(repeating: delimiter, count: 20_000), "\"\n",
        ]
        var damage = Damage(name, table, marks: "\(delimiter)\"\n", fragments: words)
        damage.options.format = "columns"
        damage.options.columns = ["id": "id", "text": "en", "translations.es": "es"]
        try fuzz("tables", damage)
    }

    @Test func translationMemories() throws {
        let memory = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE tmx SYSTEM "tmx14.dtd" [<!ENTITY e "x">]>
            <tmx version="1.4"><header srclang="en" segtype="sentence"/><body>
            <tu tuid="1"><prop type="note">p</prop><tuv xml:lang="en"><seg>A <bpt i="1">b</bpt>tree<ept i="1">e</ept> &amp; a lake</seg></tuv>\
            <tuv xml:lang="es"><seg>Un árbol <![CDATA[y]]> un lago</seg></tuv></tu>
            <tu tuid="2"><tuv xml:lang="es"><seg>Agua</seg></tuv><tuv xml:lang="en-US"><seg>Water<!-- c --></seg></tuv></tu>
            </body></tmx>
            """
        let words = [
            "<", ">", "/>", "</", "&", "&e;", "&#0;", "&#x1F600;", "<![CDATA[", "]]>", "<!--", "-->", "<?x", "?>", "\"",
            "'", "=",
            "<tu>", "</tu>", "<tuv xml:lang=\"fr\">", "</tuv>", "<seg>", "</seg>", "xml:lang=\"../x\"", "xmlns:a=\"b\"",
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "<!ENTITY f \"&e;&e;\">",
            "<!ATTLIST tu a CDATA \"b\">",
            "encoding=\"UTF-16\"", "encoding=\"ISO-8859-1\"", "<xi:include href=\"a\"/>",
        ]
        try fuzz(
            "TMX", Damage("memory.tmx", memory, marks: "<>&\"/=\n", fragments: words),
            nests: [("<hi>", "</hi>"), ("<tu>", "</tu>"), ("<!DOCTYPE a [", "]>")])
    }

    @Test(arguments: [PackedFiles.Packing.gzip, .zip, .tarGzip, .tar])
    func archives(_ packing: PackedFiles.Packing) throws {
        let name = "corpus.jsonl" + ([.gzip: ".gz", .zip: ".zip", .tarGzip: ".tar.gz", .tar: ".tar"][packing] ?? "")
        let lines = (1...40).map {
            "{\"id\": \($0), \"en\": \"A cat sits on mat \($0).\", \"es\": \"Un gato \($0).\"}\n"
        }.joined()
        try PackedFiles.write([("a/corpus.jsonl", lines)], as: packing, to: folder.path(name))
        let whole = [UInt8](try Data(contentsOf: folder.path(name)))
        var damage = Damage(
            name, whole, marks: "/PKu",
            fragments: ["PK\u{3}\u{4}", "PK\u{5}\u{6}", "ustar", "../../x", "/etc/passwd", "\u{1F}"])
        damage.options.format = "columns"
        damage.options.columns = ["id": "id", "text": "en", "translations.es": "es"]
        try fuzz("archives", damage)
    }

    @Test func literalsOfPython() throws {
        let fuzz = Fuzz("Python literals", usual: 3000)
        let whole =
            #"[{'speaker': "Ann", 'text': 'It\'s \x41\u00e9 \N', 'n': [1, -2.5, 1e3, None, True]}, ('a', b'c', r"d")]"#
        let words = [
            "'", "\"", "'''", "\\", "\\x", "\\u12", "\\777", "[", "]", "{", "}", "(", ")", ",", ":", "None", "inf",
            "1_0", "b'", "#",
        ]
        var isRead = 0
        let problems = fuzz.problems { mutator in
            let fragments =
                words + [mutator.nest("[", "]"), mutator.nest("(", ")"), mutator.nest("{'a':", "}", around: "1")]
            let bytes = mutator.damaged(whole, fragments: fragments, marks: "[]{}(),:'\"\\")
            // What readers check before they parse.
            guard bytes[...].firstInvalidUTF8 == nil else { return [] }
            do throws(JSONSyntaxError) {
                _ = try PythonLiteral.parse(bytes[...])
                isRead += 1
                return []
            } catch {
                return faults(ofMessage: error.message)
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(isRead < fuzz.count) }
    }
}
