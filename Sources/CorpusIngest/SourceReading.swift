import BenchmarkStore
import Foundation

/// Reads the units of a source on a thread of its own, while the batches are used on the caller's.
enum SourceReading {
    /// Reads one unit and hands its batches to `use`, in order.
    ///
    /// - Parameter isForStoring: whether documents are laid out as rows on the reading threads.
    /// - Throws: what reading or `use` throws; nothing goes on in the background then.
    static func read(
        _ unit: SourceUnit, of source: CorpusSource, isForStoring: Bool = false, _ use: (RecordBatch) throws -> Void
    ) throws {
        let queue = BatchQueue()
        let (format, options) = (source.format, source.options)
        let isStrict = format == NativeCorpus.self
        let storedOrigin = isForStoring ? source.manifest.origin : nil
        let thread = Thread {
            let sink = RecordSink(file: unit.file.path, isStrict: isStrict, storedOrigin: storedOrigin) {
                try queue.push($0)
            }
            do {
                try format.init(options).read(unit, into: sink)
                try sink.flush()
                queue.finish()
            } catch {
                queue.finish(error)
            }
        }
        // XML and deep JSON need more than the half megabyte that threads have on some systems.
        thread.stackSize = 8 << 20
        thread.start()
        do {
            while let batch = try queue.next() { try use(batch) }
        } catch {
            queue.cancel()
            queue.waitForEnd()
            throw error
        }
    }
}

extension CorpusSource {
    /// The whole corpus in memory, for checks that look at all of it at once.
    ///
    /// - Throws: `CorpusError.unreadable`; what is wrong with records is in the corpus's problems.
    public func readAll() throws -> Corpus {
        let facts = try FileFacts.of(units)
        var problems = self.problems
        var documents: [CorpusDocument] = []
        var files: [CorpusFile] = []
        var taken = TakenKeys()
        for unit in units {
            var file = FileTally(unit, format: format.about.name, facts: facts)
            try SourceReading.read(unit, of: self) { batch in
                var batch = batch
                taken.refuseRepeats(in: &batch)
                documents += batch.documents
                problems += batch.problems.prefix(max(0, Corpus.mostProblems - problems.count))
                file.add(batch)
            }
            files.append(file.file)
        }
        return Corpus(
            folder: origin, manifest: manifest, files: files, documents: documents, problems: problems,
            contentHash: contentHash(facts))
    }
}

extension RecordBatch {
    /// Lists a document whose key is taken as a rejected record.
    mutating func refuse(_ document: PreparedDocuments.Place, in file: String, firstAt place: String) {
        let problem = CorpusProblem(
            .duplicateID, file: file, line: document.line, number: document.number, record: document.key, key: "id",
            message: "the id \"\(document.key)\" is taken by \(place): give this record another")
        problems.append(problem)
        rejects.append(
            CorpusReject(line: document.line ?? document.number, record: document.key, reason: problem.message))
        rejects.sort { $0.line < $1.line }
    }

    /// How many documents there are, laid out or not.
    var documentCount: Int { prepared.map { $0.rows.count - $0.refused.count } ?? documents.count }
}

/// Adds up what was read of one unit.
struct FileTally {
    /// How many rejected records of a file are listed in memory; `seen` counts them all.
    private static let mostRejects = 100_000

    private(set) var file: CorpusFile

    init(_ unit: SourceUnit, format: String, facts: [SourceFile: FileFacts]) {
        file = CorpusFile(
            path: unit.file.path, format: format, sha256: facts[unit.file]?.sha256 ?? "",
            bytes: facts[unit.file]?.bytes ?? 0, split: unit.split)
    }

    mutating func add(_ batch: RecordBatch) {
        file.seen += batch.records
        file.documents += batch.documentCount
        file.rejected += batch.rejects.count { !$0.record.isEmpty }
        file.rejects += batch.rejects.prefix(max(0, Self.mostRejects - file.rejects.count))
        file.irregularities.append(batch.irregularities)
    }
}
