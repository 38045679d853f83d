/// Source lines that stand more than once in line-aligned files: all their translations belong to the first of them.
///
/// Memory grows by eight bytes a line, and by the texts of the lines that repeat.
struct RepeatedSources: Sendable {
    /// The lines that share a source text.
    struct Group: Sendable {
        /// The first line that can become a document, from 1.
        let line: Int
        /// The translations of all the lines, each text once, in the order of the lines; for each target.
        fileprivate(set) var references: [[String]]
        /// Whether a translation came twice.
        fileprivate(set) var hasSameReferences = false
    }

    private var groups: [String: Group] = [:]

    /// The group of a source text; nil for one that stands in the files once.
    subscript(source: String) -> Group? { groups[source] }

    /// Reads the files, the source first, to find what repeats.
    ///
    /// - Throws: `CorpusError.unreadable`.
    init(in parts: [SourceUnit.Part]) throws {
        let repeated = try Self.repeatedHashes(in: parts[0].file)
        guard !repeated.isEmpty else { return }
        try LineAligned.forEach(parts.map(\.file)) { row, line in
            guard let hash = Self.hash(row[0]), repeated.contains(hash) else { return }
            var fields = FieldReader(file: "", isStrict: false)
            guard let pair = fields.pair(row, parts) else { return }
            var group = groups[pair.source] ?? Group(line: line, references: pair.targets.map { _ in [] })
            for (index, target) in pair.targets.enumerated() {
                guard let target else { continue }
                if group.references[index].contains(target) {
                    group.hasSameReferences = true
                } else {
                    group.references[index].append(target)
                }
            }
            groups[pair.source] = group
        }
    }

    private static func repeatedHashes(in file: SourceFile) throws -> Set<Int> {
        var hashes: [Int] = []
        try LineAligned.forEach([file]) { row, _ in
            if let hash = hash(row[0]) { hashes.append(hash) }
        }
        hashes.sort()
        var repeated: Set<Int> = []
        for (hash, next) in zip(hashes, hashes.dropFirst()) where hash == next { repeated.insert(hash) }
        return repeated
    }

    /// The hash of a line's cleaned text; nil for a line without any.
    private static func hash(_ line: ArraySlice<UInt8>) -> Int? {
        guard let raw = String(validating: line, as: UTF8.self) else { return nil }
        let text = CorpusText.cleaned(raw)
        return text.isEmpty ? nil : text.hashValue
    }
}
