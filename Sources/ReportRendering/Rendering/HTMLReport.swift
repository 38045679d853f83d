import BenchmarkStore
import Mustache
import TextMetrics

/// A report as one HTML page that needs nothing from elsewhere.
package struct HTMLReport {
    private let templates: HTMLTemplates

    /// - Throws: `ReportError` with code `.badTemplate`.
    package init() throws { templates = try HTMLTemplates() }

    /// The page; every text in it is escaped, so nothing that a model wrote can be markup.
    package func render(_ page: ReportPage) -> String {
        let sections = page.blocks.compactMap { block -> String? in
            if case .heading(2, let text) = block { text } else { nil }
        }
        let view = PageView(
            title: HTMLText(VisibleText.line(page.title)), heading: HTMLText(mixed: VisibleText.line(page.title)),
            style: HTMLText(trusted: HTMLStyle.text),
            links: sections.map { LinkView(name: HTMLText(Self.anchor($0)), text: HTMLText(mixed: $0)) },
            body: render(page.blocks))
        return templates.page.render(view)
    }

    private func render(_ blocks: [ReportBlock]) -> HTMLText {
        var parts: [String] = []
        var charts: [String] = []
        for block in blocks {
            if case .chart(let chart) = block {
                let caption = HTMLText(mixed: VisibleText.line(chart.title)).markup
                charts.append(
                    "<figure>\n<figcaption>\(caption)</figcaption>\n\(SVGChart.render(chart).markup)\n</figure>")
                continue
            }
            // Charts that follow each other share a grid.
            parts += Self.grid(&charts)
            parts.append(render(block))
        }
        parts += Self.grid(&charts)
        return HTMLText(trusted: parts.joined(separator: "\n"))
    }

    private static func grid(_ charts: inout [String]) -> [String] {
        defer { charts = [] }
        return charts.isEmpty ? [] : ["<div class=\"charts\">\n" + charts.joined(separator: "\n") + "\n</div>"]
    }

    private func render(_ block: ReportBlock) -> String {
        switch block {
        case .heading(let level, let text):
            let name = level == 2 ? " id=\"\(HTMLText(Self.anchor(text)).markup)\"" : ""
            return "<h\(level)\(name)>\(HTMLText(mixed: VisibleText.line(text)).markup)</h\(level)>"
        case .paragraph(let text):
            return "<p>\(HTMLText(mixed: text).markup)</p>"
        case .facts(let facts):
            let items = facts.map { fact in
                let value = fact.value.isEmpty ? "–" : fact.value
                return "<dt>\(HTMLText(mixed: fact.name).markup)</dt><dd>\(HTMLText(mixed: value).markup)</dd>"
            }
            return "<dl>\n" + items.joined(separator: "\n") + "\n</dl>"
        case .list(let items):
            return "<ul>\n" + items.map { "<li>\(HTMLText(mixed: $0).markup)</li>" }.joined(separator: "\n") + "\n</ul>"
        case .table(let table):
            return templates.table.render(TableView(table))
        case .chart(let chart):
            return SVGChart.render(chart).markup
        case .verbatim(let label, let text, let language):
            // The parser drops a line feed right after the tag, so one is given to it.
            let text = HTMLText(text).markup
            let label = HTMLText(mixed: VisibleText.line(label)).markup
            // A code that is no language tag would be wrong in the attribute.
            let tag = language.flatMap { LanguageTag($0) }.map { " lang=\"\(HTMLText($0.description).markup)\"" } ?? ""
            return "<p class=\"label\">\(label)</p>\n<pre dir=\"auto\"\(tag)>\n\(text)</pre>"
        case .fold(let title, let blocks):
            return templates.fold.render(
                FoldView(title: HTMLText(mixed: VisibleText.line(title)), body: render(blocks)))
        }
    }

    /// A name for links: lower-case ASCII letters and digits, hyphens between.
    static func anchor(_ text: String) -> String {
        let words = text.lowercased().unicodeScalars.split { !("a"..."z").contains($0) && !("0"..."9").contains($0) }
        return words.map { String($0) }.joined(separator: "-")
    }
}

private struct PageView {
    let title: HTMLText
    let heading: HTMLText
    let style: HTMLText
    let links: [LinkView]
    let body: HTMLText
}

private struct LinkView {
    let name: HTMLText
    let text: HTMLText
}

private struct FoldView {
    let title: HTMLText
    let body: HTMLText
}

private struct TableView {
    let label: HTMLText
    let caption: HTMLText
    let columns: [CellView]
    let rows: [RowView]
    let notes: [HTMLText]
    let hasNotes: Bool

    init(_ table: ReportTable) {
        label = HTMLText(VisibleText.line(table.caption))
        caption = HTMLText(mixed: VisibleText.line(table.caption))
        columns = table.columns.enumerated().map { CellView($1, isNumeric: table.isNumeric[$0]) }
        rows = table.rows.map { RowView($0, isNumeric: table.isNumeric) }
        notes = table.notes.map { HTMLText(mixed: $0) }
        hasNotes = !notes.isEmpty
    }
}

private struct RowView {
    let rowClass: HTMLText
    let head: HTMLText
    let cells: [CellView]

    init(_ row: ReportTable.Row, isNumeric: [Bool]) {
        rowClass = HTMLText(trusted: row.isApart ? " class=\"apart\"" : "")
        head = HTMLText(mixed: row.cells.first.map { VisibleText.line($0.text) } ?? "")
        cells = zip(row.cells, isNumeric).dropFirst().map { CellView($0, isNumeric: $1) }
    }
}

private struct CellView {
    let kind: HTMLText
    let text: HTMLText
    let detail: [HTMLText]

    init(_ cell: ReportTable.Cell, isNumeric: Bool) {
        kind = HTMLText(isNumeric ? "number" : "word")
        let plain = HTMLText(mixed: VisibleText.line(cell.text))
        text = cell.isStrong ? HTMLText(trusted: "<strong>\(plain.markup)</strong>") : plain
        detail = cell.detail.isEmpty ? [] : [HTMLText(mixed: VisibleText.line(cell.detail))]
    }
}
