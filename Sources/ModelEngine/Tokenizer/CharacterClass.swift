/// What the pre-tokenizers' regular expressions tell apart.
///
/// Characters that came with Unicode 17 count as what they are; the reference tokenizers' expressions, at Unicode 16,
/// take them for something else. All others agree.
enum CharacterClass: UInt8, Sendable {
    /// `\p{L}`: general categories Lu, Ll, Lt, Lm, Lo.
    case letter
    /// `\p{N}`: general categories Nd, Nl, No.
    case number
    /// `\s`: the property White_Space (which leaves out U+001C…U+001F, unlike some languages' `isspace`).
    case blank
    /// Everything else, marks included.
    case other

    /// The class of one character, from the standard library's Unicode tables.
    init(_ scalar: Unicode.Scalar) {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
        case .decimalNumber, .letterNumber, .otherNumber: self = .number
        default: self = scalar.properties.isWhitespace ? .blank : .other
        }
    }

    private static let ascii: [CharacterClass] = (0..<0x80).map { (byte: UInt8) in
        CharacterClass(Unicode.Scalar(byte))
    }

    /// The class of every byte of a UTF-8 text: that of the character it belongs to.
    ///
    /// - Precondition: `text` is valid UTF-8.
    static func classify(_ text: [UInt8]) -> [CharacterClass] {
        let ascii = ascii
        var classes = [CharacterClass](repeating: .other, count: text.count)
        var index = 0
        while index < text.count {
            let first = text[index]
            if first < 0x80 {
                classes[index] = ascii[Int(first)]
                index += 1
                continue
            }
            // 110xxxxx 10xxxxxx, 1110xxxx + 2, 11110xxx + 3
            let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            precondition(index + length <= text.count, "the text is not UTF-8")
            var value = UInt32(first) & (0xFF >> (UInt32(length) + 1))
            for next in text[index + 1..<index + length] { value = value << 6 | UInt32(next & 0x3F) }
            let kind = Unicode.Scalar(value).map { CharacterClass($0) } ?? .other
            for position in index..<index + length { classes[position] = kind }
            index += length
        }
        return classes
    }
}
