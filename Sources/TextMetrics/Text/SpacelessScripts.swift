extension Unicode.Scalar {
    /// Whether a letter's script writes words without blanks between them; ask for the category first.
    ///
    /// These are Han and Kana, and the scripts that Unicode's line breaking calls complex-context (class SA), because
    /// only a dictionary finds their words: Thai, Lao, Khmer, Myanmar and the Tai scripts. The standard library does not
    /// have that property, so the blocks stand here; a test holds them against Unicode's own table.
    package var isOfScriptWithoutBlanks: Bool { isHan || isKana || isOfComplexScript }

    /// Whether the scalar is a Han ideograph or sign: the unified blocks with extensions A to J, the compatibility blocks,
    /// numerals and iteration marks.
    package var isHan: Bool {
        switch value {
        case 0x3005...0x3007, 0x3021...0x3029, 0x3038...0x303C, 0x16FE3, 0x16FF2...0x16FF6: true
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF, 0x323B0...0x3347F: true
        default: false
        }
    }

    /// Whether the scalar is in a block of Hiragana or Katakana.
    package var isKana: Bool {
        switch value {
        case 0x3031...0x3035, 0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F, 0x1AFF0...0x1B16F: true
        default: false
        }
    }

    /// Whether the scalar is in a block of line-breaking class SA.
    private var isOfComplexScript: Bool {
        switch value {
        case 0x0E00...0x0EFF: true  // Thai, Lao
        case 0x1000...0x109F, 0xA9E0...0xA9FF, 0xAA60...0xAA7F: true  // Myanmar
        case 0x1780...0x17FF: true  // Khmer
        case 0x1950...0x19DF, 0x1A20...0x1AAF, 0xAA80...0xAADF, 0x11700...0x1174F: true  // Tai Le to Ahom
        default: false
        }
    }
}
