/// The keys of the documents read so far, for readings that store nothing; some thirty bytes of memory each.
struct TakenKeys {
    private var places: [Int: (file: Int32, record: Int32)] = [:]
    private var files: [String] = []

    /// Turns documents whose key is taken into rejected records, as storing them would.
    mutating func refuseRepeats(in batch: inout RecordBatch) {
        var repeats: [(document: CorpusDocument, place: String)] = []
        batch.documents = batch.documents.filter { document in
            // By chance two of a million keys share a hash in one of thirty million corpora.
            let key = document.key.hashValue
            if let first = places[key] {
                repeats.append((document, "\(files[Int(first.file)]): record \(first.record)"))
                return false
            }
            if files.last != document.file { files.append(document.file) }
            places[key] = (Int32(files.count - 1), Int32(clamping: document.number))
            return true
        }
        for (document, place) in repeats {
            batch.refuse(
                PreparedDocuments.Place(key: document.key, line: document.line, number: document.number),
                in: document.file, firstAt: place)
        }
    }
}
