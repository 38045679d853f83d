extension FormatRegister {
    /// All formats as Markdown, for the documentation: a table, then the layout of each.
    public static var markdown: String {
        var lines = ["| `--format` | reads | yields | licence |", "|---|---|---|---|"]
        for format in formats {
            let about = format.about
            lines.append(
                "| `\(about.name)` | \(about.title) | \(about.yields) | \(about.dataset?.licence ?? "say it") |")
        }
        for format in formats {
            let about = format.about
            lines += ["", "### `\(about.name)`", "", about.layout]
            if let dataset = about.dataset {
                lines += ["", "References by: `\(dataset.origin)`. Cite: \(dataset.citation)"]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
