import BenchmarkStore

/// SAMSum (Gliwa et al. 2019): messenger dialogues with summaries by people.
public struct SAMSum: SourceFormat {
    public static let about = FormatDescription(
        name: "samsum", title: "SAMSum JSON", yields: "messenger dialogues with a summary",
        layout: """
            One JSON list of objects with `dialogue` (lines of the form `Name: words`, split at the first colon) and \
            `summary`. The original `train.json`, `val.json` and `test.json` have an `id`, which becomes the key; copies \
            without one have a constant `instruction`, and keys are made of the file's name. Placeholders of media such as \
            `<file_photo>` are text.
            """,
        dataset: DatasetFacts(
            name: "samsum", version: "2019",
            description: "SAMSum: English messenger dialogues written by linguists, with summaries by people",
            licence: "CC-BY-NC-ND-4.0",
            citation:
                "Gliwa, Mochol, Biesek and Wawer. SAMSum Corpus: A Human-annotated Dialogue Dataset for Abstractive "
                + "Summarization. NewSum workshop 2019, 70-79."))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        guard probe.head[...].withoutByteOrderMark.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "["),
            var items = try? JSONItems(probe.file), let item = try? items.next(),
            item.bytes[...].firstInvalidUTF8 == nil,
            case .object(let members)? = try? JSONParser.parse(item.bytes[...])
        else { return false }
        let keys = Set(members.map(\.key))
        return keys.isSuperset(of: ["dialogue", "summary"])
            && keys.isSubset(of: ["id", "dialogue", "summary", "instruction"])
            && keys.count == 3
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let (split, stem) = (unit.split, unit.file.stem)
        try JSONItems.read(unit.file, into: sink) { _, value, fields in
            guard let object = fields.object(value, at: "") else { return [] }
            return Self.documents(of: object, stem: stem, split: split, &fields)
        }
    }

    private static func documents(
        of object: JSONObject, stem: String, split: Split?, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        let key =
            object["id"] == nil ? "\(stem)-\(fields.number ?? 1)" : fields.text("id", of: object, oneLine: true)
        fields.record = key
        let turns = fields.string("dialogue", of: object).map {
            TurnLines.names.turns(of: $0, at: "dialogue", fields: &fields)
        }
        let versions = fields.string("summary", of: object).map {
            fields.references([("summary", $0)], role: .summary)
        }
        guard let key, let turns, let versions else { return [] }
        // Messengers are written so: several messages in a row are no oddity, and are not noted.
        return [
            CorpusDocument(
                kind: .dialogue, key: key, turns: turns, versions: versions, split: split, file: fields.file,
                line: fields.line, number: fields.number ?? 1)
        ]
    }
}
