import Foundation

/// How the result of a query is written.
///
/// Tables and Markdown are for people: numbers are rounded to four decimals, line breaks shown as `↵`, and other control
/// and direction characters as signs. The others are for programs and lose nothing, but that CSV has an apostrophe before a
/// text that a spreadsheet would run as a formula; numbers are the shortest that read back the same. NULL is `NULL` in a
/// table, empty in Markdown, an empty field in CSV (an empty text is `""` there) and `null` in JSON. A blob is `x'…'` in
/// hexadecimal everywhere. JSON has no infinity; it becomes `null`.
public enum QueryFormat: String, CaseIterable, Sendable {
    /// Columns aligned for a terminal.
    case table
    /// RFC 4180 with a header line; lines end with CR LF.
    case csv
    /// One array of objects whose keys are in the order of the columns.
    case json
    /// One such object a line.
    case jsonl
    /// A Markdown table.
    case md

    /// The result as text; it ends with a line break.
    ///
    /// - Parameter maximumWidth: The most columns that one cell of `.table` takes; longer texts end in `…`. Whether
    ///   rows were left out is for the caller to say, so that the text stays data.
    public func render(_ result: QueryResult, maximumWidth: Int? = nil) -> String {
        switch self {
        case .table: TextTable(result, maximumWidth: maximumWidth).text
        case .csv: CSVWriter.text(result)
        case .json: JSONWriter.array(result)
        case .jsonl: JSONWriter.lines(result)
        case .md: MarkdownTable.text(result)
        }
    }
}

extension QueryValue {
    /// The value for people; nil for NULL.
    var displayText: String? {
        switch self {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let real): Self.rounded(real)
        case .text(let text): Self.shown(text)
        case .blob(let data): Self.hex(data)
        }
    }

    /// The value without loss; nil for NULL.
    var exactText: String? {
        switch self {
        case .null: nil
        case .integer(let integer): String(integer)
        case .real(let real): String(real)
        case .text(let text): text
        case .blob(let data): Self.hex(data)
        }
    }

    var isNumber: Bool {
        switch self {
        case .integer, .real: true
        case .null, .text, .blob: false
        }
    }

    private static func hex(_ data: Data) -> String { "x'\(ContentHash(digest: data).hex)'" }

    /// At most four decimals; very small and very large numbers as they are.
    private static func rounded(_ real: Double) -> String {
        guard real.isFinite, real == 0 || (1e-3..<1e15).contains(abs(real)) else { return String(real) }
        let text = String((real * 10_000).rounded() / 10_000)
        return text.contains("e") ? String(real) : text
    }

    /// In one line: control characters would tear a table apart, and steer the terminal that it is shown on.
    private static func shown(_ text: String) -> String {
        let line = text.reduce(into: "") { $0 += $1.isNewline ? "↵" : $1 == "\t" ? " " : String($1) }
        return VisibleText.block(line)
    }
}
