import TextSafety

/// Reads the JSON of a safetensors header; each error says at which byte of the file.
///
/// ```
/// header  = "{" [ member *( "," member ) ] "}"
/// member  = "__metadata__" ":" object of strings
///         / name ":" object with "dtype": string, "shape": integers, "data_offsets": integers; others are passed over
/// ```
///
/// Written by hand because the general decoder tells no positions and lets the last of two equal names win. Strings,
/// escapes, blanks and numbers as in RFC 8259.
struct SafetensorsHeaderParser {
    /// What the header says of one tensor.
    struct Entry {
        let name: String
        let dtype: String
        let shape: [Int]
        let dataOffsets: [Int]
        /// Where in the file the entry's name begins.
        let place: Int
    }

    private(set) var metadata: [String: String] = [:]
    private(set) var entries: [Entry] = []

    private let bytes: [UInt8]
    private let start: Int
    private let file: String
    private var index = 0
    /// The member that is being read: a tensor's name or `__metadata__`.
    private var member: String?

    private static let metadataName = "__metadata__"
    /// More dimensions than any library makes.
    private static let maximumRank = 64
    /// Deeper values under unknown names are refused.
    private static let maximumDepth = 32

    /// Reads a header that lies `start` bytes from the beginning of its file.
    ///
    /// - Throws: `badFormat` with the tensor or `__metadata__` and the byte in the file.
    init(_ bytes: [UInt8], at start: Int, file: String) throws(ModelError) {
        self.bytes = bytes
        self.start = start
        self.file = file
        var names: Set<String> = []
        try object("the header") { (parser, name, place) throws(ModelError) in
            parser.member = name
            guard names.insert(name).inserted else { throw parser.failure("the name appears twice", at: place) }
            if name == Self.metadataName {
                try parser.readMetadata()
            } else {
                try parser.readEntry(name, place)
            }
            parser.member = nil
        }
        skipBlanks()
        guard index == bytes.count else { throw failure("something follows the header's closing brace") }
    }

    private mutating func readMetadata() throws(ModelError) {
        try object("the metadata") { (parser, key, place) throws(ModelError) in
            let text = try parser.string("the metadata's '\(key)'")
            guard parser.metadata.updateValue(text, forKey: key) == nil else {
                throw parser.failure("'\(key)' appears twice", at: place)
            }
        }
    }

    private mutating func readEntry(_ name: String, _ place: Int) throws(ModelError) {
        var dtype: String?
        var shape: [Int]?
        var dataOffsets: [Int]?
        try object("the tensor's description") { (parser, key, place) throws(ModelError) in
            let isAgain: Bool
            switch key {
            case "dtype":
                isAgain = dtype != nil
                dtype = try parser.string("dtype")
            case "shape":
                isAgain = shape != nil
                shape = try parser.integers("shape")
            case "data_offsets":
                isAgain = dataOffsets != nil
                dataOffsets = try parser.integers("data_offsets")
            default:
                isAgain = false
                try parser.skipValue(depth: 0)
            }
            if isAgain { throw parser.failure("'\(key)' appears twice", at: place) }
        }
        guard let dtype else { throw failure("'dtype' is missing", at: place) }
        guard let shape else { throw failure("'shape' is missing", at: place) }
        guard let dataOffsets else { throw failure("'data_offsets' is missing", at: place) }
        entries.append(Entry(name: name, dtype: dtype, shape: shape, dataOffsets: dataOffsets, place: start + place))
    }

    /// An error at a byte of the header, by default the next one.
    private func failure(_ what: String, at place: Int? = nil) -> ModelError {
        let offset = start + (place ?? index)
        guard let member else {
            return .damaged(
                .badFormat, "the header is not what safetensors prescribes: \(what)", file: file, offset: offset)
        }
        let isMetadata = member == Self.metadataName
        return .damaged(
            .badFormat, what, file: file, key: isMetadata ? member : nil, tensor: isMetadata ? nil : member,
            offset: offset)
    }
}

// MARK: - JSON

extension SafetensorsHeaderParser {
    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    /// Takes the next byte that is not blank if it is the given one.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    /// `{ "key": value, … }`; `body` reads each value, given its key and where the key begins.
    private mutating func object(
        _ what: String, _ body: (inout Self, String, Int) throws(ModelError) -> Void
    ) throws(ModelError) {
        guard take("{") else { throw failure("\(what) is not an object in braces") }
        if take("}") { return }
        repeat {
            skipBlanks()
            let place = index
            let key = try string("a name in \(what)")
            guard take(":") else { throw failure("'\(key)' is not followed by a colon") }
            try body(&self, key, place)
        } while take(",")
        guard take("}") else { throw failure("\(what) lacks its closing brace") }
    }

