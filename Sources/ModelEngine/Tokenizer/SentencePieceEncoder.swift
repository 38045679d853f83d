/// Byte-pair encoding as SentencePiece has it: the whole text is one piece of characters, and blanks are characters too.
///
/// A character without a token of its own is spelled in byte tokens, and where those are missing too becomes the unknown
/// token, one for a run of them.
///
/// Source: Kudo and Richardson, "SentencePiece" (2018).
struct SentencePieceEncoder: TextEncoder {
    private let pieces: PieceMerges
    private let byteTokens: [Int32?]
    private let unknown: Int32?
    private let addsBlank: Bool

    /// An encoder.
    ///
    /// - Parameters:
    ///   - pieces: The vocabulary's merges.
    ///   - byteTokens: The token `<0xNN>` of each of the 256 byte values.
    ///   - unknown: What stands for a character that cannot be spelled; nil leaves it out.
    ///   - addsBlank: Whether a blank is put before the text.
    init(_ pieces: PieceMerges, byteTokens: [Int32?], unknown: Int32?, addsBlank: Bool) {
        self.pieces = pieces
        self.byteTokens = byteTokens
        self.unknown = unknown
        self.addsBlank = addsBlank
    }

    func encode(_ text: [UInt8], into result: inout [Int32]) {
        if text.isEmpty { return }
        let text = BlankSymbol.blanks(in: addsBlank ? [UInt8(ascii: " ")] + text : text)
        var symbols: [Int32] = []
        symbols.reserveCapacity(text.count)
        var start = 0
        while start < text.count {
            var end = start + 1
            while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
            append(text[start..<end], to: &symbols)
            start = end
        }
        var merger = PairMerger(pieces)
        merger.merge(&symbols)
        result += symbols
    }

    private func append(_ character: ArraySlice<UInt8>, to symbols: inout [Int32]) {
        if let id = pieces.token(character) {
            symbols.append(id)
            return
        }
        let spelled = character.compactMap { byteTokens[Int($0)] }
        if spelled.count == character.count {
            symbols += spelled
        } else if let unknown, symbols.last != unknown {
            symbols.append(unknown)
        }
    }
}

/// U+2581 "▁", which stands for a blank in SentencePiece vocabularies.
///
/// The reference writes blanks as U+2581 before encoding and U+2581 as blanks after decoding. Here a blank stays one
/// byte: U+2581 becomes a blank in tokens and in text, which tells the same texts apart.
enum BlankSymbol {
    private static let bytes = Array("\u{2581}".utf8)

    /// The text with U+2581 written as blanks.
    static func blanks(in text: [UInt8]) -> [UInt8] {
        guard text.contains(bytes[0]) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index...].starts(with: bytes) {
                result.append(UInt8(ascii: " "))
                index += bytes.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    /// A run of blanks written as U+2581; any other text as it is.
    static func symbols(for text: ArraySlice<UInt8>) -> [UInt8] {
        text.allSatisfy { $0 == UInt8(ascii: " ") } ? text.flatMap { _ in bytes } : Array(text)
    }
}
