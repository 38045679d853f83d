/// The tokens of a model: the bytes that each stands for, and its kind.
struct Vocabulary: Sendable {
    /// How tokens are written in the file.
    enum Spelling: Sendable {
        /// One character for each byte (`ByteAlphabet`).
        case byteAlphabet
        /// Text with U+2581 for blanks, and `<0xNN>` for single bytes.
        case sentencePiece
    }

    /// What a token is for; the raw values are those of `tokenizer.ggml.token_type`.
    enum Kind: UInt8, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    private let spelling: Spelling
    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    private var kinds: [Kind] = []
    private var ids: [[UInt8]: Int32] = [:]
    private var controls: [[UInt8]: Int32] = [:]
    /// The tokens `<0xNN>` of a SentencePiece vocabulary by byte value.
    private(set) var byteTokens: [Int32?] = Array(repeating: nil, count: 256)

    /// How many tokens there are.
    var count: Int { kinds.count }

    /// Reads tokens and their kinds; a file without kinds has normal tokens only.
    ///
    /// - Throws: `missingKey`, `badValue`.
    init(_ metadata: GGUFMetadata, _ spelling: Spelling) throws(ModelError) {
        self.spelling = spelling
        let tokens = try metadata.strings("tokenizer.ggml.tokens")
        let types = try metadata.ints("tokenizer.ggml.token_type", default: [])
        guard !tokens.isEmpty, tokens.count <= Int(Int32.max), types.isEmpty || types.count == tokens.count else {
            throw ModelError.damaged(
                .badValue, "there are \(tokens.count) tokens but \(types.count) token types", file: metadata.file,
                key: "tokenizer.ggml.token_type")
        }
        ids.reserveCapacity(tokens.count)
        for (index, token) in tokens.enumerated() {
            guard let kind = types.isEmpty ? .normal : UInt8(exactly: types[index]).flatMap(Kind.init) else {
                throw ModelError.damaged(
                    .badValue, "token \(index) has the unknown type \(types[index])", file: metadata.file,
                    key: "tokenizer.ggml.token_type")
            }
            guard let value = Self.bytes(token, kind, spelling) else {
                throw ModelError.damaged(
                    .badValue, "token \(index), '\(token)', is a byte's but not written as <0x00> to <0xFF>",
                    file: metadata.file, key: "tokenizer.ggml.tokens")
            }
            append(value, kind, Int32(index))
        }
    }

    private static func bytes(_ token: String, _ kind: Kind, _ spelling: Spelling) -> [UInt8]? {
        switch (spelling, kind) {
        // A token that is not written in the byte alphabet stands for its own UTF-8, as added tokens do.
        case (.byteAlphabet, .normal), (.byteAlphabet, .unused), (.byteAlphabet, .byte):
            return ByteAlphabet.bytes(of: token) ?? Array(token.utf8)
        case (.byteAlphabet, _), (.sentencePiece, .control), (.sentencePiece, .unknown): return Array(token.utf8)
        case (.sentencePiece, .byte):
            guard token.utf8.count == 6, token.hasPrefix("<0x"), token.hasSuffix(">") else { return nil }
            let digits = token.dropFirst(3).dropLast()
            return digits.allSatisfy(\.isHexDigit) ? UInt8(digits, radix: 16).map { [$0] } : nil
        case (.sentencePiece, _): return BlankSymbol.blanks(in: Array(token.utf8))
        }
    }

    private mutating func append(_ value: [UInt8], _ kind: Kind, _ id: Int32) {
        bytes += value
        starts.append(bytes.count)
        kinds.append(kind)
        // Where two tokens stand for the same bytes, the first has them.
        if kind == .control || kind == .userDefined || kind == .unknown {
            if controls[value] == nil { controls[value] = id }
        } else if spelling == .sentencePiece, kind == .byte {
            if byteTokens[Int(value[0])] == nil { byteTokens[Int(value[0])] = id }
        } else if ids[value] == nil {
            ids[value] = id
        }
    }

    /// The kind of a token; nil outside the vocabulary.
    func kind(_ id: Int32) -> Kind? { kinds.indices.contains(Int(id)) ? kinds[Int(id)] : nil }

    /// The bytes of a token; nil outside the vocabulary.
    func bytes(_ id: Int32) -> ArraySlice<UInt8>? {
        guard kinds.indices.contains(Int(id)) else { return nil }
        return bytes[starts[Int(id)]..<starts[Int(id) + 1]]
    }

    /// How a control or user-defined token is written in a text that contains it.
    ///
    /// In a SentencePiece vocabulary a token of blanks alone is written with U+2581: blanks are turned into those only
    /// after such tokens have been looked for, so a run of real blanks is merged like other text. That is what the
    /// reference tokenizers do; SentencePiece itself takes such tokens out first, which differs from 17 blanks up.
    func written(_ id: Int32) -> [UInt8]? {
        guard let bytes = bytes(id) else { return nil }
        return spelling == .sentencePiece ? BlankSymbol.symbols(for: bytes) : Array(bytes)
    }

    /// The ordinary token that stands for exactly these bytes.
    func ordinary(_ bytes: [UInt8]) -> Int32? { ids[bytes] }

    /// The control or user-defined token written so.
    func special(_ bytes: [UInt8]) -> Int32? { controls[bytes] }

    /// All tokens of a kind, in ascending order.
    func all(_ kind: Kind) -> [Int32] { kinds.indices.filter { kinds[$0] == kind }.map(Int32.init) }
}
