import BenchmarkStore

/// TED talks of the IWSLT 2017 campaign: two XML files a set and pair of languages, sentence by sentence.
public struct IWSLTXML: SourceFormat {
    public static let about = FormatDescription(
        name: "iwslt-xml", title: "IWSLT 2017 TED talks, XML", yields: "sentences with one translation",
        layout: """
            `IWSLT17.TED.<set>.<from>-<to>.<language>.xml`, two files a set: the English one and the other language's, which \
            may be named for the other direction (`tst2016.en-de.en.xml` with `tst2016.de-en.de.xml`). Each is an `mteval` \
            document with a `srcset` or `refset` of talks, `<doc docid="…">`, whose sentences are `<seg id="…">`. Sentences \
            are joined by talk and segment and called `<set>-<from>-<to>-<docid>-<segment>`; a talk's title is the topic. The \
            `dev` set is for validation, the `tst` sets are for test.
            """,
        dataset: DatasetFacts(
            name: "ted-iwslt17", version: "2017",
            description: "Sentences of TED talks with translations by volunteers, from the IWSLT 2017 campaign.",
            licence: "CC-BY-NC-ND-3.0",
            citation: "Cettolo, Girardi, Federico. WIT3: Web Inventory of Transcribed and Translated Talks. EAMT 2012. "
                + "Cettolo et al. Overview of the IWSLT 2017 Evaluation Campaign. IWSLT 2017."))

    private let source: String

    public init(_ options: SourceOptions) { source = Self.source(options) }

    public static func recognises(_ probe: FileProbe) -> Bool {
        probe.name.hasPrefix(Name.campaign) && Name(probe.file) != nil && probe.xmlRoot == "mteval"
    }

    public static func units(
        among files: [SourceFile], _ options: SourceOptions
    ) throws(CorpusError) -> [SourceUnit] {
        let source = source(options)
        let named = files.compactMap { file in Name(file).map { (name: $0, file: file) } }
        if let other = files.first(where: { !$0.name.hasPrefix(Name.campaign) }),
            [options.name, options.version, options.licence, options.citation].contains(nil)
        {
            throw CorpusError(
                .incomplete,
                "is not called \(Name.campaign)…, so what is known about that data set is not said of it: give --name, "
                    + "--corpus-version, --licence and --citation", file: other.path)
        }
        var units: [SourceUnit] = []
        for (name, file) in named where name.language == source {
            // A set may come in both directions; the file named for this one goes first.
            guard let target = name.other, name.from == source || !named.contains(where: { $0.name == name.reversed })
            else { continue }
            // As the campaign packs them, the two directions lie in folders of their own.
            let partners = named.filter { $0.name.isPartner(of: name) }
            let near = partners.filter { $0.file.folder == file.folder }
            let choice = near.isEmpty ? partners : near
            guard let partner = choice.first(where: { $0.name.from == name.from }) ?? choice.first else { continue }
            if let wanted = options.languages, !wanted.contains(where: { $0.code == target }) { continue }
            units.append(
                SourceUnit(
                    [SourceUnit.Part(source, file), SourceUnit.Part(target, partner.file)],
                    split: options.split ?? name.split))
        }
        guard units.isEmpty else { return units }
        throw CorpusError(
            .unreadable,
            "no two files belong together: a pair is NAME.en-de.\(source).xml with NAME.en-de.de.xml or NAME.de-en.de.xml "
                + "(the source language is \(source); --language sets another)", file: files.first?.path)
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        var codes: [String] = []
        for unit in units where !codes.contains(unit.parts[1].label) { codes.append(unit.parts[1].label) }
        return SourceTargets(languages: codes.map { .init(code: $0, name: LanguageName.english($0)) })
    }

    private static func source(_ options: SourceOptions) -> String {
        options.language ?? about.dataset?.language ?? "en"
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let target = unit.parts[1].label
        let prefix = "\(Name(unit.file)?.set ?? unit.file.name)-\(source)-\(target)"
        let readers = try unit.parts.map { try TalkReader($0.file) }
        try SideBySide.read(
            files: readers.count,
            next: { try readers[$0].next().map { ("\($0.talk)-\($0.id)", $0) } },
            use: { key, segments in
                guard let found = segments.firstIndex(where: { $0 != nil }), let segment = segments[found] else {
                    return
                }
                var fields = FieldReader(
                    file: unit.parts[found].file.path, line: segment.line, number: sink.nextNumber,
                    isStrict: sink.isStrict)
                fields.record = "\(prefix)-\(key)"
                let document = document(segments, unit, target: target, &fields)
                try sink.add(document.map { [$0] } ?? [], fields, raw: segment.text)
            })
    }

