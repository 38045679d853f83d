/// Numbers as text: a point for decimals, no locale, the same on every system.
package enum NumberText {
    /// A number with a fixed number of decimals, rounded half away from zero; `–` for what is no number.
    package static func fixed(_ value: Double?, decimals: Int = 1) -> String {
        guard let value, value.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let scaled = (abs(value) * scale).rounded(.toNearestOrAwayFromZero)
        guard scaled < 9e15 else { return "\(value)" }
        let digits = String(Int64(scaled))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && scaled > 0 ? "−" : ""
        guard decimals > 0 else { return sign + padded }
        return sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// A difference: as `fixed`, with a plus sign where it is above zero.
    package static func signed(_ value: Double?, decimals: Int = 1) -> String {
        let text = fixed(value, decimals: decimals)
        guard let value, value.isFinite, value > 0, text.contains(where: { ("1"..."9").contains($0) }) else {
            return text
        }
        return "+" + text
    }

    /// A range: `30.1 to 34.9`; `–` where it is unknown.
    package static func range(_ range: ClosedRange<Double>?, decimals: Int = 1, signed: Bool = false) -> String {
        guard let range else { return "–" }
        let text = signed ? Self.signed(_:decimals:) : Self.fixed(_:decimals:)
        return "\(text(range.lowerBound, decimals)) to \(text(range.upperBound, decimals))"
    }

    /// A p-value to three decimals, `<0.001` below that.
    package static func probability(_ p: Double?) -> String {
        guard let p, p.isFinite else { return "–" }
        return p < 0.001 ? "<0.001" : fixed(p, decimals: 3)
    }

    /// A count with a narrow blank between thousands: `1 234 567`.
    package static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var result = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { result += "\u{202F}" }
            result.append(digit)
        }
        return (value < 0 ? "−" : "") + result
    }

    /// Bytes in the largest unit that keeps the number above 1: `640 B`, `12.5 kB`, `3.1 MB`.
    package static func bytes(_ value: Int) -> String {
        var scaled = Double(value)
        var unit = "B"
        for larger in ["kB", "MB", "GB", "TB"] where scaled >= 1000 {
            scaled /= 1000
            unit = larger
        }
        return unit == "B" ? "\(value) B" : "\(fixed(scaled)) \(unit)"
    }

    /// A share of 0…1 in per cent without its sign: `94.8`.
    package static func percent(_ share: Double?, decimals: Int = 0) -> String {
        fixed(share.map { $0 * 100 }, decimals: decimals)
    }
}
