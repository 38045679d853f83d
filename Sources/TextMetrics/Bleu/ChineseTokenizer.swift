/// The `zh` tokenizer, each Chinese character a token and Western rules for the rest, and `braid-han`, the same put
/// right.
///
/// sacreBLEU writes two ranges beyond U+FFFF with four-digit escapes. They come out as U+2001…U+2A6D and U+2F81…U+2FA1,
/// so that `’ “ … — €` stand alone by mistake, while Extension B, which Cantonese needs, is not cut at all.
enum ChineseTokenizer {
    static func tokens(of text: [Unicode.Scalar], standsAlone: (Unicode.Scalar) -> Bool) -> [[Unicode.Scalar]] {
        let stripped = Array(text.drop(while: \.isPythonWhitespace))
        return Mteval13aTokenizer.westernTokens(of: stripped.padding(where: standsAlone))
    }

    /// What sacreBLEU 2.6 takes for Chinese, faults included.
    static func isChineseAsInSacreBLEU(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DB5, 0x4E00...0x9FBB, 0xF900...0xFA2D, 0xFA30...0xFA6A, 0xFA70...0xFAD9: true
        case 0x2001...0x2A6D, 0x2F81...0x2FA1: true
        default: isChineseSign(scalar)
        }
    }

    /// Every Han ideograph, and the signs and full-width forms that sacreBLEU counts with them.
    static func isChinese(_ scalar: Unicode.Scalar) -> Bool { scalar.isHan || isChineseSign(scalar) }

    /// Radicals, strokes, phonetic symbols, punctuation, full-width forms and the symbol blocks of sacreBLEU's list.
    private static func isChineseSign(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFF00...0xFFEF, 0x2E80...0x2EFF, 0x3000...0x303F, 0x31C0...0x31EF, 0x2F00...0x2FDF, 0x2FF0...0x2FFF: true
        case 0x3100...0x312F, 0x31A0...0x31BF, 0xFE10...0xFE1F, 0xFE30...0xFE4F, 0x2600...0x27BF, 0x3200...0x33FF: true
        default: false
        }
    }
}
