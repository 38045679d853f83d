/// Reads whole delimited files into a sink: records are made into documents by several threads at once, in order.
enum DelimitedRecords {
    /// How many records a thread takes at a time, and about how many bytes.
    static let blockSize = (records: 256, bytes: 1 << 20)

    /// Hands every sound record to `record`, which makes documents of it and notes what is wrong with `fields`.
    ///
    /// Records with a fault are rejected with their line and column. Blank lines are passed over with a warning.
    ///
    /// - Throws: `CorpusError.unreadable` where one of the required columns is missing, with those that there are.
    static func read(
        _ file: SourceFile, _ dialect: DelimitedReader.Dialect, columns: [String] = [], into sink: RecordSink,
        _ record: @Sendable (DelimitedRecord, inout FieldReader) -> [CorpusDocument]
    ) throws {
        var reader = try DelimitedReader(file, dialect)
        try require(columns, in: reader.header.names, of: file)
        var isEmpty = true
        var isOpen = true
        while isOpen {
            var blocks: [[DelimitedRecord]] = []
            while isOpen, blocks.count < ParallelBlocks.width {
                var block: [DelimitedRecord] = []
                var size = 0
                while block.count < blockSize.records, size < blockSize.bytes {
                    guard let next = try reader.next() else {
                        isOpen = false
                        break
                    }
                    size += next.fields.reduce(0) { $0 + $1.utf8.count }
                    block.append(next)
                }
                if !block.isEmpty { blocks.append(block) }
            }
            let (path, isStrict) = (sink.file, sink.isStrict)
            isEmpty = isEmpty && blocks.isEmpty
            try sink.add(blocks) { block, batch in
                for item in block { add(item, path: path, isStrict: isStrict, to: &batch, record) }
            }
        }
        if isEmpty { sink.note(CorpusProblem(.empty, .warning, file: sink.file, message: "the file holds no record")) }
    }

    /// Checks that a file has some columns.
    ///
    /// - Throws: `CorpusError.unreadable` naming those that are missing and those that there are.
    static func require(_ columns: [String], in names: [String], of file: SourceFile) throws(CorpusError) {
        let missing = columns.filter { !names.contains($0) }
        guard !missing.isEmpty else { return }
        func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }
        throw CorpusError(
            .unreadable,
            "has no column \(list(missing)): " + (names.isEmpty ? "it is empty" : "its columns are \(list(names))"),
            file: file.path)
    }

    private static func add(
        _ item: DelimitedRecord, path: String, isStrict: Bool, to batch: inout RecordBatch,
        _ record: (DelimitedRecord, inout FieldReader) -> [CorpusDocument]
    ) {
        if item.isBlank {
            batch.passOver(
                line: item.line,
                CorpusProblem(
                    .blankLine, .warning, file: path, line: item.line, message: "the line is blank: it is passed over"))
            return
        }
        var fields = FieldReader(file: path, line: item.line, number: item.number, isStrict: isStrict)
        var documents: [CorpusDocument] = []
        if let fault = item.fault {
            fields.note(fault.code, line: fault.line, column: fault.column, fault.message)
        } else {
            if item.hasLooseQuotes { fields.note(.looseQuotes) }
            documents = record(item, &fields)
        }
        batch.add(documents, fields, raw: item.fields.joined(separator: " "))
    }
}

extension Irregularity {
    /// A quote stands in a field where the rules of CSV allow none.
    static let looseQuotes = Irregularity("loose-quotes", "a quote stands where CSV allows none; it was kept as text")
}
