import BenchmarkStore

/// Line-aligned text files, one a language; known data sets of that form add their facts and the names of their files.
public protocol ParallelFormat: SourceFormat {
    /// Whether the files of a stem are of this data set; `file` is one of them.
    static func isOwn(_ stem: String, file: SourceFile) -> Bool

    /// The official split of files whose names tell none.
    static var officialSplit: Split? { get }
}

extension ParallelFormat {
    public static var officialSplit: Split? { nil }

    /// A file with a language in its name is known only where another language of the same text lies beside it.
    public static func recognises(_ probe: FileProbe) -> Bool {
        guard let name = ParallelName(probe.name), isOwn(name.stem, file: probe.file) else { return false }
        return probe.file.siblingNames.contains { sibling in
            ParallelName(sibling).map { $0.stem == name.stem && $0.language != name.language } ?? false
        }
    }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        let units = ParallelName.groups(of: files, options).map { group in
            SourceUnit(
                group.parts,
                split: options.split ?? SplitName.split(inNameOf: group.parts[0].file) ?? officialSplit)
        }
        guard units.isEmpty, let file = files.first else { return units }
        throw CorpusError(
            .unknownFormat,
            "no file in the source language \"\(options.language ?? "en")\" and one in another share a stem: give both, "
                + "or say which language is the source with --language", file: file.path)
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(languages: units.languages())
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let parts = unit.parts
        let repeated = try RepeatedSources(in: parts)
        let prefix = unit.file.keyPrefix(stem: ParallelName(unit.file.name)?.stem ?? unit.file.name)
        try LineAligned.read(parts, into: sink) { row, fields in
            let line = fields.line ?? 1
            fields.record = "\(prefix)-\(line)"
            guard let (source, targets) = fields.pair(row, parts) else { return [] }
            if targets.contains(nil) { fields.note(.noReference) }
            let group = repeated[source]
            if let group {
                guard group.line == line else {
                    fields.note(.repeatedSource)
                    return []
                }
                if group.hasSameReferences { fields.note(.sameReferences) }
            }
            let references = group?.references ?? targets.map { [$0].compactMap(\.self) }
            var versions: [CorpusVersion] = []
            for (part, texts) in zip(parts.dropFirst(), references) {
                versions += texts.map {
                    CorpusVersion(role: .translation, variantKind: .language, variant: part.label, text: $0)
                }
            }
            return [
                CorpusDocument(
                    kind: .sentence, key: "\(prefix)-\(line)", text: source, versions: versions, split: unit.split,
                    file: fields.file, line: line, number: fields.number ?? line)
            ]
        }
    }
}

extension FieldReader {
    /// The source text and its translations, nil for an empty one; nothing, and a fault, where either side has no text.
    mutating func pair(
        _ row: [ArraySlice<UInt8>], _ parts: [SourceUnit.Part]
    ) -> (source: String, targets: [String?])? {
        var texts: [String?] = []
        for (line, part) in zip(row, parts) {
            guard let raw = string(line, at: part.label) else { return nil }
            texts.append(optional(raw, at: part.label))
        }
        guard let source = texts[0], texts.dropFirst().contains(where: { $0 != nil }) else {
            let empty = texts[0] == nil ? parts[0].label : parts.dropFirst().map(\.label).joined(separator: ", ")
            note(.empty, at: empty, "\(empty) is empty: write it or take the line out of all files")
            return nil
        }
        return (source, Array(texts.dropFirst()))
    }
}

extension Irregularity {
    /// A source line stands earlier in the file too.
    static let repeatedSource = Irregularity(
        "repeated-source", "the source text stands on an earlier line: the translation is a further reference there")
}
