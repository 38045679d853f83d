import BenchmarkStore
import TextSafety

/// Reads the records of a comma- or tab-separated file in a stream, as RFC 4180 has them.
///
/// A field may stand in quotes: delimiters and line breaks are text there, and a quote is written twice. Records end with
/// LF or CR LF, whichever stands there; a CR alone is text. A byte order mark is taken off. Beyond the RFC, a quote inside
/// a field without quotes is text, and so is what follows a closing quote; such records are marked.
///
/// ```swift
/// var reader = try DelimitedReader(file, .tsv)
/// while let record = try reader.next() { print(record.number, record["input"] ?? "") }
/// ```
package struct DelimitedReader {
    /// How the fields of a file are told apart.
    package struct Dialect: Hashable, Sendable {
        /// The byte between two fields.
        package var delimiter: UInt8
        /// Whether fields may stand in quotes; if not, a quote is text like any other.
        package var hasQuotes: Bool
        /// Whether the first record names the columns.
        package var hasHeader: Bool

        /// A dialect; by default with quotes and a header.
        package init(delimiter: UInt8, hasQuotes: Bool = true, hasHeader: Bool = true) {
            self.delimiter = delimiter
            self.hasQuotes = hasQuotes
            self.hasHeader = hasHeader
        }

        /// Commas.
        package static let csv = Dialect(delimiter: UInt8(ascii: ","))
        /// Tabs, with CSV's quotes.
        package static let tsv = Dialect(delimiter: UInt8(ascii: "\t"))
    }

    /// A record longer than this is refused: a quote that is never closed must not fill the memory.
    static let longestRecord = 1 << 24
    /// More fields than this make a record wrong, and a header unreadable.
    static let mostFields = 1 << 14

    /// The names of the columns; without a header none.
    package private(set) var header = DelimitedHeader([])
    /// How many fields a record must have; 0 until the first one is read.
    package private(set) var width = 0

    private let dialect: Dialect
    private let path: String
    private let stream: ByteStream
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    private var line = 1
    private var number = 1
    private var fields: [FieldBytes] = []

    /// Opens a file and reads its header.
    ///
    /// - Throws: `CorpusError.unreadable`, also for a header that is not UTF-8 or whose quotes are never closed.
    package init(_ file: SourceFile, _ dialect: Dialect) throws(CorpusError) {
        self.dialect = dialect
        path = file.path
        stream = try file.open()
        while buffer.count < 3, try more() {}
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        guard dialect.hasHeader, let names = try next() else { return }
        if let fault = names.fault {
            throw CorpusError(.unreadable, "line \(fault.line), the header: \(fault.message)", file: path)
        }
        header = DelimitedHeader(names.fields)
        number = 1
    }

    /// The next record; nil after the last. Blank lines come too, marked as such.
    ///
    /// - Throws: `CorpusError.unreadable` for a fault of the disk or a record that has no end.
    package mutating func next() throws(CorpusError) -> DelimitedRecord? {
        while true {
            guard start < buffer.count || !isAtEnd else { return nil }
            var found: [FieldBytes] = []
            swap(&found, &fields)
            let scanned = buffer.withUnsafeBufferPointer { [start, isAtEnd, dialect] bytes in
                Self.scan(bytes, from: start, isAtEnd: isAtEnd, dialect, into: &found)
            }
            swap(&found, &fields)
            guard let scanned else {
                guard buffer.count - start <= Self.longestRecord else {
                    throw CorpusError(
                        .unreadable,
                        "the record in line \(line) is longer than \(Self.longestRecord >> 20) MiB: is a quote never "
                            + "closed there?", file: path)
                }
                // What is there is scanned again with twice as much behind it, so the whole stays linear.
                let wanted = max(1, 2 * (buffer.count - start))
                while buffer.count - start < wanted, try more() {}
                continue
            }
            return record(scanned)
        }
    }

    /// A field's bytes in the buffer.
    private struct FieldBytes {
        enum Form { case plain, doubledQuotes, loose }
        let range: Range<Int>
        let form: Form
    }

    private struct Scanned {
        /// Where the next record begins.
        var end: Int
        /// How many line breaks it holds, its own end included.
        var lines: Int
        /// Where the quote stands that is never closed.
        var openQuote: Int?
        var hasLooseQuotes = false
        /// How many fields it has, those included that are not kept for their number.
        var fields = 0
    }

    // record = field *( delimiter field ) ( LF / CR LF / end of file )
    // field  = quote *( any but quote / quote quote ) quote / *( any but delimiter and LF )
    /// Finds the fields of one record; nil where more bytes are needed to find its end.
    private static func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, isAtEnd: Bool, _ dialect: Dialect,
        into fields: inout [FieldBytes]
    ) -> Scanned? {
        let quote = UInt8(ascii: "\"")
        let (lineFeed, carriageReturn): (UInt8, UInt8) = (0x0A, 0x0D)
        let (delimiter, hasQuotes, count) = (dialect.delimiter, dialect.hasQuotes, bytes.count)
        var found = Scanned(end: start, lines: 0)
        var index = start
        fields.removeAll(keepingCapacity: true)
        while true {
            var first = index
            var form = FieldBytes.Form.plain
            var closed: Int?
            if hasQuotes, index < count, bytes[index] == quote {
                first += 1
                index += 1
                while true {
                    while index < count, bytes[index] != quote {
                        if bytes[index] == lineFeed { found.lines += 1 }
                        index += 1
                    }
                    if index + 1 < count, bytes[index + 1] == quote {
                        form = .doubledQuotes
                        index += 2
                        continue
                    }
                    if index + 1 >= count, !isAtEnd { return nil }
                    break
                }
                if index >= count {
                    found.openQuote = first - 1
                } else {
                    closed = index
                    index += 1
                }
            }
            let rest = index
            var hasInnerQuote = false
            while index < count, bytes[index] != delimiter, bytes[index] != lineFeed {
                if bytes[index] == quote { hasInnerQuote = true }
                index += 1
            }
            if index >= count, !isAtEnd { return nil }
            var last = index
            if last > rest, index >= count || bytes[index] == lineFeed, bytes[last - 1] == carriageReturn { last -= 1 }
            if let closed {
                if last > rest {
                    form = .loose
                    found.hasLooseQuotes = true
                } else {
                    last = closed
                }
            } else if hasInnerQuote, hasQuotes {
                found.hasLooseQuotes = true
            }
            found.fields += 1
            // A row of delimiters alone takes far more memory as fields than as bytes.
            if found.fields <= mostFields {
                fields.append(FieldBytes(range: first..<max(first, last), form: form))
            }
            if index >= count {
                found.end = count
                return found
            }
            index += 1
            if bytes[index - 1] == lineFeed {
                found.end = index
                found.lines += 1
                return found
            }
        }
    }

    private mutating func record(_ found: Scanned) -> DelimitedRecord {
        let bytes = buffer[start..<found.end]
        let isBlank = fields.count == 1 && fields[0].range.isEmpty && fields[0].range.lowerBound == start
        var isSound = true
        var hasEndlessMarks = false
        let count = found.fields
        let texts = fields.map { field in
            let bytes = self.bytes(of: field)
            if let text = String(validating: bytes, as: UTF8.self) {
                guard text.hasEndlessMarks else { return text }
                hasEndlessMarks = true
                return ""
            }
            isSound = false
            return String(decoding: bytes, as: UTF8.self)
        }
        var record = DelimitedRecord(
            header: header, fields: texts, number: number, line: line, isBlank: isBlank,
            hasLooseQuotes: found.hasLooseQuotes)
        if let quote = found.openQuote {
            let place = TextPosition(of: quote, in: bytes)
            record.fault = DelimitedRecord.Fault(
                code: .syntax, line: line + place.line - 1, column: place.column,
                message: "the quote that opens here is never closed: close it, or double it if it is text")
        } else if !isSound, let offset = bytes.firstInvalidUTF8 {
            let place = TextPosition(of: offset, in: bytes)
            record.fault = DelimitedRecord.Fault(
                code: .encoding, line: line + place.line - 1, column: place.column,
                message: "the text is not UTF-8 from here on: save the file as UTF-8")
        } else if hasEndlessMarks {
            record.fault = DelimitedRecord.Fault(
                code: .badValue, line: line, column: 1, message: CorpusText.endlessMarks)
        } else if count > Self.mostFields {
            record.fault = DelimitedRecord.Fault(
                code: .badValue, line: line, column: 1,
                message: "there are \(count) fields; at most \(Self.mostFields) are read: is the delimiter another one?"
            )
        } else if !isBlank {
            if width == 0 { width = count }
            if count != width {
                record.fault = DelimitedRecord.Fault(
                    code: .badValue, line: line, column: 1,
                    message: "the record has \(count) field\(count == 1 ? "" : "s") where the "
                        + "\(dialect.hasHeader ? "header" : "first record") has \(width): is a quote or a delimiter missing?"
                )
            }
        }
        line += found.lines
        start = found.end
        if !isBlank { number += 1 }
        return record
    }

    /// A field's text as bytes, without its quotes.
    private func bytes(of field: FieldBytes) -> ArraySlice<UInt8> {
        let bytes = buffer[field.range]
        guard field.form != .plain else { return bytes }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var isInQuotes = true
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "\""), isInQuotes {
                // In quotes two make one; one alone closes them, and the rest is text as it stands.
                if index < bytes.endIndex, bytes[index] == byte { index += 1 } else { isInQuotes = false; continue }
            }
            text.append(byte)
        }
        return text[...]
    }

    /// Reads another piece behind what is left; false at the end.
    private mutating func more() throws(CorpusError) -> Bool {
        if !isAtEnd { isAtEnd = try !stream.refill(&buffer, from: &start) }
        return !isAtEnd
    }
}
