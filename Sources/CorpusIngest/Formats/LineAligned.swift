/// Reads files whose lines of one number belong together.
enum LineAligned {
    /// How many lines are taken in hand at a time.
    private static let chunkSize = 1 << 13

    /// Hands the lines of each number to `record`, one of each file, and makes it a record.
    ///
    /// Lines that are blank in all files are passed over with a warning.
    ///
    /// - Throws: `CorpusError.unreadable` where the files have not as many lines as each other: then no line of them can be
    ///   trusted.
    static func read(
        _ parts: [SourceUnit.Part], into sink: RecordSink,
        _ record: @Sendable ([ArraySlice<UInt8>], inout FieldReader) -> [CorpusDocument]
    ) throws {
        var chunk: [[ArraySlice<UInt8>]] = []
        var first = 1
        func work() throws {
            let size = (chunk.count + ParallelBlocks.width - 1) / ParallelBlocks.width
            var number = sink.nextNumber
            var blocks: [(rows: ArraySlice<[ArraySlice<UInt8>]>, line: Int, number: Int)] = []
            for start in stride(from: 0, to: chunk.count, by: max(1, size)) {
                let rows = chunk[start..<min(start + size, chunk.count)]
                blocks.append((rows, first + start, number))
                number += rows.count { !$0.isBlank }
            }
            let (path, isStrict) = (sink.file, sink.isStrict)
            try sink.add(blocks) { block, batch in
                var number = block.number
                for (index, row) in block.rows.enumerated() {
                    let line = block.line + index
                    guard !row.isBlank else {
                        batch.passOver(line: line, CorpusProblem(blankLine: line, of: path))
                        continue
                    }
                    var fields = FieldReader(file: path, line: line, number: number, isStrict: isStrict)
                    let documents = record(row, &fields)
                    batch.add(documents, fields, raw: String(decoding: row[0].prefix(60), as: UTF8.self))
                    number += 1
                }
            }
            first += chunk.count
            chunk.removeAll(keepingCapacity: true)
        }
        try forEach(parts.map(\.file)) { row, _ in
            chunk.append(row)
            if chunk.count == chunkSize { try work() }
        }
        try work()
        if first == 1 {
            sink.note(CorpusProblem(.empty, .warning, file: sink.file, message: "the file holds no record"))
        }
    }

    /// Hands the lines of each number to `body`, with the number.
    ///
    /// - Throws: `CorpusError.unreadable` where the files have not as many lines as each other.
    static func forEach(_ files: [SourceFile], _ body: ([ArraySlice<UInt8>], Int) throws -> Void) throws {
        var readers: [LineReader] = []
        for file in files { readers.append(LineReader(try file.open(), path: file.path)) }
        while true {
            var row: [ArraySlice<UInt8>] = []
            for index in readers.indices {
                if let line = try readers[index].next() { row.append(line) }
            }
            if row.isEmpty { return }
            guard row.count == readers.count else {
                for index in readers.indices { while try readers[index].next() != nil {} }
                throw differing(files, readers.map(\.lines))
            }
            try body(row, readers[0].lines)
        }
    }

    private static func differing(_ files: [SourceFile], _ counts: [Int]) -> CorpusError {
        let other = counts.firstIndex { $0 != counts[0] } ?? 0
        return CorpusError(
            .unreadable,
            "has \(counts[0]) lines, but \(files[other].path) has \(counts[other]): files that are read line by line "
                + "together must have as many as each other", file: files[0].path)
    }
}

extension [ArraySlice<UInt8>] {
    /// Whether there is nothing but blanks and tabs in any of the lines.
    fileprivate var isBlank: Bool { allSatisfy(\.isBlank) }
}

extension CorpusProblem {
    /// A blank line, which is passed over.
    init(blankLine line: Int, of file: String) {
        self.init(.blankLine, .warning, file: file, line: line, message: "the line is blank: it is passed over")
    }
}

extension FieldReader {
    /// The text in bytes; nil, and a fault with its column, where they are not UTF-8.
    mutating func string(_ bytes: ArraySlice<UInt8>, at key: String) -> String? {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let place = TextPosition(of: bytes.firstInvalidUTF8 ?? bytes.startIndex, in: bytes)
        note(
            .encoding, line: (line ?? 1) + place.line - 1, column: place.column,
            "\(key) is not UTF-8 from here on: save the file as UTF-8")
        return nil
    }
}
