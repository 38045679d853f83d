import BenchmarkStore

/// SATED: sentences of TED talks with their talk, lower-cased and tokenised.
public struct SATED: SourceFormat {
    public static let about = FormatDescription(
        name: "sated", title: "SATED line-aligned files", yields: "sentence pairs with the talk that they come from",
        layout: """
            A folder for each pair with `test.en`, `test.de` and `test.usr`, line by line the same sentence and the talk that \
            it comes from (likewise `train`, `dev`). The text is lower-cased and tokenised as Moses does it, with escapes \
            such as `&apos;`; `--detokenise` takes back the escapes and the tokeniser's blanks, but no capitals.
            """,
        dataset: DatasetFacts(
            name: "sated", version: "0.9.0",
            description: "Sentences of TED talks with their speakers, lower-cased and tokenised.",
            licence: "CC-BY-NC-ND-4.0",
            citation: "Michel and Neubig. Extreme Adaptation for Personalized Neural Machine Translation. ACL 2018."))

    /// The label of the file of talks.
    private static let talks = "usr"

    private let detokenises: Bool

    public init(_ options: SourceOptions) { detokenises = options.detokenise }

    public static func recognises(_ probe: FileProbe) -> Bool {
        let names = probe.file.siblingNames
        if let stem = stem(ofTalks: probe.name) {
            return names.contains { ParallelName($0)?.stem == stem }
        }
        guard let name = ParallelName(probe.name) else { return false }
        return names.contains { stem(ofTalks: $0) == name.stem }
    }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        ParallelName.groups(of: files, options).compactMap { group in
            let source = group.parts[0].file
            guard let talks = files.first(where: { $0.folder == source.folder && stem(ofTalks: $0.name) == group.stem })
            else { return nil }
            return SourceUnit(
                group.parts + [SourceUnit.Part(Self.talks, talks)],
                split: options.split ?? SplitName.split(inNameOf: source))
        }
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(languages: units.languages(but: [talks]))
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let parts = Array(unit.parts.dropLast())
        let prefix = unit.file.keyPrefix(stem: ParallelName(unit.file.name)?.stem ?? unit.file.name)
        let detokenises = detokenises
        try LineAligned.read(unit.parts, into: sink) { row, fields in
            let line = fields.line ?? 1
            let key = "\(prefix)-\(line)"
            fields.record = key
            guard let talk = fields.string(row[parts.count], at: Self.talks),
                let (source, targets) = fields.pair(Array(row.dropLast()), parts)
            else { return [] }
            if targets.contains(nil) { fields.note(.noReference) }
            let versions = zip(parts.dropFirst(), targets).compactMap { part, target in
                target.map {
                    CorpusVersion(
                        role: .translation, variantKind: .language, variant: part.label,
                        text: fields.plain($0, language: part.label, detokenises: detokenises))
                }
            }
            return [
                CorpusDocument(
                    kind: .sentence, key: key,
                    topic: fields.optional(talk, at: Self.talks, oneLine: true)?.replacing("_", with: " ") ?? "",
                    text: fields.plain(source, language: parts[0].label, detokenises: detokenises), versions: versions,
                    split: unit.split, file: fields.file, line: line, number: fields.number ?? line)
            ]
        }
    }

    /// The stem of a file of talks: `test` for `test.usr`.
    private static func stem(ofTalks name: String) -> String? {
        name.hasSuffix("." + talks) ? String(name.dropLast(talks.count + 1)) : nil
    }
}
