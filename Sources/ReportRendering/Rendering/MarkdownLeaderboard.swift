import BenchmarkStore

/// A report as Markdown in GitHub's dialect.
package enum MarkdownLeaderboard {
    /// The page; every text in it is escaped, so nothing that a model wrote can be markup.
    package static func render(_ page: ReportPage) -> String {
        "# \(MarkdownText.inline(page.title))\n\n" + render(page.blocks)
    }

    private static func render(_ blocks: [ReportBlock]) -> String {
        blocks.map(render).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    }

    private static func render(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let level, let text):
            String(repeating: "#", count: level) + " " + MarkdownText.inline(text)
        case .paragraph(let text):
            MarkdownText.inline(text, limit: 4_000)
        case .facts(let facts):
            facts.map { "- **\(MarkdownText.inline($0.name)):** \(value($0.value))" }.joined(separator: "\n")
        case .list(let items):
            items.map { "- \(MarkdownText.inline($0, limit: 4_000))" }.joined(separator: "\n")
        case .table(let table):
            render(table)
        case .chart:
            ""
        case .verbatim(let label, let text, _):
            "**\(MarkdownText.inline(label))**\n\n\(MarkdownText.fenced(text))"
        case .fold(let title, let blocks):
            // The blank lines end the HTML block, so that what is between them is Markdown again.
            "<details>\n<summary>\(DirectionText.marked(HTMLText(VisibleText.line(title)).markup))</summary>\n\n\(render(blocks))\n</details>"
        }
    }

    private static func value(_ text: String) -> String {
        text.isEmpty ? "–" : MarkdownText.inline(text, limit: 4_000)
    }

    private static func render(_ table: ReportTable) -> String {
        var lines = ["**\(MarkdownText.inline(table.caption))**", ""]
        lines.append(line(table.columns.map { cell($0, separator: ", ") }))
        lines.append(line(table.isNumeric.map { $0 ? "--:" : "---" }))
        for row in table.rows {
            var cells = row.cells.map { cell($0, separator: "; ") }
            if row.isApart, !cells.isEmpty { cells[0] = "*\(cells[0])*" }
            lines.append(line(cells))
        }
        for note in table.notes { lines += ["", MarkdownText.inline(note, limit: 4_000)] }
        return lines.joined(separator: "\n")
    }

    private static func cell(_ cell: ReportTable.Cell, separator: String) -> String {
        let text = MarkdownText.inline(cell.text)
        let strong = cell.isStrong && !text.isEmpty ? "**\(text)**" : text
        return cell.detail.isEmpty ? strong : strong + separator + MarkdownText.inline(cell.detail)
    }

    private static func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
