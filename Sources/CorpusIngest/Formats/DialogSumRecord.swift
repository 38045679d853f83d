import BenchmarkStore

/// What the releases of DialogSum have in common.
enum DialogSumRecord {
    static let keys: Set<String> = [
        "fname", "dialogue", "summary", "topic", "summary1", "topic1", "summary2", "topic2", "summary3", "topic3",
    ]

    static func facts(version: String) -> DatasetFacts {
        DatasetFacts(
            name: "dialogsum", version: version,
            description: "DialogSum: everyday spoken English dialogues with summaries by people",
            licence: "CC-BY-NC-SA-4.0",
            citation: "Chen, Liu, Chen and Zhang. DialogSum: A Real-Life Scenario Dialogue Summarization Dataset. "
                + "Findings of ACL-IJCNLP 2021, 5062-5074.")
    }

    static func documents(
        of object: JSONObject, topics: [String: String], split: Split?, _ fields: inout FieldReader
    ) -> [CorpusDocument] {
        let key = fields.text("fname", of: object, oneLine: true)
        fields.record = key
        let turns = fields.string("dialogue", of: object).map {
            PersonTag.lines.turns(of: $0, at: "dialogue", fields: &fields)
        }
        let names = ["", "1", "2", "3"].filter { object["summary" + $0] != nil }
        let summaries = names.compactMap { name in
            fields.string("summary" + name, of: object).map { (key: "summary" + name, raw: $0) }
        }
        let versions = fields.references(summaries, role: .summary)
        for version in versions { PersonTag.check(version.text, &fields) }
        if names.isEmpty { fields.note(.withoutReference) }
        guard let key, let turns else { return [] }
        if zip(turns, turns.dropFirst()).contains(where: { $0.speaker == $1.speaker }) {
            fields.note(.sameSpeakerTwice)
        }
        let topic = ["topic", "topic1"].first { object[$0] != nil }.flatMap { name in
            fields.string(name, of: object).flatMap { fields.optional($0, at: name, oneLine: true) }
        }
        return [
            CorpusDocument(
                kind: .dialogue, key: key, topic: topic ?? topics[key] ?? "", turns: turns, versions: versions,
                split: split, file: fields.file, line: fields.line, number: fields.number ?? 1)
        ]
    }
}

extension Irregularity {
    /// The source gives the record no reference at all.
    static let withoutReference = Irregularity("without-reference", "the source gives no reference for this record")
}
