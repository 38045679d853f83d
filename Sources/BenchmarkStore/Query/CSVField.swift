/// A field of comma-separated values as RFC 4180 has it.
package enum CSVField {
    /// The text, in quotes where it holds a comma, a quote or a line break.
    ///
    /// Looked at by scalars: CR LF is one Character, and so is a quote with an accent upon it; neither would be found.
    package static func text(_ text: String) -> String {
        guard text.utf8.contains(where: ",\"\r\n".utf8.contains) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
