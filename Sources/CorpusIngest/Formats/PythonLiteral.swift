import BenchmarkStore
import TextSafety

/// Reads a Python literal, as `repr` prints it, into the value that JSON would have.
///
/// Dictionaries with strings for keys, lists, tuples, strings, numbers, `True`, `False` and `None`. Bytes, sets and
/// expressions are errors.
package struct PythonLiteral {
    private let bytes: ArraySlice<UInt8>
    private var index: Int

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    /// Parses one value that fills `bytes` but for white space.
    ///
    /// - Precondition: `bytes` are valid UTF-8.
    /// - Throws: `JSONSyntaxError` with the line and column inside `bytes`.
    package static func parse(_ bytes: ArraySlice<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        var parser = PythonLiteral(bytes)
        let value = try parser.value(depth: 0)
        guard parser.current == nil else { throw parser.failure("there is more text after the end of the value") }
        return value
    }

    // value = dict / list / tuple / string / number / "True" / "False" / "None"
    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth <= JSONParser.maximumDepth else {
            throw failure("dictionaries and lists are nested deeper than \(JSONParser.maximumDepth)")
        }
        switch current {
        case nil: throw failure("the text ends where a value should stand")
        case UInt8(ascii: "{"): return .object(try dictionary(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try list(closing: "]", depth: depth + 1))
        case UInt8(ascii: "("): return .array(try list(closing: ")", depth: depth + 1))
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try string())
        default: return try word()
        }
    }

    // dict = "{" [ string ":" value *( "," string ":" value ) [ "," ] ] "}"
    private mutating func dictionary(depth: Int) throws(JSONSyntaxError) -> [JSONMember] {
        var members: [JSONMember] = []
        var seen: Set<String> = []
        index += 1
        while true {
            if take("}") { return members }
            guard let quote = current, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
                throw failure("a key in quotes should stand here")
            }
            let start = index
            let key = try string()
            guard seen.insert(key).inserted else { throw failure("the key '\(key)' occurs twice", at: start) }
            guard take(":") else { throw failure("a colon should follow the key '\(key)'") }
            members.append(JSONMember(key: key, value: try value(depth: depth)))
            if take("}") { return members }
            guard take(",") else { throw failure("a comma or a closing brace should stand here") }
        }
    }

    // list = "[" [ value *( "," value ) [ "," ] ] "]" ; a tuple has round brackets
    private mutating func list(
        closing: Unicode.Scalar, depth: Int
    ) throws(JSONSyntaxError) -> [JSONValue] {
        var values: [JSONValue] = []
        index += 1
        while true {
            if take(closing) { return values }
            values.append(try value(depth: depth))
            if take(closing) { return values }
            guard take(",") else { throw failure("a comma or a closing bracket should stand here") }
        }
    }

    // string = "'" *( any but "'", "\" and line ends / escape ) "'" ; or with double quotes
    private mutating func string() throws(JSONSyntaxError) -> String {
        let opening = index
        let quote = bytes[index]
        index += 1
        var text: [UInt8] = []
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            switch byte {
            case quote:
                let text = String(decoding: text, as: UTF8.self)
                guard !text.hasEndlessMarks else { throw failure(CorpusText.endlessMarks, at: opening) }
                return text
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0x0A: throw failure("the string that opens here is never closed in its line", at: opening)
            default: text.append(byte)
            }
        }
        throw failure("the string that opens here is never closed", at: opening)
    }

    // escape = "\" ( "\" / "'" / quote / a / b / f / n / r / t / v / 1*3OCTAL / "x" 2HEX / "u" 4HEX / "U" 8HEX )
    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) {
        let start = index - 1
        guard index < bytes.endIndex else { throw failure("the text ends inside an escape", at: start) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(byte)
        case UInt8(ascii: "a"): text.append(0x07)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "v"): text.append(0x0B)
        case 0x0A: break
        case UInt8(ascii: "x"): try scalar(radix: 16, digits: 2...2, from: start, into: &text)
        case UInt8(ascii: "u"): try scalar(radix: 16, digits: 4...4, from: start, into: &text)
        case UInt8(ascii: "U"): try scalar(radix: 16, digits: 8...8, from: start, into: &text)
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            index -= 1
            try scalar(radix: 8, digits: 1...3, from: start, into: &text)
        case UInt8(ascii: "N"): throw failure("characters by name are not known here: write the character", at: start)
        // Python leaves the backslash of an escape that it does not know.
        default: text += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func scalar(
        radix: Int, digits: ClosedRange<Int>, from start: Int, into text: inout [UInt8]
    ) throws(JSONSyntaxError) {
        var value: UInt32 = 0
        var count = 0
        while count < digits.upperBound, index < bytes.endIndex,
            let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, digit < radix
        {
            value = value << (radix == 16 ? 4 : 3) | UInt32(digit)
            count += 1
            index += 1
        }
        guard digits.contains(count), let scalar = Unicode.Scalar(value) else {
            throw failure("this escape stands for no character", at: start)
        }
        text += Array(String(Character(scalar)).utf8)
    }

    // number = [ "-" / "+" ] digits, a point, an exponent ; word = "True" / "False" / "None"
    private mutating func word() throws(JSONSyntaxError) -> JSONValue {
        let start = index
        while index < bytes.endIndex, bytes[index].isWordByte { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "True": return .bool(true)
        case "False": return .bool(false)
        case "None": return .null
        default:
            guard word.contains(where: \.isNumber), let number = Double(word), number.isFinite else {
                throw failure(
                    "a value should stand here: a string in quotes, a number, a list or a dictionary", at: start)
            }
            return .number(word)
        }
    }

    /// The next byte that is no white space; nil at the end.
    private var current: UInt8? {
        mutating get {
            while index < bytes.endIndex, bytes[index].isJSONSpace { index += 1 }
            return index < bytes.endIndex ? bytes[index] : nil
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let current, UInt32(current) == character.value else { return false }
        index += 1
        return true
    }

    private func failure(_ message: String, at offset: Int? = nil) -> JSONSyntaxError {
        let place = TextPosition(of: offset ?? index, in: bytes)
        return JSONSyntaxError(message: message, line: place.line, column: place.column)
    }
}

extension UInt8 {
    /// Whether a number or a word may hold the byte: letters, digits, `+`, `-`, `.` and `_`.
    fileprivate var isWordByte: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
