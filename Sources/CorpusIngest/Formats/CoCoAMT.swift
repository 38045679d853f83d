import BenchmarkStore

/// CoCoA-MT: English messages, each with a formal and an informal translation by a person.
public struct CoCoAMT: SourceFormat {
    public static let about = FormatDescription(
        name: "cocoa-mt", title: "CoCoA-MT line-aligned files", yields: "sentences, formal and informal translations",
        layout: """
            Line-aligned text files whose names begin with `formality-control`, the split, the domain and the pair. In test \
            files the source ends there, and `.formal`, `.informal` follow; in train files the language comes last: \
            `….en-de.en`, `….en-de.formal.de`. The `.feminine` files beside them give a further reference where they \
            differ; the `.annotated` files, the same texts with marks, are not read. The two manners become \
            the languages `de-x-formal` and `de-x-informal`.
            """,
        dataset: DatasetFacts(
            name: "cocoa-mt", version: "1.0",
            description: "English messages and telephone calls with formal and informal translations by professionals.",
            licence: "CDLA-Sharing-1.0",
            citation: "Nadejde et al. CoCoA-MT: A Dataset and Benchmark for Contrastive Controlled MT with Application "
                + "to Formality. Findings of NAACL 2022."))

    private static let manners = ["formal", "informal"]

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool { Name(probe.name) != nil }

    public static func units(among files: [SourceFile], _ options: SourceOptions) throws(CorpusError) -> [SourceUnit] {
        var units: [SourceUnit] = []
        let wanted = options.languages.map { Set($0.map(\.code)) }
        for source in files {
            guard let name = Name(source.name), name.role == [] else { continue }
            var parts = [SourceUnit.Part("en", source)]
            for role in manners.flatMap({ [[$0], [$0, "feminine"]] }) {
                let part = files.first { file in
                    file.folder == source.folder
                        && Name(file.name).map { $0.stem == name.stem && $0.role == role } ?? false
                }
                let isWanted = wanted?.contains(variant(label(name.language, role))) ?? true
                if let part, isWanted { parts.append(SourceUnit.Part(label(name.language, role), part)) }
            }
            guard parts.count > 1 else { continue }
            units.append(SourceUnit(parts, split: options.split ?? SplitName.split(inNameOf: source)))
        }
        return units
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        let codes = Set(units.flatMap { $0.parts.dropFirst().map { variant($0.label) } })
        return SourceTargets(
            languages: codes.sorted().map { code in
                let parts = code.split(separator: "-").map(String.init)
                return CorpusManifest.Language(
                    code: code, name: "\(parts.last ?? "") \(LanguageName.english(parts.first ?? ""))")
            })
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let parts = unit.parts
        guard let name = Name(unit.file.name) else { return }
        try LineAligned.read(parts, into: sink) { row, fields in
            let line = fields.line ?? 1
            let key = "\(name.key)-\(line)"
            fields.record = key
            guard let (source, targets) = fields.pair(row, parts) else { return [] }
            if targets.contains(nil) { fields.note(.noReference) }
            var texts: [String: [String]] = [:]
            for (part, target) in zip(parts.dropFirst(), targets) {
                guard let target, texts[Self.variant(part.label)]?.contains(target) != true else { continue }
                texts[Self.variant(part.label), default: []].append(target)
            }
            let manners = Self.manners.map { Self.label(name.language, [$0]) }
            if let formal = texts[manners[0]]?.first, formal == texts[manners[1]]?.first { fields.note(.sameManner) }
            let versions = manners.flatMap { manner in
                (texts[manner] ?? []).map {
                    CorpusVersion(role: .translation, variantKind: .language, variant: manner, text: $0)
                }
            }
            return [
                CorpusDocument(
                    kind: .sentence, key: key, topic: name.domain, text: source, versions: versions, split: unit.split,
                    file: fields.file, line: line, number: fields.number ?? line)
            ]
        }
    }

    /// `de-x-formal`, with `-feminine` behind it for a further reference.
    private static func label(_ language: String, _ role: [String]) -> String {
        "\(language)-x-\(role.joined(separator: "-"))"
    }

    private static func variant(_ label: String) -> String { label.replacing("-feminine", with: "") }
}

extension CoCoAMT {
    /// What a file's name tells.
    struct Name {
        /// `formality-control.test.telephony.en-de`.
        let stem: String
        /// The beginning of keys: `test-telephony-en-de`.
        let key: String
        /// `topical chat`.
        let domain: String
        /// The target language.
        let language: String
        /// Nothing for the source; `formal` or `informal`, then `feminine` or `annotated`.
        let role: [String]

        init?(_ name: String) {
            var parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 4, parts[0] == "formality-control", SplitName.split(named: parts[1]) != nil else {
                return nil
            }
            let pair = parts[3].split(separator: "-").map(String.init)
            guard pair.count == 2, pair[0] == "en" else { return nil }
            stem = parts[..<4].joined(separator: ".")
            key = parts[1..<4].joined(separator: "-")
            domain = parts[2].replacing("_", with: " ")
            language = pair[1]
            parts.removeFirst(4)
            // Train files end in the language, test files do not.
            if let last = parts.last, pair.contains(last) { parts.removeLast() }
            role = parts
        }
    }
}

extension Irregularity {
    /// The formal and the informal translation are the same.
    static let sameManner = Irregularity(
        "same-manner", "the formal and the informal translation are the same text: no contrast can be made of them")
}
