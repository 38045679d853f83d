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
    /// Who wrote texts that do not say it, where documents are to be laid out for storing; nil leaves them as they are.
    let storedOrigin: String?

    /// How many documents are passed on at a time, and about how many bytes of text.
    static let batchSize = (documents: 512, bytes: 1 << 22)
    /// The text of the documents that wait.
    private var waiting = 0

    init(file: String, isStrict: Bool, storedOrigin: String? = nil, deliver: @escaping (RecordBatch) throws -> Void) {
        self.file = file
        self.isStrict = isStrict
        self.storedOrigin = storedOrigin
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
        for document in documents {
            waiting += document.versions.reduce(document.text.utf8.count) { $0 + $1.text.utf8.count }
        }
        if batch.documents.count >= Self.batchSize.documents || waiting >= Self.batchSize.bytes { try flush() }
    }

    /// Makes a batch of each block, side by side, and adds them in the order of the blocks.
    ///
    /// - Parameter fill: adds the block's records to its batch; called on several threads.
    func add<Block: Sendable>(_ blocks: [Block], _ fill: @Sendable (Block, inout RecordBatch) -> Void) throws {
        try flush()
        let storedOrigin = storedOrigin
        let batches = ParallelBlocks.map(blocks) { block in
            var batch = RecordBatch()
            fill(block, &batch)
            if let storedOrigin { batch.prepare(origin: storedOrigin) }
            return batch
        }
        for var batch in batches {
            nextNumber += batch.records
            batch.countUnlisted()
            try deliver(batch)
        }
    }

    /// Notes something about the file as a whole.
    func note(_ problem: CorpusProblem) { batch.problems.append(problem) }

    /// Passes on what is left.
    func flush() throws {
        guard !batch.isEmpty else { return }
        if let storedOrigin { batch.prepare(origin: storedOrigin) }
        batch.countUnlisted()
        try deliver(batch)
        batch = RecordBatch()
        waiting = 0
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
    /// The documents laid out for storing, once they are; `documents` is empty then.
    var prepared: PreparedDocuments?

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

    /// Lays the documents out for storing; texts that do not say who wrote them are by `origin`.
    mutating func prepare(origin: String) {
        prepared = PreparedDocuments(documents, origin: origin)
        documents = []
    }

    /// So many lines without a record are listed; a file of line feeds alone is no list of them.
    private static let listedLines = 1_000
    private var linesWithoutRecord = 0
    private var lastUnlisted: CorpusProblem?

    /// Says how many lines without a record were not listed one by one.
    mutating func countUnlisted() {
        guard var problem = lastUnlisted else { return }
        let count = linesWithoutRecord - Self.listedLines
        problem.message = "up to here \(count) further lines without a record are passed over: \(problem.message)"
        problems.append(problem)
        lastUnlisted = nil
    }

    /// Adds a line that holds no record, such as a blank one: it is listed, if not one of very many, but has no number.
    mutating func passOver(line: Int, _ problem: CorpusProblem) {
        linesWithoutRecord += 1
        guard linesWithoutRecord <= Self.listedLines else { return lastUnlisted = problem }
        problems.append(problem)
        rejects.append(CorpusReject(line: line, record: "", reason: problem.message))
    }
}

/// The documents of a batch as rows, with what is still to be known of them.
struct PreparedDocuments: Sendable {
    /// What an error or a rejection says of a document.
    struct Place: Sendable {
        let key: String
        let line: Int?
        let number: Int
        var kind = DocumentKind.dialogue
        var texts = 0
    }

    private(set) var rows = DocumentRows()
    private(set) var places: [Place] = []
    /// The documents that were not stored, by their places here.
    var refused: [Int] = []

    init(_ documents: [CorpusDocument], origin: String) {
        places.reserveCapacity(documents.count)
        for document in documents {
            rows.append(document.contents(origin: origin))
            places.append(
                Place(
                    key: document.key, line: document.line, number: document.number, kind: document.kind,
                    texts: document.versions.count))
        }
    }
}
