import BenchmarkStore
import Foundation

/// An exported example as a reader of JSON Lines or of comma-separated values gets it.
struct ExportedRow: Codable, Hashable {
    var id, corpus, document, setting, split, input, instruction, reference, origin: String
    var further_references, further_origins: [String]
    var licence: String

    static let columns = [
        "id", "corpus", "document", "setting", "split", "input", "instruction", "reference", "origin",
        "further_references", "further_origins", "licence",
    ]

    /// The rows of JSON Lines.
    static func lines(_ data: Data) throws -> [ExportedRow] {
        try data.split(separator: 0x0A).map { try JSONDecoder().decode(ExportedRow.self, from: Data($0)) }
    }

    /// The rows of comma-separated values, below a header that must be `columns`.
    static func table(_ data: Data) throws -> [ExportedRow]? {
        let records = records(data)
        guard records.first == columns, records.allSatisfy({ $0.count == columns.count }) else { return nil }
        return try records.dropFirst().map { record in
            func list(_ text: String) throws -> [String] {
                try JSONDecoder().decode([String].self, from: Data(text.utf8))
            }
            return ExportedRow(
                id: record[0], corpus: record[1], document: record[2], setting: record[3], split: record[4],
                input: record[5], instruction: record[6], reference: record[7], origin: record[8],
                further_references: try list(record[9]), further_origins: try list(record[10]), licence: record[11])
        }
    }

    /// RFC 4180 with line feeds, by bytes.
    private static func records(_ data: Data) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var isAfterQuote = false
        for byte in data {
            switch byte {
            case 0x22 where isQuoted && !isAfterQuote: isAfterQuote = true
            case 0x22 where isAfterQuote:
                field.append(byte)
                isAfterQuote = false
            case 0x22 where field.isEmpty: isQuoted = true
            case 0x2C where !isQuoted || isAfterQuote, 0x0A where !isQuoted || isAfterQuote:
                record.append(String(decoding: field, as: UTF8.self))
                (field, isQuoted, isAfterQuote) = ([], false, false)
                if byte == 0x0A {
                    records.append(record)
                    record = []
                }
            default: field.append(byte)
            }
        }
        return records
    }
}

extension CorpusContents {
    /// A made-up corpus whose texts hold whatever separators and readers trip over.
    static func odd(licence: String = "CC0-1.0", name: String = "odd") -> CorpusContents {
        var contents = TestCorpus(name: name, sentences: 0).contents
        contents.corpus.licence = licence
        contents.corpus.citation = "Nobody: \"Odd\",\n  a corpus | of traps (2026)."
        contents.files = [
            CorpusFileContents(
                file: CorpusFileRecord(
                    path: "odd.jsonl", kind: "dialogue", sha256: ContentHash(of: name).hex, bytes: 7, records: 50),
                rejects: [])
        ]
        let traps = [
            "a,b", "\"", "say \"hi\", then go", "two\nlines", "carriage\rreturn", "both\r\nof them", "\"\u{301}accent",
            "\u{2028}separator\u{2029}", "next\u{85}line", "  spaces  ", "\ttab\t", "None", "NA", "007", "=1+1", "[]",
            "{\"a\":1}", "שלום, עולם \u{200F}", "مرحبا \"بك\"", "🎈\u{FE0F}", "\u{FEFF}bom", "back\\slash", "#", "'",
            "\u{1}control\u{7F}",
        ]
        for index in contents.documents.indices {
            contents.documents[index].document.file = "odd.jsonl"
            let trap = traps[index % traps.count]
            if contents.documents[index].document.kind == .message {
                contents.documents[index].document.key = "00\(index)"
                contents.documents[index].document.text += trap
            }
            for text in contents.documents[index].texts.indices {
                contents.documents[index].texts[text].text = trap
            }
            // Some documents alone have several references, and theirs differ in number.
            let first = contents.documents[index].texts
            for position in 0..<(index % 3) where index > 40 {
                contents.documents[index].texts += first.map { text in
                    var further = text
                    further.position = position + 1
                    further.text = "\(position) \(traps[(index + position) % traps.count])"
                    further.origin = position == 0 ? "person" : "model:someone"
                    return further
                }
            }
        }
        return contents
    }
}
