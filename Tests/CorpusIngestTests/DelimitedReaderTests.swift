import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct DelimitedReaderTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func reader(
        _ bytes: [UInt8], _ dialect: DelimitedReader.Dialect = .csv, header: Bool = false
    ) throws -> DelimitedReader {
        let url = folder.path("records.csv")
        try Data(bytes).write(to: url)
        var dialect = dialect
        dialect.hasHeader = header
        return try DelimitedReader(SourceFile(path: "records.csv", url: url), dialect)
    }

    private func records(
        _ text: String, _ dialect: DelimitedReader.Dialect = .csv, header: Bool = false
    ) throws -> [DelimitedRecord] {
        var reader = try reader(Array(text.utf8), dialect, header: header)
        var records: [DelimitedRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(arguments: [
        ("a,b\n", [["a", "b"]]), ("a,b", [["a", "b"]]), ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]), ("\u{FEFF}\"a\",b\n", [["a", "b"]]), (",\n", [["", ""]]), ("a,", [["a", ""]]),
        ("\"\"\n", [[""]]), ("\"a,b\",c\n", [["a,b", "c"]]), ("\"a\nb\",c\r\nd,e\r\n", [["a\nb", "c"], ["d", "e"]]),
        ("\"a\r\nb\",c\n", [["a\r\nb", "c"]]), ("\"say \"\"so\"\"\",x\n", [["say \"so\"", "x"]]),
        ("\"\"\"\",\"\"\"\"\"\"\n", [["\"", "\"\""]]), ("a,\"\"", [["a", ""]]), ("\"a\",\"b\"", [["a", "b"]]),
        ("\"b\"\r\n\"c\"\r\n", [["b"], ["c"]]), ("a\rb,c\n", [["a\rb", "c"]]), ("a,b\r", [["a", "b"]]),
        ("é,😀\n\"\u{2028}\",ü\n", [["é", "😀"], ["\u{2028}", "ü"]]), ("", []), ("a\tb,c\n", [["a\tb", "c"]]),
    ])
    func readsWhatTheRFCAllows(text: String, expected: [[String]]) throws {
        let found = try records(text)
        // Strings compare canonically; nothing may be normalised here.
        #expect(found.map { $0.fields.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } })
        #expect(found.allSatisfy { $0.fault == nil && !$0.hasLooseQuotes })
    }

    @Test(arguments: [
        ("a\"b,c\n", ["a\"b", "c"]), ("\"a\"b,c\n", ["ab", "c"]), ("\"a\" \"b\",c\n", ["a \"b\"", "c"]),
        ("\"a\"\"b\"c,d\n", ["a\"bc", "d"]), ("a \"b, c\"\n", ["a \"b", " c\""]), ("\"a\"\rb,c\n", ["a\rb", "c"]),
    ])
    func keepsLooseQuotesAsTextAndSaysSo(text: String, expected: [String]) throws {
        let found = try records(text)
        #expect(found.map(\.fields) == [expected])
        #expect(found[0].hasLooseQuotes)
    }

    @Test func takesQuotesAsTextWhereTheDialectHasNone() throws {
        let dialect = DelimitedReader.Dialect(delimiter: UInt8(ascii: "\t"), hasQuotes: false)
        let found = try records("\"a\tb\"\n\"\t\"\n", dialect)
        #expect(found.map(\.fields) == [["\"a", "b\""], ["\"", "\""]])
        #expect(found.map(\.hasLooseQuotes) == [false, false])
    }

    @Test func countsRecordsAfterTheHeaderAndLinesFromTheFile() throws {
        let found = try records("id , text\nx,\"1\n2\"\n\ny,3\n", header: true)
        #expect(found.map(\.number) == [1, 2, 2])
        #expect(found.map(\.line) == [2, 4, 5])
        #expect(found.map(\.isBlank) == [false, true, false])
        #expect(found.map { $0["text"] } == ["1\n2", nil, "3"])
        #expect(found[0]["other"] == nil)
    }

    @Test func namesTheLineOfAQuoteThatIsNeverClosed() throws {
        let found = try records("a,b\nc,\"d\ne,f\ng,h\n")
        #expect(found.count == 2)
        let fault = try #require(found[1].fault)
        #expect((fault.line, fault.column) == (2, 3))
        #expect(fault.message.contains("never closed"))
    }

    @Test(arguments: [("a,b\n1,2\n3\n4,5\n", 3, "1 field "), ("a,b\n1,2\n3,4,5\n4,5\n", 3, "3 fields ")])
    func namesTheLineOfARecordWithTheWrongNumberOfFields(text: String, line: Int, part: String) throws {
        for hasHeader in [true, false] {
            let found = try records(text, header: hasHeader)
            let faults = found.compactMap(\.fault)
            #expect(faults.map(\.line) == [line])
            #expect(faults[0].message.contains(part + "where the \(hasHeader ? "header" : "first record") has 2"))
        }
    }

    @Test func findsBytesThatAreNotUTF8InTheirRecordOnly() throws {
        var reader = try reader(Array("a,b\n".utf8) + [0x63, 0xFF, 0x2C, 0x64, 0x0A] + Array("e,f\n".utf8))
        let faults = [try reader.next()?.fault, try reader.next()?.fault, try reader.next()?.fault]
        #expect(faults.map { $0?.line } == [nil, 2, nil])
        #expect(faults[1]?.column == 2)
    }

    @Test func aHeaderThatCannotBeReadIsAnErrorOfTheFile() throws {
        let error = #expect(throws: CorpusError.self) { try reader([0x61, 0xFF, 0x0A], header: true) }
        #expect(error?.description.contains("line 1, the header: the text is not UTF-8") == true)
    }

    /// Records that lie across the pieces in which a file is read come out as when read alone.
    @Test func readsTheSameWhereverThePiecesOfTheFileEnd() throws {
        let lines = [
            "\"a\"\"\n,b\",\"c\"\r\n", "d,é\n", "\"\",\"\"\"\"\r\n", "x,😀y\n",
            "\"long \(String(repeating: "q", count: 997))\",z\n",
        ]
        let count = 1_500
        let found = try records((0..<count).map { lines[$0 % lines.count] }.joined())
        let alone = try lines.map { try records($0)[0].fields }
        #expect(found.count == count)
        #expect(found.enumerated().allSatisfy { $0.element.fields == alone[$0.offset % lines.count] })
        #expect(found.last?.line == count - 1 + count / lines.count + 1)
    }
}
