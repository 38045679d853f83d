import BenchmarkStore
import Foundation
import Testing

@Suite struct QueryFormatTests {
    static let mixed = QueryResult(
        columns: ["name", "n", "score"],
        rows: [
            ["linear", 3, 33.333333333333336], ["日本語", nil, 5.0], ["a|b,\"c\"\nd", 12, nil], ["", 0, .real(-0.25)],
            [.blob(Data([0x0a, 0xff])), 1, .real(.infinity)],
        ])

    @Test func tablesAlignByDisplayWidth() {
        #expect(
            QueryFormat.table.render(Self.mixed) == """
                name          n    score
                ─────────  ────  ───────
                linear        3  33.3333
                日本語     NULL      5.0
                a|b,"c"↵d    12     NULL
                              0    -0.25
                x'0aff'       1      inf

                """)
    }

    @Test func csvDoublesAQuoteThatCarriesAnAccent() {
        let result = QueryResult(columns: ["x"], rows: [[.text("a\"\u{301}b")]])
        #expect(QueryFormat.csv.render(result).utf8.elementsEqual("x\r\n\"a\"\"\u{301}b\"\r\n".utf8))
    }

    @Test func csvFollowsRFC4180() {
        #expect(
            QueryFormat.csv.render(Self.mixed)
                == "name,n,score\r\nlinear,3,33.333333333333336\r\n"
                + "日本語,,5.0\r\n\"a|b,\"\"c\"\"\nd\",12,\r\n\"\",0,-0.25\r\n"
                + "x'0aff',1,inf\r\n")
    }

    @Test func aRecordOfOneNullIsNoEmptyLine() {
        let result = QueryResult(columns: ["x"], rows: [[nil], [""], ["\r"]])
        #expect(QueryFormat.csv.render(result) == "x\r\n\"\"\r\n\"\"\r\n\"'\r\"\r\n")
    }

    @Test func jsonKeepsTheOrderOfColumnsAndReadsBack() throws {
        let text = QueryFormat.json.render(Self.mixed)
        #expect(text.hasPrefix("[\n  {\"name\":\"linear\",\"n\":3,\"score\":33.333333333333336},\n"))
        #expect(text.hasSuffix("{\"name\":\"x'0aff'\",\"n\":1,\"score\":null}\n]\n"))
        struct Row: Decodable, Equatable { let name: String, n: Int?, score: Double? }
        let rows = try JSONDecoder().decode([Row].self, from: Data(text.utf8))
        #expect(rows.map(\.name) == ["linear", "日本語", "a|b,\"c\"\nd", "", "x'0aff'"])
        #expect(rows.map(\.score) == [33.333333333333336, 5, nil, -0.25, nil])
        let lines = QueryFormat.jsonl.render(Self.mixed).split(separator: "\n")
        #expect(try lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) } == rows)
    }

    @Test func jsonEscapesWhatItMust() throws {
        let odd = "\u{0}\u{1}\u{8}\t\n\r\u{1F}\"\\/\u{7F}\u{2028}\u{2029}é🙂\r\n"
        let text = QueryFormat.jsonl.render(QueryResult(columns: ["a"], rows: [[.text(odd)]]))
        #expect(try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) == ["a": odd])
        #expect(text.contains(#"\u0000\u0001\u0008\t\n\r\u001f\"\\/\u007f\u2028\u2029é🙂\r\n"#))
        #expect(text.unicodeScalars.count { $0 == "\n" } == 1)
    }

    @Test(arguments: [
        (["a", "a", "a"], ["a", "a_2", "a_3"]), (["a", "a_2", "a"], ["a", "a_2", "a_3"]),
        (["a", "a", "a_2"], ["a", "a_3", "a_2"]),
    ])
    func equalKeysAreToldApart(columns: [String], keys: [String]) {
        let result = QueryResult(columns: columns, rows: [[1, 2, 3]])
        let expected = "{" + zip(keys, 1...).map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}\n"
        #expect(QueryFormat.jsonl.render(result) == expected)
    }

    @Test func markdownEscapesMarkup() {
        let result = QueryResult(columns: ["a_b", "n"], rows: [["x|y *z* <b>\r\n\\", 1.5], [nil, 2]])
        #expect(
            QueryFormat.md.render(result) == #"""
                | a\_b | n |
                | --- | ---: |
                | x\|y \*z\* \<b\>↵\\ | 1.5 |
                |  | 2 |

                """#)
    }

    @Test func noRowsStillHaveAHeader() {
        let empty = QueryResult(columns: ["a", "b"], rows: [])
        #expect(QueryFormat.table.render(empty) == "a  b\n─  ─\n")
        #expect(QueryFormat.csv.render(empty) == "a,b\r\n")
        #expect(QueryFormat.json.render(empty) == "[]\n")
        #expect(QueryFormat.jsonl.render(empty) == "")
        #expect(QueryFormat.md.render(empty) == "| a | b |\n| --- | --- |\n")
    }

    /// Each line must end at the same column as the marker of a text whose width is known.
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("ｱ", 1),
        ("Ａ", 2), ("🙂", 2), ("👩‍👩‍👧", 2), ("🇪🇸", 2), ("❤️", 2), ("❤", 1), ("a\u{200C}b", 2), ("한ab", 4), ("𠀀", 2),
        ("עברית", 5),
    ])
    func widthsAreAsTerminalsHaveThem(text: String, width: Int) {
        let result = QueryResult(columns: ["t", "x"], rows: [[.text(text), "|"], [.text("12345678901"), "|"]])
        let line = QueryFormat.table.render(result).split(separator: "\n", omittingEmptySubsequences: false)[2]
        #expect(line == text + String(repeating: " ", count: 11 - width) + "  |")
    }

    @Test(arguments: [(1, "…"), (4, "日…"), (5, "日本…"), (7, "日本語x"), (100, "日本語x")])
    func longCellsAreCutByWidth(width: Int, shown: String) {
        let result = QueryResult(columns: [""], rows: [["日本語x"]])
        let text = QueryFormat.table.render(result, maximumWidth: width)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[2] == shown)
    }

    @Test(arguments: [
        (0.0, "0.0"), (0.1, "0.1"), (1e-4, "0.0001"), (1e-5, "1e-05"), (12345.67891, "12345.6789"), (99.99999, "100.0"),
        (1e20, "1e+20"), (-2.00005, "-2.0001"), (0.00123456, "0.0012"), (-0.0, "-0.0"), (.nan, "nan"),
    ])
    func tablesRoundToFourDecimals(value: Double, shown: String) {
        let text = QueryFormat.table.render(QueryResult(columns: [""], rows: [[.real(value)]]))
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false)[2] == shown)
    }

    @Test func controlCharactersDoNotTearATable() {
        let result = QueryResult(columns: ["t"], rows: [["a\tb\u{1B}[31mc\r\nd\re\u{2028}f"]])
        #expect(QueryFormat.table.render(result).hasSuffix("\na b␛[31mc↵d↵e↵f\n"))
    }

    @Test(arguments: [QueryFormat.table, .md])
    func nothingInATableSteersTheTerminal(format: QueryFormat) {
        let evil = "\u{1B}]0;x\u{7}\u{9B}2J\u{8}\u{202E}b\u{200B}\u{1B}\u{301}"
        let text = format.render(QueryResult(columns: [evil], rows: [[.text(evil)]]))
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
        #expect(!text.contains("\u{202E}") && text.contains("⟦U+202E⟧b⟦U+200B⟧") && text.contains("␇⟦U+009B⟧2J␈"))
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+49 30 1", "'+49 30 1"), ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"), ("＝1", "'＝1"), ("\t=1", "'\t=1"), ("-", "'-"),
        ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), ("\n=1", "\"'\n=1\""),
        // Numbers in a text, and what only holds a sign, stay.
        ("-0.5", "-0.5"), ("+3e2", "+3e2"), ("a=1", "a=1"), ("1-2", "1-2"), ("'x", "'x"), (" =1", " =1"),
    ])
    func csvHasNoFormulas(text: String, field: String) {
        let result = QueryResult(columns: [text], rows: [[.text(text)]])
        #expect(QueryFormat.csv.render(result).utf8.elementsEqual("\(field)\r\n\(field)\r\n".utf8))
        // JSON is exact.
        #expect(QueryFormat.jsonl.render(result).contains("'=") == text.contains("'="))
    }

    @Test func numbersInCSVAreNoFormulas() {
        let result = QueryResult(columns: ["a", "b", "c"], rows: [[-1, .real(-0.5), .blob(Data([0x3D]))]])
        #expect(QueryFormat.csv.render(result) == "a,b,c\r\n-1,-0.5,x'3d'\r\n")
    }

    @Test func markdownEscapesMarksThatCarryAnAccent() {
        let result = QueryResult(columns: ["t"], rows: [["a|\u{301}b<\u{301}c`\u{301}"]])
        let row = QueryFormat.md.render(result).split(separator: "\n")[2]
        #expect(row.utf8.elementsEqual("| a\\|\u{301}b\\<\u{301}c\\`\u{301} |".utf8))
    }
}
