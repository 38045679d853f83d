/// CSV as RFC 4180 has it: CR LF after each record, quotes around fields that hold a comma, quote or line break.
///
/// Texts that a spreadsheet would run are made inert (`SpreadsheetText`).
enum CSVWriter {
    static func text(_ result: QueryResult) -> String {
        let header = record(result.columns.map(QueryValue.text))
        return header + result.rows.map(record).joined()
    }

    private static func record(_ values: [QueryValue]) -> String {
        // A record of one empty field would be an empty line, which readers skip.
        if values == [.null] { return "\"\"\r\n" }
        return values.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ value: QueryValue) -> String {
        guard var text = value.exactText else { return "" }
        if case .text = value { text = SpreadsheetText.inert(text) }
        return text.isEmpty ? "\"\"" : CSVField.text(text)
    }
}
