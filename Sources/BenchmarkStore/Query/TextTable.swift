/// A result as columns aligned by display width: numbers to the right, everything else to the left.
struct TextTable {
    private let rows: [[String]]
    private let rightAligned: [Bool]

    init(_ result: QueryResult, maximumWidth: Int?) {
        let header = result.columns.map { QueryValue.text($0).displayText ?? "" }
        let body = result.rows.map { row in row.map { $0.displayText ?? "NULL" } }
        rows = ([header] + body).map { row in row.map { Self.cut($0, to: maximumWidth) } }
        rightAligned = result.columns.indices.map { column in
            let values = result.rows.map { $0[column] }.filter { $0 != .null }
            return !values.isEmpty && values.allSatisfy(\.isNumber)
        }
    }

    /// The table with a rule under its header.
    var text: String {
        let widths = rightAligned.indices.map { column in rows.map { DisplayWidth.of($0[column]) }.max() ?? 0 }
        var lines = rows.map { row in
            row.indices.map { pad(row[$0], to: widths[$0], right: rightAligned[$0]) }.joined(separator: "  ")
        }
        lines.insert(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), at: 1)
        return lines.map { $0.trimmingTrailingBlanks() + "\n" }.joined()
    }

    private func pad(_ text: String, to width: Int, right: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - DisplayWidth.of(text)))
        return right ? blanks + text : text + blanks
    }

    private static func cut(_ text: String, to maximum: Int?) -> String {
        guard let maximum, maximum >= 1, DisplayWidth.of(text) > maximum else { return text }
        var result = ""
        var width = 0
        for character in text {
            width += DisplayWidth.of(character)
            if width > maximum - 1 { break }
            result.append(character)
        }
        return result + "…"
    }
}

extension String {
    fileprivate func trimmingTrailingBlanks() -> Substring {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return text
    }
}
