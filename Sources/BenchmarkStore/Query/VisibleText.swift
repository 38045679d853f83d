/// Text of a model or corpus in which nothing is hidden: control and direction characters become visible signs.
///
/// Reports, tables and messages show what a model or a stranger's corpus says, so a stray NUL, a right-to-left override or a
/// zero-width space must neither vanish nor change how the text around it reads, and no escape may steer a terminal.
package enum VisibleText {
    /// The text with its control characters made visible; line feeds and tabs stay.
    ///
    /// C0 controls become their control pictures (`␀`), a CRLF pair one line feed, everything else invisible `⟦U+202E⟧`.
    /// The joiners U+200C and U+200D stay: Persian, Indic scripts and emoji need them.
    package static func block(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if scalar == "\r", next == "\n" { continue }
            append(scalar, to: &result)
        }
        return String(result)
    }

    /// The text in one line: runs of white space become one blank, other control characters visible.
    ///
    /// - Parameter limit: the most scalars kept; what is cut is marked by `…`.
    package static func line(_ text: String, limit: Int = 400) -> String {
        var result = String.UnicodeScalarView()
        var count = 0
        var pendingBlank = false
        for scalar in block(text).unicodeScalars {
            if scalar == "\n" || scalar == "\t" || scalar == " " {
                pendingBlank = count > 0
                continue
            }
            if count >= limit {
                result.append("…")
                break
            }
            if pendingBlank { result.append(" ") }
            pendingBlank = false
            result.append(scalar)
            count += 1
        }
        return String(result)
    }

    private static func append(_ scalar: Unicode.Scalar, to result: inout String.UnicodeScalarView) {
        switch scalar.value {
        case 0x09, 0x0A, 0x20...0x7E:
            result.append(scalar)
        case 0x00...0x1F:
            // The control pictures stand in the order of the controls.
            result.append(Unicode.Scalar(0x2400 + scalar.value) ?? scalar)
        case 0x7F:
            result.append("\u{2421}")
        case 0x200C, 0x200D:
            result.append(scalar)
        default:
            if isHidden(scalar) {
                result.append(contentsOf: "⟦U+\(hex(scalar.value))⟧".unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isNoncharacterCodePoint
        }
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
