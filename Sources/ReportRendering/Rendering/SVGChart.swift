import BenchmarkStore

/// A horizontal plot of means with their intervals, drawn as SVG that takes its colours from the page.
package enum SVGChart {
    private static let width = 360.0
    private static let plotLeft = 140.0
    private static let plotRight = 318.0
    private static let rowHeight = 18.0
    private static let top = 8.0

    /// The chart as one `svg` element.
    package static func render(_ chart: IntervalChart) -> HTMLText {
        let axis = Axis(
            chart.rows.flatMap { [$0.value, $0.interval?.lowerBound ?? $0.value, $0.interval?.upperBound ?? $0.value] })
        let bottom = top + rowHeight * Double(chart.rows.count)
        let height = bottom + 22
        let title = HTMLText(VisibleText.line(chart.title)).markup
        var parts = [
            """
            <svg class="chart" viewBox="0 0 \(number(width)) \(number(height))" role="img" \
            aria-labelledby="\(chart.name)-title"><title id="\(chart.name)-title">\(title)</title>
            """
        ]
        for tick in axis.ticks {
            let x = number(position(tick, axis))
            parts.append(
                """
                <line class="grid" x1="\(x)" x2="\(x)" y1="\(number(top))" y2="\(number(bottom))"/>\
                <text class="tick" x="\(x)" y="\(number(bottom + 14))">\(axis.label(tick))</text>
                """)
        }
        for (place, row) in chart.rows.enumerated() { parts.append(draw(row, place, axis)) }
        for separator in chart.separators where separator < chart.rows.count {
            let y = number(top + rowHeight * Double(separator))
            parts.append("<line class=\"cut\" x1=\"0\" x2=\"\(number(width))\" y1=\"\(y)\" y2=\"\(y)\"/>")
        }
        parts.append("</svg>")
        return HTMLText(trusted: parts.joined(separator: "\n"))
    }

    private static func draw(_ row: IntervalChart.Row, _ place: Int, _ axis: Axis) -> String {
        let y = top + rowHeight * (Double(place) + 0.5)
        let x = position(row.value, axis)
        let label = HTMLText(VisibleText.line(row.label, limit: 22)).markup
        var text = "<text class=\"name\" x=\"\(number(plotLeft - 10))\" y=\"\(number(y + 3.5))\">\(label)</text>"
        if let interval = row.interval {
            let ends = [interval.lowerBound, interval.upperBound].map { number(position($0, axis)) }
            text +=
                "<line class=\"interval\" x1=\"\(ends[0])\" x2=\"\(ends[1])\" y1=\"\(number(y))\" y2=\"\(number(y))\"/>"
        }
        let kind = row.isApart ? "apart" : "point"
        text += "<circle class=\"\(kind)\" cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"3\"/>"
        let value = NumberText.fixed(row.value)
        return text + "<text class=\"value\" x=\"\(number(width - 2))\" y=\"\(number(y + 3.5))\">\(value)</text>"
    }

    private static func position(_ value: Double, _ axis: Axis) -> Double {
        plotLeft + (plotRight - plotLeft) * min(max((value - axis.low) / (axis.high - axis.low), 0), 1)
    }

    /// Coordinates are never below 0, so the typographic minus of `NumberText` cannot occur.
    private static func number(_ value: Double) -> String { NumberText.fixed(max(value, 0), decimals: 1) }

    /// Three to seven round ticks around the values.
    private struct Axis {
        let low: Double
        let high: Double
        let ticks: [Double]
        private let decimals: Int

        init(_ values: [Double]) {
            let finite = values.filter(\.isFinite)
            let smallest = min(finite.min() ?? 0, 0)
            let largest = max(finite.max() ?? 1, smallest + 1e-6)
            var step = 1e-6
            // 1, 2, 5, 10, …: the first step that needs no more than six.
            var factors = [2.0, 2.5, 2.0]
            while (largest - smallest) / step > 6 {
                step *= factors[0]
                factors.append(factors.removeFirst())
            }
            low = (smallest / step).rounded(.down) * step
            let count = Int(((largest - low) / step).rounded(.up))
            let start = low
            ticks = (0...max(count, 1)).map { start + Double($0) * step }
            high = start + Double(max(count, 1)) * step
            decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 3
        }

        func label(_ tick: Double) -> String { NumberText.fixed(tick, decimals: decimals) }
    }
}
