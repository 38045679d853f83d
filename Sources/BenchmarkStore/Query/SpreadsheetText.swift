/// Text in comma-separated values that a spreadsheet shows rather than runs.
///
/// Spreadsheets take a field for a formula where it begins with `=`, `+`, `-` or `@`, with the wide form of one of these, or
/// with a tab or line break, quotes or no quotes; and a formula may start programs and send cells away. An apostrophe before
/// it makes it text.
///
/// Source: OWASP, "CSV Injection".
package enum SpreadsheetText {
    /// The text, behind an apostrophe where it would be a formula; numbers such as `-0.5` stay.
    package static func inert(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, openers.contains(first), Double(text) == nil else { return text }
        return "'" + text
    }

    private static let openers = Set("=+-@\t\r\n＝＋－＠".unicodeScalars)
}
