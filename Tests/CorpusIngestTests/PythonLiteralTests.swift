import CorpusIngest
import Testing

@Suite struct PythonLiteralTests {
    private func parse(_ text: String) throws -> JSONValue { try PythonLiteral.parse(Array(text.utf8)[...]) }

    @Test func readsEveryKindOfValue() throws {
        let value = try parse(" {'b': [1, -2.5e+3, True, False, None,], \"a\": ('x',), 'c': {}, 'd': ()} ")
        #expect(
            value
                == .object([
                    JSONMember(
                        key: "b", value: .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null])),
                    JSONMember(key: "a", value: .array([.string("x")])), JSONMember(key: "c", value: .object([])),
                    JSONMember(key: "d", value: .array([])),
                ]))
    }

    @Test(arguments: [
        (#"'it\'s'"#, "it's"), (#""it's""#, "it's"), (#"'say "so"'"#, "say \"so\""), (#"'\\\n\t\r'"#, "\\\n\t\r"),
        (#"'\xe9\u20ac\U0001F600'"#, "é€😀"), (#"'\0\101\7'"#, "\0A\u{07}"), (#"'\d'"#, "\\d"), ("'…é'", "…é"),
        (#"'\a\b\f\v'"#, "\u{07}\u{08}\u{0C}\u{0B}"), ("''", ""),
    ])
    func readsStrings(text: String, expected: String) throws {
        #expect(try parse(text) == .string(expected))
    }

    @Test(arguments: [
        ("", 1, "ends where a value"), ("{", 2, "key in quotes"), ("{'a' 1}", 6, "colon should follow"),
        ("{1: 2}", 2, "key in quotes"), ("{'a': 1 'b'}", 9, "comma or a closing brace"), ("['a' 'b']", 6, "comma or a"),
        ("{'a': 1, 'a': 2}", 10, "occurs twice"), ("'abc", 1, "never closed"), ("'abc\n'", 1, "never closed"),
        (#"'\ud83d'"#, 2, "no character"), (#"'\x4'"#, 2, "no character"), (#"'\N{DASH}'"#, 2, "by name"),
        ("true", 1, "a value should stand"), ("b'a'", 1, "a value should stand"), ("{} {}", 4, "more text"),
        ("nan", 1, "a value should stand"), (String(repeating: "[", count: 70), 66, "nested deeper"),
    ])
    func namesTheColumnOfAnError(text: String, column: Int, part: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try parse(text) }
        #expect(error?.column == column)
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
}
