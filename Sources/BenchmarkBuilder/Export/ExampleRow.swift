import BenchmarkStore

/// One exported example: a line of JSON, or of comma-separated values.
struct ExampleRow: Encodable {
    private let texts: [ExampleColumn: String]
    private let lists: [ExampleColumn: [String]]

    /// An example of a setting.
    init(_ example: BenchmarkPlan.Example, of setting: SettingRecord, licence: String) {
        texts = [
            .id: "\(example.corpus)/\(example.document)/\(setting.name)", .corpus: example.corpus,
            .document: example.document, .setting: setting.name, .split: example.split.rawValue, .input: example.input,
            .instruction: setting.instruction, .reference: example.reference, .origin: example.origin,
            .licence: licence,
        ]
        lists = [
            .furtherReferences: example.furtherReferences.map(\.text),
            .furtherOrigins: example.furtherReferences.map(\.origin),
        ]
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: ExampleColumn.self)
        for column in ExampleColumn.allCases {
            if column.isList {
                try container.encode(lists[column] ?? [], forKey: column)
            } else {
                try container.encode(texts[column] ?? "", forKey: column)
            }
        }
    }

    /// The row as a line of JSON with sorted keys, and its line feed.
    ///
    /// Control characters and separators that some readers take for line ends (U+0085, U+2028, U+2029) are escaped.
    func jsonLine() throws -> String {
        let text = try CanonicalJSON.text(self)
        // The first bytes of all of these; most lines have none of them.
        guard text.utf8.contains(where: { $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 }) else { return text + "\n" }
        var line = ""
        line.reserveCapacity(text.utf8.count + 1)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x7F...0x9F, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                line += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line + "\n"
    }

    /// The row as comma-separated values (RFC 4180, but with a line feed alone), lists as JSON.
    ///
    /// - Throws: `BuildError` of code `corpus` for a text with a NUL character, at which readers of CSV stop.
    func csvLine() throws -> String {
        let fields = try ExampleColumn.allCases.map { column in
            let text = column.isList ? try CanonicalJSON.text(lists[column] ?? []) : texts[column] ?? ""
            guard !text.utf8.contains(0) else {
                throw BuildError(
                    .corpus,
                    "\(texts[.id] ?? "") has a NUL character in its \(column.rawValue): "
                        + "no CSV can hold it, so mend the source and ingest it again", key: texts[.document])
            }
            return CSVField.text(text)
        }
        return fields.joined(separator: ",") + "\n"
    }

    /// The header of comma-separated values.
    static let csvHeader = ExampleColumn.allCases.map(\.rawValue).joined(separator: ",") + "\n"
}
