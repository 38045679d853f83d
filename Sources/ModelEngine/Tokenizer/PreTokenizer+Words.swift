extension PreTokenizer {
    /// Splits by the expression that Llama 3 and Qwen 2 share but for the length of numbers, n = 3 and 1.
    ///
    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,n}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
    static func scanWords(
        _ text: [UInt8], _ classes: [CharacterClass], _ range: Range<Int>, numbers: Int, _ body: (Range<Int>) -> Void
    ) {
        let limit = range.upperBound
        var start = range.lowerBound
        while start < limit {
            let end: Int
            // (?i:'s|'t|'re|'ve|'m|'ll|'d)
            let contraction = foldedContractionLength(text, start, limit)
            let first = characterEnd(text, start, limit)
            if contraction > 0 {
                end = start + contraction
            } else if let word = wordEnd(text, classes, start, first, limit) {
                end = word
            } else if classes[start] == .number {
                // \p{N}{1,n}
                var (last, count) = (first, 1)
                while count < numbers, last < limit, classes[last] == .number {
                    last = characterEnd(text, last, limit)
                    count += 1
                }
                end = last
            } else if let symbols = symbolsEnd(text, classes, start, first, limit) {
                end = symbols
            } else {
                end = blanksEnd(text, classes, start, limit)
            }
            body(start..<end)
            start = end
        }
    }

    /// `[^\r\n\p{L}\p{N}]?\p{L}+`
    private static func wordEnd(
        _ text: [UInt8], _ classes: [CharacterClass], _ start: Int, _ first: Int, _ limit: Int
    ) -> Int? {
        if classes[start] == .letter { return runEnd(classes, start, limit) }
        guard classes[start] != .number, !isLineEnd(text[start]), first < limit, classes[first] == .letter else {
            return nil
        }
        return runEnd(classes, first, limit)
    }

    /// ` ?[^\s\p{L}\p{N}]+[\r\n]*`
    private static func symbolsEnd(
        _ text: [UInt8], _ classes: [CharacterClass], _ start: Int, _ first: Int, _ limit: Int
    ) -> Int? {
        let symbol = text[start] == UInt8(ascii: " ") ? first : start
        guard symbol < limit, classes[symbol] == .other else { return nil }
        var end = runEnd(classes, symbol, limit)
        while end < limit, isLineEnd(text[end]) { end += 1 }
        return end
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, where the text has a blank.
    private static func blanksEnd(_ text: [UInt8], _ classes: [CharacterClass], _ start: Int, _ limit: Int) -> Int {
        let end = runEnd(classes, start, limit)
        // \s*[\r\n]+ goes as far as the last line end of the run.
        if let last = text[start..<end].lastIndex(where: isLineEnd) { return last + 1 }
        if end == limit { return end }
        // \s+(?!\S): all but the last blank, if there are two at least; else \s+
        let last = characterStart(text, end)
        return last > start ? last : end
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    /// Length of the contraction that starts here in either case, or 0; U+017F "ſ" is another case of "s".
    private static func foldedContractionLength(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        guard text[start] == UInt8(ascii: "'"), start + 1 < limit else { return 0 }
        // Sets ASCII letters in lower case; no other byte becomes a letter that is asked for below.
        let first = text[start + 1] | 0x20
        let second = start + 2 < limit ? text[start + 2] : 0
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"): return second | 0x20 == UInt8(ascii: "e") ? 3 : 0
        case UInt8(ascii: "l"): return second | 0x20 == UInt8(ascii: "l") ? 3 : 0
        default: return text[start + 1] == 0xC5 && second == 0xBF ? 3 : 0
        }
    }
}
