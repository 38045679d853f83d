import BenchmarkStore
import TextSafety

/// A strict JSON parser (RFC 8259) with positions in its errors.
///
/// Stricter than the RFC asks in two points, both on purpose: a key that occurs twice in one object is an error, and so
/// is a lone surrogate escape, which has no UTF-8 form.
package struct JSONParser {
    /// Objects and lists may be nested so deep; more is an error, so that no input can exhaust the stack.
    package static let maximumDepth = 64
    /// One text may hold so many values; a value takes some ten times the memory of the shortest text that makes one.
    package static let maximumValues = 1 << 20

    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var values = 0

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// Parses one value that fills `bytes` but for white space.
    ///
    /// - Precondition: `bytes` are valid UTF-8; the reader of a file checks that first.
    /// - Throws: `JSONSyntaxError` with the line and column inside `bytes`.
    package static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.endIndex else {
            throw parser.failure("there is more text after the end of the value")
        }
        return value
    }

    // value = object / array / string / number / "true" / "false" / "null"
    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard let byte = current else { throw failure("the text ends where a value should stand") }
        values += 1
        guard values <= Self.maximumValues else { throw failure("there are more than \(Self.maximumValues) values") }
        switch byte {
        case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw failure("a value should stand here: a string in quotes, an object, a list or a number")
        }
    }

    // object = "{" [ string ":" value *( "," string ":" value ) ] "}"
    private mutating func object(depth: Int) throws(JSONSyntaxError) -> [JSONMember] {
        try enter(depth)
        var members: [JSONMember] = []
        // Records have few keys: a look at all of them is quicker than a set, which takes over for large objects.
        var seen: Set<String> = []
        skipSpace()
        if take("}") { return members }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("a key in quotes should stand here") }
            let start = index
            let key = try string()
            if members.count == 16 { seen = Set(members.map(\.key)) }
            guard members.count < 16 ? !members.contains(where: { $0.key == key }) : seen.insert(key).inserted else {
                throw failure("the key \"\(key)\" occurs twice in one object: keep one", at: start)
            }
            skipSpace()
            guard take(":") else { throw failure("a colon should follow the key \"\(key)\"") }
            skipSpace()
            members.append(JSONMember(key: key, value: try value(depth: depth)))
            skipSpace()
            if take("}") { return members }
            guard take(",") else { throw failure("a comma or a closing brace should stand here") }
        }
    }

    // array = "[" [ value *( "," value ) ] "]"
    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        try enter(depth)
        var values: [JSONValue] = []
        skipSpace()
        if take("]") { return values }
        while true {
            skipSpace()
            values.append(try value(depth: depth))
            skipSpace()
            if take("]") { return values }
            guard take(",") else { throw failure("a comma or a closing bracket should stand here") }
        }
    }

    // string = %x22 *( unescaped / "\" escape ) %x22 ; unescaped = any but %x22, %x5C and %x00-1F
    private mutating func string() throws(JSONSyntaxError) -> String {
        let opening = index
        index += 1
        if let plain = plainString() { return try checked(plain, opening) }
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return try checked(String(decoding: text, as: UTF8.self), opening)
            case UInt8(ascii: "\\"):
                let scalar = try escape()
                text.append(contentsOf: String(Character(scalar)).utf8)
            case 0..<0x20:
                throw failure("a control character stands in a string: write it as an escape such as \\n")
            default: appendRun(to: &text)
            }
        }
        throw failure("the string that opens here is never closed", at: opening)
    }

    private func checked(_ text: String, _ opening: Int) throws(JSONSyntaxError) -> String {
        guard !text.hasEndlessMarks else { throw failure(CorpusText.endlessMarks, at: opening) }
        return text
    }

    /// Takes over everything up to the next quote, escape or control character.
    private mutating func appendRun(to text: inout [UInt8]) {
        let start = index
        index = bytes.withUnsafeBufferPointer { buffer in
            let offset = start - bytes.startIndex
            var end = offset
            while end < buffer.count, buffer[end] != 0x22, buffer[end] != 0x5C, buffer[end] >= 0x20 { end += 1 }
            text.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[offset..<end]))
            return start + (end - offset)
        }
    }

    /// The string where it has no escapes, taken over at once; nil, with nothing read, where it has.
    private mutating func plainString() -> String? {
        let start = index
        return bytes.withUnsafeBufferPointer { buffer -> String? in
            let offset = start - bytes.startIndex
            var end = offset
            while end < buffer.count {
                let byte = buffer[end]
                if byte == 0x22 {
                    index = start + (end - offset) + 1
                    return String(decoding: UnsafeBufferPointer(rebasing: buffer[offset..<end]), as: UTF8.self)
                }
                if byte == 0x5C || byte < 0x20 { return nil }
                end += 1
            }
            return nil
        }
    }

    // escape = "\" ( %x22 / "\" / "/" / "b" / "f" / "n" / "r" / "t" / "u" 4HEXDIG )
    private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let byte = current else { throw failure("the text ends inside an escape", at: start) }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw failure("no such escape in JSON: write a backslash as \\\\", at: start)
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try hexDigits(from: start)
        if let scalar = Unicode.Scalar(first) { return scalar }
        // Only surrogates fail above; a high one must be followed by a low one.
        guard first < 0xDC00, take("\\"), take("u") else {
            throw failure("half of a surrogate pair stands alone", at: start)
        }
        let second = try hexDigits(from: start)
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw failure("half of a surrogate pair stands alone", at: start) }
        return scalar
    }

    private mutating func hexDigits(from start: Int) throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("\\u needs four hexadecimal digits", at: start)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    // number = [ "-" ] ( "0" / %x31-39 *DIGIT ) [ "." 1*DIGIT ] [ ("e" / "E") [ "+" / "-" ] 1*DIGIT ]
    private mutating func number() throws(JSONSyntaxError) -> String {
        let start = index
        _ = take("-")
        if !take("0") { try digits(from: start) }
        if take(".") { try digits(from: start) }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            try digits(from: start)
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func digits(from start: Int) throws(JSONSyntaxError) {
        let first = index
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > first else { throw failure("this is not a number", at: start) }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else {
            throw failure("only true, false and null stand without quotes")
        }
        index += word.utf8.count
        return value
    }

    private mutating func enter(_ depth: Int) throws(JSONSyntaxError) {
        guard depth <= Self.maximumDepth else {
            throw failure("objects and lists are nested deeper than \(Self.maximumDepth)")
        }
        index += 1
    }

    private var current: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let current, UInt32(current) == character.value else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private func failure(_ message: String, at offset: Int? = nil) -> JSONSyntaxError {
        let place = TextPosition(of: offset ?? index, in: bytes)
        return JSONSyntaxError(message: message, line: place.line, column: place.column)
    }
}
