import BenchmarkStore
import TextMetrics

/// Makes sentences with translations of the units of one or more translation memories.
struct TMXSentences {
    private let unit: SourceUnit
    private let source: String
    /// The codes that the user asks for; nil for whatever there is.
    private let wanted: [String]?
    private let offered: [String]

    init(_ unit: SourceUnit, source: String, _ options: SourceOptions) {
        self.unit = unit
        self.source = source
        wanted = options.languages?.map(\.code)
        offered = TMXUnits.targetCodes(of: unit.parts.map(\.file), source: source)
    }

    /// Reads all files of the unit side by side, joined on `tuid`.
    func read(into sink: RecordSink) throws {
        let readers = try unit.parts.map { try TMXReader($0.file) }
        var counts = Array(repeating: 0, count: readers.count)
        try SideBySide.read(
            files: readers.count,
            next: { file -> (key: String, item: TMXUnit)? in
                guard let item = try readers[file].next() else { return nil }
                counts[file] += 1
                // Units without an id cannot be joined: the file's name and their number are their key.
                let stem = TMXUnits.keyStem(unit.parts[file].file.name)
                return (unit.parts[file].label + (item.id ?? "\(stem)-\(counts[file])"), item)
            },
            use: { key, items in
                guard let found = items.firstIndex(where: { $0 != nil }), let first = items[found] else { return }
                var fields = FieldReader(
                    file: unit.parts[found].file.path, line: first.line, number: sink.nextNumber,
                    isStrict: sink.isStrict)
                fields.record = key
                let document = document(key, items.compactMap(\.self), &fields)
                try sink.add(document.map { [$0] } ?? [], fields, raw: first.texts.first?.text ?? "")
            })
    }

    private func document(_ key: String, _ items: [TMXUnit], _ fields: inout FieldReader) -> CorpusDocument? {
        var text: String?
        var versions: [CorpusVersion] = []
        for item in items {
            for irregularity in item.irregularities.sorted(by: { $0.name < $1.name }) { fields.note(irregularity) }
            let languages = item.texts.map(\.language)
            if languages.contains("") {
                fields.note(.missingKey, at: "tuv", "a tuv has no xml:lang: say which language it is in")
            }
            let sources = LanguageTag.matches(of: source, among: languages)
            guard let first = item.texts.first(where: { sources.contains($0.language) }) else {
                let others = languages.isEmpty ? "" : ", only in \(languages.joined(separator: ", "))"
                fields.note(
                    .missingKey, at: "tuv", "the unit has no text in \(source)\(others): add it or take the unit out")
                continue
            }
            // A variety of the source language is a target only where it is asked for.
            let isSource = { (code: String) in
                wanted == nil && LanguageTag.isCovered(code, by: source) || code == first.language
            }
            if languages.count(where: isSource) > 1 { fields.note(.severalSources) }
            if let written = item.writtenIn, LanguageTag.primary(written) != LanguageTag.primary(source) {
                fields.note(.otherDirection)
            }
            guard let cleaned = fields.cleaned(first.text, at: "seg (\(source))", oneLine: true) else { continue }
            if let text, !text.utf8.elementsEqual(cleaned.utf8) {
                note(difference: cleaned, from: text, &fields)
            }
            text = text ?? cleaned
            versions += translations(item.texts.filter { !isSource($0.language) }, &fields)
        }
        for code in wanted ?? offered where !versions.contains(where: { $0.variant == code }) {
            fields.note(.missingLanguage)
        }
        if versions.isEmpty, fields.isSound {
            let codes = (wanted ?? offered).joined(separator: ", ")
            fields.note(
                .empty, at: "tuv", "the unit has no translation\(codes.isEmpty ? "" : " into \(codes)"): add one")
        }
        guard let text, fields.isSound else { return nil }
        return CorpusDocument(
            kind: .sentence, key: key, text: text, versions: versions, split: unit.split, file: fields.file,
            line: fields.line, number: fields.number ?? 1)
    }

    /// A difference in punctuation or case is noted; other words are another sentence, which must not get the translation.
    private func note(difference other: String, from text: String, _ fields: inout FieldReader) {
        if ComparedText.normalised(other) == ComparedText.normalised(text) {
            fields.note(.sourceDiffers)
        } else {
            fields.note(
                .badValue, at: "seg (\(source))",
                "the files give \(fields.record ?? "this unit") different texts in \(source): ingest them one by one if "
                    + "their ids mean different things")
        }
    }

    private func translations(_ texts: [TMXUnit.Text], _ fields: inout FieldReader) -> [CorpusVersion] {
        var versions: [CorpusVersion] = []
        func add(_ text: TMXUnit.Text, as code: String) {
            guard let cleaned = fields.optional(text.text, at: "seg (\(text.language))", oneLine: true) else {
                return fields.note(.noReference)
            }
            if versions.contains(where: { $0.variant == code && $0.text == cleaned }) { fields.note(.sameReferences) }
            if code != text.language { fields.note(.regionalText) }
            versions.append(
                CorpusVersion(role: .translation, variantKind: .language, variant: code, text: cleaned))
        }
        guard let wanted else {
            for text in texts where !text.language.isEmpty {
                if offered.contains(text.language) {
                    add(text, as: text.language)
                } else {
                    fields.note(.unlistedLanguage)
                }
            }
            return versions
        }
        for code in wanted {
            let matching = LanguageTag.matches(of: code, among: texts.map(\.language))
            for text in texts where matching.contains(text.language) { add(text, as: code) }
        }
        return versions
    }
}
