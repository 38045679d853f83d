import CorpusIngest
import Testing

@Suite struct JSONParserTests {
    private func parse(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)[...]) }

    @Test func readsEveryKindOfValueAndKeepsTheOrderOfKeys() throws {
        let value = try parse(#" {"b": [1, -2.5e+3, true, false, null], "a": {"": ""}} "#)
        #expect(
            value
                == .object([
                    JSONMember(
                        key: "b", value: .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null])),
                    JSONMember(key: "a", value: .object([JSONMember(key: "", value: .string(""))])),
                ]))
    }

    @Test(arguments: [
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{08}\u{0C}\n\r\t"), (#""\u00e9\u20AC""#, "é€"), (#""\ud83d\uDE00""#, "😀"),
        ("\"🔥\u{2028}\"", "🔥\u{2028}"), (#""e\u0301""#, "e\u{301}"), (#""""#, ""), (#""\u0000""#, "\0"),
    ])
    func readsStrings(text: String, expected: String) throws {
        let value = try parse(text)
        guard case .string(let found) = value else {
            Issue.record("not a string: \(value)")
            return
        }
        #expect(Array(found.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("", 1, 1, "ends where a value"), ("{", 1, 2, "key in quotes"), (#"{"a" 1}"#, 1, 6, "colon should follow"),
        (#"{"a": 1,}"#, 1, 9, "key in quotes"), ("[1 2]", 1, 4, "comma or a closing bracket"),
        (#"{"a": 1 "b": 2}"#, 1, 9, "comma or a closing brace"), ("{\n \"é\": tru}", 2, 7, "only true, false and null"),
        (#"{"a": 1, "a": 2}"#, 1, 10, "occurs twice"), ("\"abc", 1, 1, "never closed"), ("\"a\tb\"", 1, 3, "control"),
        (#""\x""#, 1, 2, "no such escape"), (#""\ud800""#, 1, 2, "surrogate"), (#""\ud800\u0041""#, 1, 2, "surrogate"),
        (#""\udc00""#, 1, 2, "surrogate"), (#""\u12g4""#, 1, 2, "four hexadecimal"), ("01", 1, 2, "more text"),
        ("1.", 1, 1, "not a number"), ("-", 1, 1, "not a number"), ("{} {}", 1, 4, "more text"),
        (#"{"🔥": 🔥}"#, 1, 7, "a value should stand"), ("[1,\n\n  x]", 3, 3, "a value should stand"),
    ])
    func namesTheLineAndColumnOfAnError(text: String, line: Int, column: Int, part: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }

    @Test func refusesDeepNestingInsteadOfExhaustingTheStack() throws {
        let deep = String(repeating: "[", count: 100_000)
        let error = #expect(throws: JSONSyntaxError.self) { try parse(deep) }
        #expect(error?.message.contains("deeper than 64") == true)
        let allowed = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try parse(allowed) }
    }

    @Test func parsesASliceThatDoesNotBeginAtZero() throws {
        let bytes = Array("xx{\"a\": 1}yy".utf8)
        #expect(try JSONParser.parse(bytes[2..<10]) == .object([JSONMember(key: "a", value: .number("1"))]))
        let error = #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(bytes[2..<11]) }
        #expect(error?.column == 9)
    }

    @Test(arguments: [([0x61, 0xFF], 1), ([0xC3], 0), ([0x61, 0xC3, 0xA9, 0x80], 3), ([0xED, 0xA0, 0x80], 0)])
    func findsTheFirstByteThatIsNotUTF8(bytes: [UInt8], offset: Int) {
        #expect(bytes[...].firstInvalidUTF8 == offset)
    }

    @Test func findsNoInvalidByteInUTF8() {
        #expect(Array("aé€😀".utf8)[...].firstInvalidUTF8 == nil)
    }
}
