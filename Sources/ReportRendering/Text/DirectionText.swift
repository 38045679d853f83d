/// Right-to-left words inside text of ours, so that they can be kept from reordering what stands around them.
///
/// Without that, the number behind an Arabic or Hebrew name would be drawn before it, and a Markdown row with such a cell
/// would show its columns in another order.
enum DirectionText {
    /// The text with every run of right-to-left words between `open` and `close`.
    ///
    /// A run goes from one right-to-left letter to the last before a letter of another kind, with the blanks, digits and
    /// marks between them.
    static func isolating(
        _ text: String, open: (_ result: inout String) -> Void, close: (_ result: inout String) -> Void,
        append: (_ scalar: Unicode.Scalar, _ result: inout String) -> Void
    ) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var place = 0
        while place < scalars.count {
            guard isRightToLeft(scalars[place]) else {
                append(scalars[place], &result)
                place += 1
                continue
            }
            var end = place
            for next in place..<scalars.count {
                if isRightToLeft(scalars[next]) || scalars[next].properties.isGraphemeExtend && next == end + 1 {
                    end = next
                } else if scalars[next].properties.isAlphabetic {
                    break
                }
            }
            open(&result)
            for scalar in scalars[place...end] { append(scalar, &result) }
            close(&result)
            place = end + 1
        }
        return result
    }

    /// The same with the marks U+2068 and U+2069, for text in which there are no elements.
    static func marked(_ text: String) -> String {
        isolating(
            text, open: { $0 += "\u{2068}" }, close: { $0 += "\u{2069}" }, append: { $1.unicodeScalars.append($0) })
    }

    /// Whether a scalar is a letter or sign of a right-to-left script.
    ///
    /// By the blocks for which Unicode sets bidirectional class R or AL even for what is not assigned yet
    /// (DerivedBidiClass.txt); of what they hold only letters are strong.
    static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x590: false
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
            scalar.properties.isAlphabetic && !scalar.properties.isGraphemeExtend
        default: false
        }
    }
}