    /// `[1, 2, …]` of whole numbers.
    private mutating func integers(_ what: String) throws(ModelError) -> [Int] {
        guard take("[") else { throw failure("\(what) is not an array") }
        var values: [Int] = []
        if take("]") { return values }
        repeat {
            guard values.count < Self.maximumRank else {
                throw failure("\(what) has more than \(Self.maximumRank) numbers")
            }
            values.append(try integer(what))
        } while take(",")
        guard take("]") else { throw failure("\(what) holds something other than whole numbers, or lacks its bracket") }
        return values
    }

    /// `-?(0|[1-9][0-9]*)` that fits 64 bits.
    private mutating func integer(_ what: String) throws(ModelError) -> Int {
        skipBlanks()
        let place = index
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") { index += 1 }
        let digits = index
        while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[place..<index], as: UTF8.self)
        guard index > digits, bytes[digits] != 0x30 || index == digits + 1 else {
            throw failure("\(what) holds something other than whole numbers", at: place)
        }
        guard let value = Int(text) else { throw failure("a number of \(what) does not fit 64 bits", at: place) }
        return value
    }

    /// `"…"` without its quotation marks, escapes resolved.
    private mutating func string(_ what: String) throws(ModelError) -> String {
        guard take("\"") else { throw failure("\(what) is not a string") }
        let place = index
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let result = String(validating: text, as: UTF8.self) else {
                    throw failure("\(what) is not UTF-8", at: place)
                }
                guard !result.hasEndlessMarks else {
                    throw failure("\(what) has more than 256 accents on one character", at: place)
                }
                return result
            case UInt8(ascii: "\\"): text += try escape(what)
            case 0..<0x20: throw failure("\(what) holds a control character that is not escaped", at: index - 1)
            default: text.append(byte)
            }
        }
        throw failure("\(what) lacks its closing quotation mark", at: place)
    }

    /// What follows a backslash: `["\/bfnrt]` or `u` and four hex digits, two such for a character beyond U+FFFF.
    private mutating func escape(_ what: String) throws(ModelError) -> String.UTF8View {
        let place = index - 1
        guard index < bytes.count else { throw failure("\(what) ends in a backslash", at: place) }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\"".utf8
        case UInt8(ascii: "\\"): return "\\".utf8
        case UInt8(ascii: "/"): return "/".utf8
        case UInt8(ascii: "b"): return "\u{8}".utf8
        case UInt8(ascii: "f"): return "\u{C}".utf8
        case UInt8(ascii: "n"): return "\n".utf8
        case UInt8(ascii: "r"): return "\r".utf8
        case UInt8(ascii: "t"): return "\t".utf8
        case UInt8(ascii: "u"):
            var units = [try hexUnit(what, place)]
            if UTF16.isLeadSurrogate(units[0]), index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
                bytes[index + 1] == UInt8(ascii: "u")
            {
                index += 2
                units.append(try hexUnit(what, place))
            }
            guard let text = String(validating: units, as: UTF16.self) else {
                throw failure("\(what) holds half of a surrogate pair", at: place)
            }
            return text.utf8
        default: throw failure("\(what) holds an unknown escape", at: place)
        }
    }

    private mutating func hexUnit(_ what: String, _ place: Int) throws(ModelError) -> UInt16 {
        let digits = bytes[index..<min(index + 4, bytes.count)]
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw failure("\(what) holds an escape without its four hexadecimal digits", at: place)
        }
        index += 4
        return unit
    }

    /// Any value, which is only passed over.
    private mutating func skipValue(depth: Int) throws(ModelError) {
        guard depth < Self.maximumDepth else { throw failure("values are nested more than \(Self.maximumDepth) deep") }
        skipBlanks()
        switch index < bytes.count ? bytes[index] : 0 {
        case UInt8(ascii: "{"):
            try object("a value") { (parser, _, _) throws(ModelError) in try parser.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["):
            index += 1
            if take("]") { return }
            repeat { try skipValue(depth: depth + 1) } while take(",")
            guard take("]") else { throw failure("an array lacks its closing bracket") }
        case UInt8(ascii: "\""): _ = try string("a value")
        default:
            // true, false, null or a number
            let place = index
            while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
            let word = String(decoding: bytes[place..<index], as: UTF8.self)
            let isNumber = word.first.map { "-0123456789".contains($0) } == true && !word.contains("x")
            guard ["true", "false", "null"].contains(word) || isNumber && Double(word) != nil else {
                throw failure("a value is missing or not JSON", at: place)
            }
        }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "E"),
            UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
