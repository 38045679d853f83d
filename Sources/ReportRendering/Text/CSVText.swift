/// Lines of comma-separated values as RFC 4180 has them.
package enum CSVText {
    /// One line, fields quoted where they must be, ended by CRLF.
    package static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    private static func field(_ text: String) -> String {
        // By scalars: CRLF is one Character, and neither half would be found in it.
        let special = text.unicodeScalars.contains { "\",\r\n".unicodeScalars.contains($0) }
        guard special else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
