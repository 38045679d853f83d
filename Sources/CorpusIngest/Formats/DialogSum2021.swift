import BenchmarkStore

/// DialogSum's release of May 2021, whose lines are Python dictionaries rather than JSON.
public struct DialogSum2021: SourceFormat {
    public static let about = FormatDescription(
        name: "dialogsum-2021", title: "DialogSum, release of 2021 (Python literals)",
        yields: "dialogues with 1 or 3 summaries",
        layout: """
            As `dialogsum`, but each line is a Python dictionary as `repr` prints it: `{'fname': 'dev_0', …}`. No such line \
            is JSON; each is noted as `python-literal`. `DialogSum_Data.zip` is read as it is.
            """,
        dataset: DialogSumRecord.facts(version: "2021-05-27"))

    public init(_ options: SourceOptions) {}

    public static func recognises(_ probe: FileProbe) -> Bool {
        guard let line = probe.firstLine, line.hasPrefix("{"), probe.firstObjectKeys.isEmpty,
            case .object(let members)? = try? PythonLiteral.parse(Array(line.utf8)[...])
        else { return false }
        let keys = Set(members.map(\.key))
        return keys.contains("fname") && keys.isSubset(of: DialogSumRecord.keys)
    }

    public func read(_ unit: SourceUnit, into sink: RecordSink) throws {
        let split = unit.split
        try JSONLines.readLines(unit.file, into: sink) { line, fields in
            guard let value = fields.pythonLiteral(line), let object = fields.object(value, at: "") else { return [] }
            fields.note(.pythonLiteral)
            return DialogSumRecord.documents(of: object, topics: [:], split: split, &fields)
        }
    }
}

extension FieldReader {
    /// The value of a Python literal in a line's bytes; nil, and a fault with its column, where it is none.
    mutating func pythonLiteral(_ bytes: ArraySlice<UInt8>) -> JSONValue? {
        if let offset = bytes.firstInvalidUTF8 {
            let place = TextPosition(of: offset, in: bytes)
            note(
                .encoding, line: line ?? 1, column: place.column,
                "the text is not UTF-8 from here on: save the file as UTF-8")
            return nil
        }
        do {
            return try PythonLiteral.parse(bytes)
        } catch {
            note(.syntax, line: line ?? 1, column: error.column, "not a Python literal: \(error.message)")
            return nil
        }
    }
}

extension Irregularity {
    /// The record is a Python literal where JSON should stand.
    static let pythonLiteral = Irregularity("python-literal", "the record is a Python literal and not JSON")
}
