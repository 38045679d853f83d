import BenchmarkStore

/// Sound Natural (Einolghozati et al. 2020): what a user asks to be sent, and the message itself.
public struct SoundNatural: SourceFormat {
    /// What the two columns may be called; the first two columns count where none is.
    private static let inputs = ["input", "query", "utterance", "original", "source", "message"]
    private static let outputs = ["output", "rephrase", "rephrased", "rephrased query", "rephrasing", "target"]

    public static let about = FormatDescription(
        name: "sound-natural", title: "Sound Natural TSV", yields: "messages rephrased for their receiver",
        layout: """
            `train.tsv`, `val.tsv` and `test.tsv` with a header: tabs between the columns, with CSV's quotes. The column \
            `input` (or `query`, `utterance`, `original`, `source`, `message`) is rephrased by `output` (or `rephrase`, \
            `rephrased`, `rephrased query`, `rephrasing`, `target`), in capitals or not; where the format was named and the \
            header has no such pair, by the first two columns. Further columns are not kept.
            """,
        dataset: DatasetFacts(
            name: "sound-natural", version: "2022-10-14",
            description: "Sound Natural: English requests to a messaging assistant, rephrased as the message itself",
            licence: "CC-BY-SA-4.0",
            citation: "Einolghozati, Gupta, Diedrick and Gupta. Sound Natural: Content Rephrasing in Dialog Systems. "
                + "EMNLP 2020, 5101-5108."))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        guard ["train.tsv", "val.tsv", "eval.tsv", "test.tsv"].contains(probe.name), let line = probe.firstLine else {
            return false
        }
        return columns(of: line.split(separator: "\t").map(String.init)) != nil
    }

    public static func targets(of units: [SourceUnit], _ options: SourceOptions) -> SourceTargets {
        SourceTargets(tones: [RephrasedMessage.tone])
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let (split, stem) = (unit.split, unit.file.stem)
        let header = try DelimitedReader(unit.file, .tsv).header.names
        guard header.count >= 2 else {
            throw CorpusError(.unreadable, "must have two columns, with tabs between them", file: unit.file.path)
        }
        let (input, output) = Self.columns(of: header) ?? (0, 1)
        try DelimitedRecords.read(unit.file, .tsv, into: sink) { record, fields in
            RephrasedMessage.documents(
                record.fields[input], rephrased: record.fields[output], key: "\(stem)-\(record.number)", split: split,
                &fields)
        }
    }

    /// The places of the two columns in a header that names them.
    private static func columns(of header: [String]) -> (input: Int, output: Int)? {
        let names = header.map { $0.lowercased().replacing("_", with: " ") }
        guard let input = names.firstIndex(where: inputs.contains),
            let output = names.firstIndex(where: outputs.contains)
        else { return nil }
        return (input, output)
    }
}
