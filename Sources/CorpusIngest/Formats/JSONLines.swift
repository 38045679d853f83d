import Foundation

/// Reads JSON Lines files: whole lines are parsed and made into documents by several threads at once, in order.
enum JSONLines {
    /// How many bytes a thread takes at a time.
    static let blockSize = 1 << 19

    /// Hands every line's object to `record`, which makes documents of it and notes what is wrong with `fields`.
    ///
    /// A line that is not JSON, not UTF-8 or no object is rejected with its line and column. Blank lines are passed over
    /// with a warning.
    static func read(
        _ file: SourceFile, into sink: RecordSink, skippingLines skipped: Int = 0,
        _ record: @Sendable (JSONObject, inout FieldReader) -> [CorpusDocument]
    ) throws {
        try readLines(file, into: sink, skippingLines: skipped) { line, fields in
            guard let value = fields.json(line), let object = fields.object(value, at: "") else { return [] }
            return record(object, &fields)
        }
    }

    /// Hands every line that is not blank to `record`.
    static func readLines(
        _ file: SourceFile, into sink: RecordSink, skippingLines skipped: Int = 0,
        _ record: @Sendable (ArraySlice<UInt8>, inout FieldReader) -> [CorpusDocument]
    ) throws {
        var lines = LineReader(try file.open(), path: file.path)
        for _ in 0..<skipped { _ = try lines.next() }
        let width = ParallelBlocks.width
        while true {
            var blocks: [(bytes: ArraySlice<UInt8>, firstLine: Int, firstNumber: Int)] = []
            var number = sink.nextNumber
            while blocks.count < width, let block = try lines.nextBlock(blockSize) {
                blocks.append((block.bytes, block.firstLine, number))
                // Only lines with something in them are records.
                number += block.bytes.countOfFilledLines
            }
            if blocks.isEmpty { break }
            let (path, isStrict) = (sink.file, sink.isStrict)
            try sink.add(blocks) { block, batch in
                var number = block.firstNumber
                block.bytes.forEachLine(from: block.firstLine) { line, lineNumber in
                    guard !line.isBlank else {
                        batch.passOver(
                            line: lineNumber,
                            CorpusProblem(
                                .blankLine, .warning, file: path, line: lineNumber,
                                message: "the line is blank: it is passed over"))
                        return
                    }
                    var fields = FieldReader(file: path, line: lineNumber, number: number, isStrict: isStrict)
                    let documents = record(line, &fields)
                    batch.add(documents, fields, raw: String(decoding: line.prefix(60), as: UTF8.self))
                    number += 1
                }
            }
        }
        if lines.lines == 0 {
            sink.note(CorpusProblem(.empty, .warning, file: sink.file, message: "the file holds no record"))
        }
    }
}

extension ArraySlice<UInt8> {
    /// Whether there is nothing but blanks and tabs.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 } }

    /// Calls `body` with each line, without LF or CR LF, and its number.
    package func forEachLine(from first: Int, _ body: (ArraySlice<UInt8>, Int) -> Void) {
        var start = startIndex
        var number = first
        while start < endIndex {
            let end = indexOfLineFeed(from: start) ?? endIndex
            let line = self[start..<end]
            body(line.last == 0x0D ? line.dropLast() : line, number)
            number += 1
            start = end + 1
        }
    }

    /// The place of the next line feed, found by the C library, which looks at many bytes at once.
    func indexOfLineFeed(from start: Int) -> Int? {
        withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, start < endIndex else { return nil }
            let from = base + (start - startIndex)
            return memchr(from, 0x0A, endIndex - start).map { start + (UnsafeRawPointer($0) - from) }
        }
    }

    /// How many lines are not blank.
    var countOfFilledLines: Int {
        var count = 0
        forEachLine(from: 1) { line, _ in if !line.isBlank { count += 1 } }
        return count
    }
}

extension FieldReader {
    /// The JSON value in the bytes that begin at a column of the record's line; nil, and a fault with its place, where it
    /// is none.
    mutating func json(_ bytes: ArraySlice<UInt8>, column first: Int = 1) -> JSONValue? {
        if let offset = bytes.firstInvalidUTF8 {
            let place = TextPosition(of: offset, in: bytes)
            note(
                .encoding, line: (line ?? 1) + place.line - 1,
                column: place.line == 1 ? place.column + first - 1 : place.column,
                "the text is not UTF-8 from here on: save the file as UTF-8")
            return nil
        }
        do {
            return try JSONParser.parse(bytes)
        } catch {
            note(
                .syntax, line: (line ?? 1) + error.line - 1,
                column: error.line == 1 ? error.column + first - 1 : error.column, "not JSON: \(error.message)")
            return nil
        }
    }
}
