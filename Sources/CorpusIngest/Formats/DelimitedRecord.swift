import BenchmarkStore

/// The names of the columns of a delimited file.
package struct DelimitedHeader: Sendable {
    /// The names, in the order of the file, without blanks at their ends.
    package let names: [String]
    private let places: [String: Int]

    /// A header; of columns with one name the first counts.
    package init(_ names: [String]) {
        self.names = names.map { CorpusText.cleaned($0) }
        places = Dictionary(zip(self.names, 0...), uniquingKeysWith: { first, _ in first })
    }

    /// The place of a column, from 0.
    package subscript(name: String) -> Int? { places[name] }
}

/// One record of a delimited file.
package struct DelimitedRecord: Sendable {
    /// What keeps a record from being read.
    package struct Fault: Hashable, Sendable {
        /// `encoding`, `syntax` for a quote without end, `badValue` for a wrong number of fields.
        package let code: CorpusProblem.Code
        /// The line in the file, from 1.
        package let line: Int
        /// The column in Unicode scalars, from 1.
        package let column: Int
        /// What is wrong and what to do.
        package let message: String
    }

    /// The names of the columns; none without a header.
    package let header: DelimitedHeader
    /// The fields as they stand, without quotes.
    package let fields: [String]
    /// The place among the records, from 1, the header and blank lines not counted.
    package let number: Int
    /// The line that it begins in, from 1.
    package let line: Int
    /// Whether it is a line without anything.
    package let isBlank: Bool
    /// Whether a quote stands where the rules allow none.
    package let hasLooseQuotes: Bool
    /// What is wrong with it; nil for a sound record.
    package internal(set) var fault: Fault?

    /// The field of a column; nil where there is no such column, or the record ends before it.
    package subscript(column: String) -> String? {
        header[column].flatMap { fields.indices.contains($0) ? fields[$0] : nil }
    }
}

/// Reads whole delimited files into a sink: records are made into documents by several threads at once, in order.
enum DelimitedRecords {
    /// How many records a thread takes at a time.
    static let blockSize = 256

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
                while block.count < blockSize, let next = try reader.next() { block.append(next) }
                isOpen = block.count == blockSize
                if !block.isEmpty { blocks.append(block) }
            }
            let (path, isStrict) = (sink.file, sink.isStrict)
            let batches = ParallelBlocks.map(blocks) { block in
                var batch = RecordBatch()
                for item in block { add(item, path: path, isStrict: isStrict, to: &batch, record) }
                return batch
            }
            for batch in batches {
                isEmpty = false
                try sink.add(batch)
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
