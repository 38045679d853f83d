/// The tokens of a model: the bytes that each stands for, and its kind.
struct Vocabulary: Sendable {
    /// What a token is for; the raw values are those of `tokenizer.ggml.token_type`.
    enum Kind: UInt8, Sendable {
        case normal = 1
        case unknown = 2
        case control = 3
        case userDefined = 4
        case unused = 5
        case byte = 6
    }

    private var bytes: [UInt8] = []
    private var starts: [Int] = [0]
    private var kinds: [Kind] = []
    private var ids: [[UInt8]: Int32] = [:]
    private var controls: [[UInt8]: Int32] = [:]

    /// How many tokens there are.
    var count: Int { kinds.count }

    /// Reads tokens and their kinds; a file without kinds has normal tokens only.
    ///
    /// - Throws: `missingKey`, `badValue`.
    init(_ metadata: GGUFMetadata) throws(ModelError) {
        let tokens = try metadata.strings("tokenizer.ggml.tokens")
        let types = try metadata.ints("tokenizer.ggml.token_type", default: [])
        guard !tokens.isEmpty, tokens.count <= Int(Int32.max), types.isEmpty || types.count == tokens.count else {
            throw ModelError(
                .badValue, "there are \(tokens.count) tokens but \(types.count) token types", file: metadata.file,
                key: "tokenizer.ggml.token_type")
        }
        ids.reserveCapacity(tokens.count)
        for (index, token) in tokens.enumerated() {
            guard let kind = types.isEmpty ? .normal : UInt8(exactly: types[index]).flatMap(Kind.init) else {
                throw ModelError(
                    .badValue, "token \(index) has the unknown type \(types[index])", file: metadata.file,
                    key: "tokenizer.ggml.token_type")
            }
            append(token, kind, Int32(index))
        }
    }

    private mutating func append(_ token: String, _ kind: Kind, _ id: Int32) {
        // A token that is not written in the byte alphabet stands for its own UTF-8, as added tokens do.
        let literal = kind == .control || kind == .userDefined || kind == .unknown
        let value = literal ? Array(token.utf8) : ByteAlphabet.bytes(of: token) ?? Array(token.utf8)
        bytes += value
        starts.append(bytes.count)
        kinds.append(kind)
        // Where two tokens stand for the same bytes, the first has them.
        if literal {
            if controls[value] == nil { controls[value] = id }
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

    /// The ordinary token that stands for exactly these bytes.
    func ordinary(_ bytes: [UInt8]) -> Int32? { ids[bytes] }

    /// The control or user-defined token written so.
    func special(_ bytes: [UInt8]) -> Int32? { controls[bytes] }

    /// All tokens of a kind, in ascending order.
    func all(_ kind: Kind) -> [Int32] { kinds.indices.filter { kinds[$0] == kind }.map(Int32.init) }
}
