import BenchmarkStore

/// Takes the records of one unit from a format's reader, in order, and passes them on in batches.
///
/// ```swift
/// var fields = sink.fields()
/// let document = fields.text("summary", of: object).map { … }
/// try sink.add(document, fields, raw: line)
/// ```
public final class RecordSink {
    /// The unit's file, by its path in the corpus.
    let file: String
    /// Whether oddities of texts are errors.
    let isStrict: Bool
    /// The number of the next record, from 1.
    private(set) var nextNumber = 1

    private var batch = RecordBatch()
    private let deliver: (RecordBatch) throws -> Void

    /// How many documents are passed on at a time.
    static let batchSize = 512

    init(file: String, isStrict: Bool, deliver: @escaping (RecordBatch) throws -> Void) {
        self.file = file
        self.isStrict = isStrict
        self.deliver = deliver
    }

    /// A reader of the next record's values, which notes what is wrong or odd about it.
    func fields(line: Int? = nil) -> FieldReader {
        FieldReader(file: file, line: line, number: nextNumber, isStrict: isStrict)
    }

    /// Adds the next record: its documents, or, where it has an error, its rejection.
    ///
    /// - Parameters:
    ///   - documents: what the record yields; not kept where `fields` holds an error.
    ///   - fields: the reader that `fields(line:)` gave, with its notes.
    ///   - raw: the beginning of the record, which names it where it has no key.
    func add(_ documents: [CorpusDocument], _ fields: FieldReader, raw: @autoclosure () -> String = "") throws {
        batch.add(documents, fields, raw: raw())
        nextNumber += 1
        if batch.documents.count >= Self.batchSize { try flush() }
    }

    /// Adds a batch whose records follow those so far, made elsewhere.
    func add(_ batch: RecordBatch) throws {
        try flush()
        nextNumber += batch.records
        try deliver(batch)
    }

    /// Notes something about the file as a whole.
    func note(_ problem: CorpusProblem) { batch.problems.append(problem) }

    /// Passes on what is left.
    func flush() throws {
        guard !batch.isEmpty else { return }
        try deliver(batch)
        batch = RecordBatch()
    }
}

/// Some records of one file in a row: what became of them.
struct RecordBatch: Sendable {
    /// The documents, in order.
    var documents: [CorpusDocument] = []
    /// The records that are not kept.
    var rejects: [CorpusReject] = []
    /// Faults and warnings.
    var problems: [CorpusProblem] = []
    /// What was odd or was changed.
    var irregularities = IrregularityLog()
    /// How many records these are, rejects included.
    var records = 0

    var isEmpty: Bool { records == 0 && problems.isEmpty }

    /// Adds a record: its documents, or its rejection where it has an error.
    mutating func add(_ found: [CorpusDocument], _ fields: FieldReader, raw: @autoclosure () -> String) {
        records += 1
        problems += fields.problems
        let number = fields.number ?? 1
        for irregularity in fields.irregularities { irregularities.note(irregularity, record: number) }
        if fields.isSound {
            documents += found
        } else {
            let errors = fields.problems.filter { $0.severity == .error }
            let raw = raw().prefix(60)
            rejects.append(
                CorpusReject(
                    line: fields.line ?? number,
                    record: fields.record ?? (raw.isEmpty ? "record \(number)" : String(raw)),
                    reason: errors.map(\.message).joined(separator: "; ")))
        }
    }

    /// Adds a line that holds no record, such as a blank one: it is listed but has no number.
    mutating func passOver(line: Int, _ problem: CorpusProblem) {
        problems.append(problem)
        rejects.append(CorpusReject(line: line, record: "", reason: problem.message))
    }
}
