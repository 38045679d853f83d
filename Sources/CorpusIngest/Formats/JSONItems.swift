/// Reads a file that is one JSON list or object, element by element, without holding the whole of it.
///
/// ```swift
/// var items = try JSONItems(file)
/// while let item = try items.next() { print(item.number, item.key ?? "", item.bytes.count) }
/// ```
package struct JSONItems {
    /// One element of the list, or one key of the object with its value.
    package struct Item: Sendable {
        /// The key, with escapes resolved; nil in a list.
        package let key: String?
        /// The bytes of the value, from its first to its last.
        package let bytes: [UInt8]
        /// The place among the elements, from 1.
        package let number: Int
        /// The line in the file that the value begins in, from 1.
        package let line: Int
        /// The column that it begins in, in Unicode scalars, from 1.
        package let column: Int
    }

    /// An element longer than this is refused.
    static let longestItem = 1 << 24

    private let path: String
    private let stream: ByteStream
    private var buffer: [UInt8] = []
    private var index = 0
    private var isAtEnd = false
    private var isFinished = false
    private var number = 0
    private var line = 1
    private var column = 1
    private let isObject: Bool

    /// Opens a file at its beginning.
    ///
    /// - Throws: `CorpusError.unreadable`, also where the file is no list and no object.
    package init(_ file: SourceFile) throws(CorpusError) {
        path = file.path
        stream = try file.open()
        // Read to the first byte that matters before `self` is whole.
        var head: [UInt8] = []
        var start = 0
        var blank = 0
        while true {
            let piece = try stream.read()
            if piece.isEmpty { break }
            head += piece
            if start == 0, head.starts(with: [0xEF, 0xBB, 0xBF]) { (start, blank) = (3, 3) }
            if head.count >= 3 {
                if head[blank...].contains(where: { !$0.isJSONSpace }) { break }
                blank = head.count
            }
            guard head.count <= Self.longestItem else {
                throw CorpusError(
                    .unreadable, "begins with more than \(Self.longestItem >> 20) MiB of white space: is it damaged?",
                    file: file.path)
            }
        }
        let opening = head[start...].first { !$0.isJSONSpace }
        isObject = opening == UInt8(ascii: "{")
        buffer = head
        index = start
        _ = try skipSpace()
        guard isObject || opening == UInt8(ascii: "[") else {
            throw failure(
                opening == nil
                    ? "the file holds nothing" : "the file must be one JSON list or object, not lines or values")
        }
        step()
    }

    /// The next element; nil after the last.
    ///
    /// - Throws: `CorpusError.unreadable` with line and column where the list or object is cut short or ill-formed. What is
    ///   wrong inside an element is left to whoever parses it.
    package mutating func next() throws(CorpusError) -> Item? {
        if isFinished { return nil }
        let closing = UInt8(ascii: isObject ? "}" : "]")
        var byte = try filledByte()
        if byte == closing, number == 0 { return try finish() }
        if number > 0 {
            if byte == closing { return try finish() }
            guard byte == UInt8(ascii: ",") else { throw failure("a comma or the end of the whole should stand here") }
            step()
            byte = try filledByte()
        }
        number += 1
        var key: String?
        if isObject {
            key = try self.key(byte)
            guard try filledByte() == UInt8(ascii: ":") else { throw failure("a colon should follow the key") }
            step()
            byte = try filledByte()
        }
        let place = (line: line, column: column)
        let bytes = try value(byte)
        return Item(key: key, bytes: bytes, number: number, line: place.line, column: place.column)
    }

    private mutating func key(_ byte: UInt8) throws(CorpusError) -> String {
        let place = (line: line, column: column)
        guard byte == UInt8(ascii: "\"") else { throw failure("a key in quotes should stand here") }
        let bytes = try value(byte)[...]
        if bytes.firstInvalidUTF8 == nil, case .string(let key)? = try? JSONParser.parse(bytes) { return key }
        throw Self.failure("this is no key: a string in quotes should stand here", place.line, place.column, path)
    }

    /// Takes one value: up to the bracket that closes it, to its closing quote, or to what ends a number or word.
    private mutating func value(_ first: UInt8) throws(CorpusError) -> [UInt8] {
        let place = (line: line, column: column)
        var end = index
        var depth = 0
        var isInString = false
        var isEscaped = false
        let isNested = first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"")
        scan: while true {
            if end == buffer.count {
                guard end - index <= Self.longestItem else {
                    throw failure("the element that begins here is longer than \(Self.longestItem >> 20) MiB")
                }
                end -= index
                let isMore = try more()
                end += index
                guard isMore else {
                    throw Self.failure(
                        "the file ends inside the element that begins here: is it cut short?", place.line, place.column,
                        path)
                }
            }
            // Tight over the bytes at hand: a large file is one element after the other.
            let stop = buffer.withUnsafeBufferPointer { bytes -> Bool in
                while end < bytes.count {
                    let byte = bytes[end]
                    if isInString {
                        end += 1
                        if isEscaped {
                            isEscaped = false
                        } else if byte == UInt8(ascii: "\\") {
                            isEscaped = true
                        } else if byte == UInt8(ascii: "\"") {
                            isInString = false
                            if depth == 0 { return true }
                        }
                        continue
                    }
                    if !isNested {
                        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
                            || byte.isJSONSpace
                        {
                            return true
                        }
                        end += 1
                        continue
                    }
                    end += 1
                    switch byte {
                    case UInt8(ascii: "\""): isInString = true
                    case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                    case UInt8(ascii: "}"), UInt8(ascii: "]"):
                        depth -= 1
                        if depth == 0 { return true }
                    default: continue
                    }
                }
                return false
            }
            if stop { break scan }
        }
        let bytes = Array(buffer[index..<end])
        advance(to: end)
        guard !bytes.isEmpty else { throw failure("a value should stand here") }
        return bytes
    }

    /// Checks that nothing follows the whole.
    private mutating func finish() throws(CorpusError) -> Item? {
        step()
        if try skipSpace() { throw failure("there is more text after the end of the \(isObject ? "object" : "list")") }
        isFinished = true
        return nil
    }

    /// The next byte that is no white space, which is not taken.
    private mutating func filledByte() throws(CorpusError) -> UInt8 {
        guard try skipSpace() else {
            throw failure("the file ends before its \(isObject ? "object" : "list") does: is it cut short?")
        }
        return buffer[index]
    }

    /// Goes on to the next byte that is no white space; false at the end of the file.
    private mutating func skipSpace() throws(CorpusError) -> Bool {
        while true {
            var end = index
            while end < buffer.count, buffer[end].isJSONSpace { end += 1 }
            advance(to: end)
            if index < buffer.count { return true }
            guard try more() else { return false }
        }
    }

    private mutating func step() { advance(to: index + 1) }

    /// Goes on to a place in the buffer and keeps count of lines and columns.
    private mutating func advance(to end: Int) {
        (line, column) = buffer.withUnsafeBufferPointer { [index, line, column] bytes in
            var place = (line: line, column: column)
            for offset in index..<end {
                if bytes[offset] == 0x0A {
                    place = (place.line + 1, 1)
                } else if bytes[offset] & 0xC0 != 0x80 {
                    // Continuation bytes (10xxxxxx) belong to the scalar before them.
                    place.column += 1
                }
            }
            return place
        }
        index = end
    }

    /// Reads another piece behind what is left; false at the end.
    private mutating func more() throws(CorpusError) -> Bool {
        if !isAtEnd { isAtEnd = try !stream.refill(&buffer, from: &index) }
        return !isAtEnd
    }

    private func failure(_ message: String) -> CorpusError { Self.failure(message, line, column, path) }

    private static func failure(_ message: String, _ line: Int, _ column: Int, _ path: String) -> CorpusError {
        CorpusError(.unreadable, "not JSON at line \(line), column \(column): \(message)", file: path)
    }
}

extension UInt8 {
    /// Whether JSON takes the byte for white space.
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}