    private func document(
        _ segments: [TalkReader.Segment?], _ unit: SourceUnit, target: String, _ fields: inout FieldReader
    ) -> CorpusDocument? {
        var texts: [String] = []
        for (segment, part) in zip(segments, unit.parts) {
            guard let segment else {
                fields.note(
                    .missingKey, at: "seg",
                    "segment \(fields.record ?? "") is not in \(part.file.path): add it there or take it out here")
                continue
            }
            if segment.id.isEmpty || segment.talk.isEmpty {
                fields.note(.missingKey, at: "seg.id", "a segment has no id, or its talk no docid: add it")
            }
            if SubtitleTime.isIn(segment.text) { fields.note(.timeCode) }
            let (text, hadRuns) = BlankRuns.collapsed(segment.text)
            if hadRuns { fields.note(.blankRuns) }
            if let text = fields.cleaned(text, at: "seg (\(part.label))") { texts.append(text) }
        }
        guard texts.count == 2, fields.isSound, let key = fields.record else { return nil }
        let title = segments[0]?.title ?? ""
        return CorpusDocument(
            kind: .sentence, key: key, topic: CorpusText.cleaned(BlankRuns.collapsed(title).text), text: texts[0],
            versions: [CorpusVersion(role: .translation, variantKind: .language, variant: target, text: texts[1])],
            split: unit.split, file: unit.file.path, line: fields.line, number: fields.number ?? 1)
    }
}

extension Irregularity {
    /// A subtitle's time code was left in a text.
    static let timeCode = Irregularity("time-code", "a subtitle's time code stands in a text")
    /// Several blanks in a row became one.
    static let blankRuns = Irregularity(
        "blank-runs", "blanks in a row inside a text, or a line break, became one blank", changesText: true)
}

extension IWSLTXML {
    /// What a file's name says: `IWSLT17.TED.tst2016.de-en.de.xml`.
    struct Name: Hashable {
        static let campaign = "IWSLT17.TED."

        let stem: String
        let from: String
        let to: String
        let language: String

        /// The parts of a name; nil for one of another form.
        init?(_ file: SourceFile) {
            let words = file.name.split(separator: ".").map(String.init)
            guard words.count >= 4, words[words.count - 1].lowercased() == "xml" else { return nil }
            let pair = words[words.count - 3].split(separator: "-").map(String.init)
            let language = words[words.count - 2]
            guard pair.count == 2, pair.contains(language), pair[0] != pair[1] else { return nil }
            self.init(stem: words.dropLast(3).joined(separator: "."), from: pair[0], to: pair[1], language: language)
        }

        private init(stem: String, from: String, to: String, language: String) {
            self.stem = stem
            self.from = from
            self.to = to
            self.language = language
        }

        /// The set, such as `tst2016`.
        var set: String { stem.split(separator: ".").last.map(String.init) ?? stem }
        /// The language that is not the file's own.
        var other: String? { [from, to].first { $0 != language } }
        /// The name of the same set in the same language, of the other direction.
        var reversed: Name { Name(stem: stem, from: to, to: from, language: language) }

        /// `dev` sets are for validation and `tst` sets for test.
        var split: Split? {
            if set.hasPrefix("dev") { return .validation }
            if set.hasPrefix("tst") { return .test }
            return set.hasPrefix("train") ? .train : nil
        }

        /// Whether the file holds the other language of the same set, in whichever direction it is named.
        func isPartner(of name: Name) -> Bool {
            stem == name.stem && language == name.other && Set([from, to]) == Set([name.from, name.to])
        }
    }
}

/// Reads the segments of an `mteval` document.
private final class TalkReader {
    /// A sentence, or a few.
    struct Segment {
        let talk: String
        let id: String
        let title: String
        let text: String
        let line: Int
    }

    private let xml: XMLReader
    private var talk = ""
    private var title = ""

    init(_ file: SourceFile) throws(CorpusError) { xml = try XMLReader(file) }

    /// The next segment; nil at the end.
    func next() throws(CorpusError) -> Segment? {
        while let event = try xml.next() {
            switch event {
            case .start("doc"):
                talk = try xml.attribute("docid") ?? ""
                title = ""
            case .start("title"): title = try xml.innerText()
            case .start("seg"):
                let (id, line) = (try xml.attribute("id") ?? "", xml.line)
                return Segment(talk: talk, id: id, title: title, text: try xml.innerText(), line: line)
            default: continue
            }
        }
        return nil
    }
}

/// Finds the times that subtitles are shown at, such as `00:05:56,000`.
enum SubtitleTime {
    /// Whether one stands in a text.
    static func isIn(_ text: String) -> Bool {
        // [0-9]{2}:[0-9]{2}:[0-9]{2}[,.][0-9]{3}
        let shape = Array("00:00:00,000".utf8)
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= shape.count else { return false }
            return (0...bytes.count - shape.count).contains { start in
                shape.indices.allSatisfy { offset in
                    let byte = bytes[start + offset]
                    return switch shape[offset] {
                    case UInt8(ascii: "0"): (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    case UInt8(ascii: ","): byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".")
                    case let mark: byte == mark
                    }
                }
            }
        }
    }
}

/// Makes one blank of several.
enum BlankRuns {
    /// The text with every run of blanks, tabs and line breaks inside it as one blank, and whether there was any run.
    static func collapsed(_ text: String) -> (text: String, hadRuns: Bool) {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let bytes = Array(text.utf8)
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return (text, false) }
        var result = Array(bytes[..<first])
        for index in first...last {
            let byte = bytes[index]
            if isBlank(byte) {
                if !isBlank(bytes[index - 1]) { result.append(0x20) }
            } else {
                result.append(byte)
            }
        }
        let hadRuns = !result.elementsEqual(bytes[...last])
        result += bytes[(last + 1)...]
        return (String(decoding: result, as: UTF8.self), hadRuns)
    }
}
