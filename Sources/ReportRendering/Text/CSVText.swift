import BenchmarkStore

/// Lines of comma-separated values as RFC 4180 has them.
package enum CSVText {
    /// One line, fields quoted where they must be, ended by CRLF; what a spreadsheet would run is made inert.
    package static func line(_ fields: [String]) -> String {
        fields.map { CSVField.text(SpreadsheetText.inert($0)) }.joined(separator: ",") + "\r\n"
    }
}
