/// A piece of a report without layout; HTML and Markdown are rendered from the same pieces.
///
/// All strings are plain text: the renderers escape them.
package indirect enum ReportBlock: Sendable {
    /// A heading of level 2 or 3; a section's name in links for level 2.
    case heading(level: Int, String)
    /// A paragraph.
    case paragraph(String)
    /// Names with values, such as a hash.
    case facts([(name: String, value: String)])
    /// A bulleted list.
    case list([String])
    /// A table.
    case table(ReportTable)
    /// A drawing; Markdown leaves it out, since the table beside it says the same.
    case chart(IntervalChart)
    /// Text shown as it is, under a label; with the code of its language where it is text of a corpus or model.
    case verbatim(label: String, String, language: String? = nil)
    /// Blocks that are shown on demand.
    case fold(title: String, [ReportBlock])
}

/// A table whose first column names the rows.
package struct ReportTable: Sendable {
    /// One value: the text, and what stands below or behind it.
    package struct Cell: Sendable {
        package var text: String
        package var detail: String
        package var isStrong: Bool

        package init(_ text: String, detail: String = "", isStrong: Bool = false) {
            self.text = text
            self.detail = detail
            self.isStrong = isStrong
        }
    }

    /// A row.
    package struct Row: Sendable {
        package var cells: [Cell]
        /// Whether it is set apart, as sanity rows are.
        package var isApart: Bool

        package init(_ cells: [Cell], isApart: Bool = false) {
            self.cells = cells
            self.isApart = isApart
        }
    }

    package var caption: String
    package var columns: [Cell]
    package var rows: [Row]
    /// Which columns hold numbers; the others hold words.
    package var isNumeric: [Bool]
    /// What stands under the table.
    package var notes: [String]

    package init(caption: String, columns: [Cell], isNumeric: [Bool]? = nil, rows: [Row], notes: [String] = []) {
        self.caption = caption
        self.columns = columns
        self.isNumeric = isNumeric ?? columns.indices.map { $0 > 0 }
        self.rows = rows
        self.notes = notes
    }
}

/// Points with their intervals, one a row, on one axis.
package struct IntervalChart: Sendable {
    /// A row of the chart.
    package struct Row: Sendable {
        package var label: String
        package var value: Double
        package var interval: ClosedRange<Double>?
        package var isApart: Bool

        package init(label: String, value: Double, interval: ClosedRange<Double>?, isApart: Bool = false) {
            self.label = label
            self.value = value
            self.interval = interval
            self.isApart = isApart
        }
    }

    /// Names the drawing inside a page; letters, digits and hyphens.
    package var name: String
    package var title: String
    package var rows: [Row]
    /// Places in `rows` after which a line is drawn.
    package var separators: [Int]

    package init(name: String, title: String, rows: [Row], separators: [Int] = []) {
        self.name = name
        self.title = title
        self.rows = rows
        self.separators = separators
    }
}
