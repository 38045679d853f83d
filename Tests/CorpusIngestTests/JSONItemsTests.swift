import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct JSONItemsTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func items(_ text: String) throws -> [JSONItems.Item] {
        let url = folder.path("items.json")
        try Data(text.utf8).write(to: url)
        var items = try JSONItems(SourceFile(path: "items.json", url: url))
        var found: [JSONItems.Item] = []
        while let item = try items.next() { found.append(item) }
        return found
    }

    @Test func slicesTheElementsOfAList() throws {
        let found = try items("\u{FEFF} [ {\"a\": \"]}\\\"\"},\n  [1, [2]],\"x,y\" , -1.5e3,true\n,null]\n")
        #expect(
            found.map { String(decoding: $0.bytes, as: UTF8.self) }
                == ["{\"a\": \"]}\\\"\"}", "[1, [2]]", "\"x,y\"", "-1.5e3", "true", "null"])
        #expect(found.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(found.map(\.line) == [1, 2, 2, 2, 2, 3])
        #expect(found.map(\.column) == [4, 3, 12, 20, 27, 2])
        #expect(found.allSatisfy { $0.key == nil })
    }

    @Test func givesTheKeysOfAnObjectInTheirOrder() throws {
        let found = try items("{\"b\\n\": {\"x\": 1}, \"é\"\n:\n [ ]}")
        #expect(found.map(\.key) == ["b\n", "é"])
        #expect(found.map { String(decoding: $0.bytes, as: UTF8.self) } == ["{\"x\": 1}", "[ ]"])
        #expect(found.map(\.line) == [1, 3])
    }

    @Test(arguments: ["[]", " {\n}\n", "\u{FEFF}[\r\n]"]) func anEmptyWholeHasNoElements(text: String) throws {
        #expect(try items(text).isEmpty)
    }

    @Test(arguments: [
        ("", "line 1, column 1: the file holds nothing"),
        ("{\"a\": 1}\n{\"a\": 2}\n", "line 2, column 1: there is more text"),
        ("\"a\"", "must be one JSON list or object"), ("[1 2]", "line 1, column 4: a comma or the end"),
        ("[1,\n", "line 2, column 1: the file ends before its list does"),
        ("[1, {\"a\": [", "line 1, column 5: the file ends inside"),
        ("[\n \"é\", \"abc", "line 2, column 7: the file ends inside"), ("{\"a\" 1}", "line 1, column 6: a colon"),
        ("{a: 1}", "line 1, column 2: a key in quotes"), ("{\"\\x\": 1}", "line 1, column 2: this is no key"),
        ("[1,,2]", "line 1, column 4: a value should"), ("[1", "line 1, column 2: the file ends inside"),
        ("{\"a\": 1", "line 1, column 7: the file ends inside"), ("[1]]", "line 1, column 4: there is more text"),
    ])
    func namesLineAndColumnWhereTheWholeIsIllFormed(text: String, part: String) {
        let error = #expect(throws: CorpusError.self) { try items(text) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    /// A megabyte in one line, in which elements lie across the pieces that are read at a time.
    @Test func readsALargeFileOfOneLine() throws {
        let count = 4_000
        let text =
            "["
            + (0..<count).map { "{\"id\": \($0), \"text\": \"\(String(repeating: "é\\\"", count: 70))\"}" }.joined(
                separator: ", ") + "]"
        #expect(text.utf8.count > 1 << 20)
        let found = try items(text)
        #expect(found.count == count)
        #expect(
            found.allSatisfy {
                $0.line == 1 && $0.bytes.first == UInt8(ascii: "{") && $0.bytes.last == UInt8(ascii: "}")
            })
        let last = try #require(found.last)
        #expect(
            last.column == text.unicodeScalars.count - String(decoding: last.bytes, as: UTF8.self).unicodeScalars.count)
        #expect(try JSONParser.parse(last.bytes[...]) != .null)
    }
}
