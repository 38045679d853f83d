/// A result as a Markdown table (GitHub's dialect): pipes and markup in texts are escaped.
enum MarkdownTable {
    static func text(_ result: QueryResult) -> String {
        let rules = result.columns.indices.map { column in
            let values = result.rows.map { $0[column] }.filter { $0 != .null }
            return !values.isEmpty && values.allSatisfy(\.isNumber) ? "---:" : "---"
        }
        let lines =
            [line(result.columns.map { escaped(QueryValue.text($0)) }), line(rules)]
            + result.rows.map { line($0.map(escaped)) }
        return lines.joined()
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }

    private static func escaped(_ value: QueryValue) -> String {
        guard let text = value.displayText else { return "" }
        guard case .text = value else { return text }
        // By scalars: a pipe that carries an accent is another Character, and a pipe all the same.
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if markup.contains(scalar) { result.append("\\") }
            result.append(scalar)
        }
        return String(result)
    }

    private static let markup = Set("\\|`*_<>[]&#~".unicodeScalars)
}
