/// Splits a text into the pieces within which byte pairs are merged; the raw values are names of `tokenizer.ggml.pre`.
///
/// The scanner works on UTF-8 bytes with one character class per byte, in which the bytes of one character share its
/// class. A run of one class is then a run of equal bytes in the class array.
package enum PreTokenizer: String, Sendable, CaseIterable {
    /// GPT-2's regular expression.
    case gpt2 = "gpt-2"
    /// Every character of \p{N} apart, then GPT-2's expression on what lies between.
    case smollm
    /// Llama 3's expression: words with the character before them, numbers in threes.
    case llama3 = "llama-bpe"
    /// Qwen 2's: Llama 3's, but every character of \p{N} apart.
    case qwen2

    /// The pre-tokenizer that a file names.
    ///
    /// `llama3` and `llama-v3` are older names of `llama-bpe`. StableLM 2 has Qwen 2's expression and normalisation.
    package init?(named name: String) {
        switch name {
        case "llama3", "llama-v3": self = .llama3
        case "stablelm2": self = .qwen2
        default: self.init(rawValue: name)
        }
    }

    /// Whether a piece that is itself a token is taken whole, though merging might not get there.
    var takesWholePieces: Bool { self == .llama3 }

    /// Whether the text is brought into normalisation form C first.
    var composes: Bool { self == .qwen2 }

    /// Whether the models of this pre-tokenizer begin with their begin token where the file does not say.
    var addsBeginToken: Bool { self == .llama3 }

    /// The pieces of a text.
    package func pieces(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        var pieces: [String] = []
        forEachPiece(in: bytes, CharacterClass.classify(bytes), range: bytes.indices) { piece in
            pieces.append(String(decoding: bytes[piece], as: UTF8.self))
        }
        return pieces
    }

    /// Calls `body` with each piece of `text[range]`, in order; together the pieces are the whole range.
    ///
    /// - Parameters:
    ///   - text: UTF-8.
    ///   - classes: `CharacterClass.classify(text)`.
    ///   - range: The part to split; begins and ends between characters.
    ///   - body: Takes the range of one piece.
    func forEachPiece(
        in text: [UInt8], _ classes: [CharacterClass], range: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        switch self {
        case .gpt2: Self.scanGPT2(text, classes, range, body)
        case .smollm: Self.scanSmolLM(text, classes, range, body)
        case .llama3: Self.scanWords(text, classes, range, numbers: 3, body)
        case .qwen2: Self.scanWords(text, classes, range, numbers: 1, body)
        }
    }

    /// Splits at `\p{N}`; each such character is a piece, and an end of text for the pieces before it.
    private static func scanSmolLM(
        _ text: [UInt8], _ classes: [CharacterClass], _ range: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            var end = start
            if classes[start] == .number {
                end = characterEnd(text, start, range.upperBound)
                body(start..<end)
            } else {
                while end < range.upperBound, classes[end] != .number { end += 1 }
                scanGPT2(text, classes, start..<end, body)
            }
            start = end
        }
    }

    /// Splits by GPT-2's expression.
    ///
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
    private static func scanGPT2(
        _ text: [UInt8], _ classes: [CharacterClass], _ range: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        let limit = range.upperBound
        var start = range.lowerBound
        while start < limit {
            var end: Int
            // 's|'t|'re|'ve|'m|'ll|'d
            let contraction = contractionLength(text, start, limit)
            if contraction > 0 {
                end = start + contraction
            } else {
                //  ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+
                end = start
                if text[start] == UInt8(ascii: " ") { end += 1 }
                if end < limit, classes[end] != .blank {
                    end = runEnd(classes, end, limit)
                } else {
                    end = runEnd(classes, start, limit)
                    if end < limit {
                        // \s+(?!\S): all but the last blank, if there are two at least; else \s+
                        let last = characterStart(text, end)
                        if last > start { end = last }
                    }
                }
            }
            body(start..<end)
            start = end
        }
    }

    /// Length of the contraction that starts here, or 0.
    private static func contractionLength(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        guard text[start] == UInt8(ascii: "'"), start + 1 < limit else { return 0 }
        switch text[start + 1] {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            return start + 2 < limit && text[start + 2] == UInt8(ascii: "e") ? 3 : 0
        case UInt8(ascii: "l"): return start + 2 < limit && text[start + 2] == UInt8(ascii: "l") ? 3 : 0
        default: return 0
        }
    }

    static func runEnd(_ classes: [CharacterClass], _ start: Int, _ limit: Int) -> Int {
        let kind = classes[start]
        var end = start + 1
        while end < limit, classes[end] == kind { end += 1 }
        return end
    }

    static func characterEnd(_ text: [UInt8], _ start: Int, _ limit: Int) -> Int {
        var end = start + 1
        while end < limit, text[end] & 0xC0 == 0x80 { end += 1 }
        return end
    }

    /// Where the character that ends at `end` starts.
    static func characterStart(_ text: [UInt8], _ end: Int) -> Int {
        var start = end - 1
        while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}
