/// Turns text into token ids and back, with the vocabulary and merges of a GGUF file.
///
/// Two kinds: byte-level byte-pair encoding (`tokenizer.ggml.model` = `gpt2`) with the pre-tokenizers of ``PreTokenizer``,
/// and SentencePiece's (`llama`), which Gemma and Llama 2 have. The ids are those of the reference tokenizers.
///
/// ```swift
/// let tokenizer = try Tokenizer(gguf: file)
/// let ids = tokenizer.encode(document, parseSpecial: false)
/// let text = tokenizer.decode(ids)
/// ```
public final class Tokenizer: Sendable {
    private let vocabulary: Vocabulary
    private let encoder: any TextEncoder
    /// Whether the text of the first token begins with a blank that encoding has put there.
    private let addsBlank: Bool
    private let userDefined: SpecialTokenFinder
    private let special: SpecialTokenFinder

    /// The token before a text, `bos`, if the file names one; `encode` never adds it.
    public let beginToken: Int32?
    /// The token after a text, `eos`; `encode` never adds it.
    public let endToken: Int32
    /// Whether the file asks for `beginToken` at the start of a prompt (`tokenizer.ggml.add_bos_token`).
    ///
    /// Where it does not say: true for SentencePiece and Llama 3, false otherwise.
    public let addsBeginToken: Bool
    /// The tokens at which generation stops: `eos`, `eot`, `eom`, and control tokens ending a turn in some format.
    public let endOfTurnTokens: Set<Int32>

    /// Names of control tokens that end a turn or a text in the chat formats in use.
    private static let endNames = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<|eom_id|>", "<|end|>", "<end_of_turn>",
        "</s>",
    ]

    /// Reads the vocabulary of a model file.
    ///
    /// - Throws: `unsupportedTokenizer`, or `missingKey` and `badValue` naming the metadata key.
    public convenience init(gguf: GGUFFile) throws(ModelError) {
        let metadata = gguf.metadata
        let key = "tokenizer.ggml.model"
        switch try metadata.string(key) {
        case "gpt2": try self.init(metadata, preTokenizer: Self.preTokenizer(metadata))
        case "llama": try self.init(sentencePiece: metadata)
        case let kind:
            throw ModelError(
                .unsupportedTokenizer,
                "vocabularies of kind '\(kind)' are not read, those of 'gpt2' and 'llama' are; choose another model file",
                file: metadata.file, key: key)
        }
    }

    /// Reads a byte-level vocabulary, and takes another pre-tokenizer than the one that the file names.
    package convenience init(_ metadata: GGUFMetadata, preTokenizer: PreTokenizer) throws(ModelError) {
        let vocabulary = try Vocabulary(metadata, .byteAlphabet)
        let encoder = ByteLevelEncoder(preTokenizer, try MergeTable(metadata, vocabulary), vocabulary)
        try self.init(metadata, vocabulary, encoder, addsBlank: false, addsBeginToken: preTokenizer.addsBeginToken)
    }

    private convenience init(sentencePiece metadata: GGUFMetadata) throws(ModelError) {
        let vocabulary = try Vocabulary(metadata, .sentencePiece)
        let addsBlank = try metadata.bool("tokenizer.ggml.add_space_prefix", default: true)
        let encoder = SentencePieceEncoder(
            try PieceMerges(metadata, vocabulary), byteTokens: vocabulary.byteTokens,
            unknown: try Self.token("unknown", metadata, vocabulary), addsBlank: addsBlank)
        try self.init(metadata, vocabulary, encoder, addsBlank: addsBlank, addsBeginToken: true)
    }

    private init(
        _ metadata: GGUFMetadata, _ vocabulary: Vocabulary, _ encoder: any TextEncoder, addsBlank: Bool,
        addsBeginToken: Bool
    ) throws(ModelError) {
        self.vocabulary = vocabulary
        self.encoder = encoder
        self.addsBlank = addsBlank
        userDefined = SpecialTokenFinder(vocabulary.all(.userDefined), in: vocabulary)
        special = SpecialTokenFinder(
            vocabulary.all(.userDefined) + vocabulary.all(.control) + vocabulary.all(.unknown), in: vocabulary)
        beginToken = try Self.token("bos", metadata, vocabulary)
        guard let endToken = try Self.token("eos", metadata, vocabulary) else {
            throw ModelError(
                .missingKey,
                "the file names no token that ends a text, so generation could not stop; choose another model file",
                file: metadata.file, key: "tokenizer.ggml.eos_token_id")
        }
        self.endToken = endToken
        self.addsBeginToken = try metadata.bool("tokenizer.ggml.add_bos_token", default: addsBeginToken)
        var ends: Set<Int32> = [endToken]
        if let token = try Self.token("eot", metadata, vocabulary) { ends.insert(token) }
        if let token = try Self.token("eom", metadata, vocabulary) { ends.insert(token) }
        for name in Self.endNames {
            if let id = vocabulary.special(Array(name.utf8)), vocabulary.kind(id) == .control { ends.insert(id) }
        }
        endOfTurnTokens = ends
    }

    private static func preTokenizer(_ metadata: GGUFMetadata) throws(ModelError) -> PreTokenizer {
        let key = "tokenizer.ggml.pre"
        let name = try metadata.string(key)
        guard let preTokenizer = PreTokenizer(named: name) else {
            let names = PreTokenizer.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw ModelError(
                .unsupportedTokenizer,
                "the pre-tokenizer '\(name)' is not supported; choose a model with one of \(names)",
                file: metadata.file, key: key)
        }
        return preTokenizer
    }

    private static func token(
        _ role: String, _ metadata: GGUFMetadata, _ vocabulary: Vocabulary
    ) throws(ModelError) -> Int32? {
        let key = "tokenizer.ggml.\(role)_token_id"
        guard metadata[key] != nil else { return nil }
        let id = try metadata.int(key)
        guard (0..<vocabulary.count).contains(id) else {
            throw ModelError.damaged(
                .badValue, "token \(id) is outside the vocabulary of \(vocabulary.count)", file: metadata.file, key: key
            )
        }
        return Int32(id)
    }

    /// How many tokens the vocabulary has.
    public var vocabularySize: Int { vocabulary.count }

    /// The token ids of a text, without begin or end token.
    ///
    /// - Parameters:
    ///   - text: Any text; it is normalised as the model's tokenizer asks for.
    ///   - parseSpecial: Whether control tokens written out in the text become those tokens. Say `false` for text from
    ///     outside, which could otherwise close a turn and open another.
    /// - Returns: The ids. A byte that a byte-level vocabulary has no token for yields none.
    /// - Complexity: O(n log n) in the length of the longest piece, O(n) otherwise. SentencePiece's text is one piece.
    public func encode(_ text: String, parseSpecial: Bool = true) -> [Int32] {
        encode([parseSpecial ? .markup(text) : .content(text)])
    }

    /// The token ids of a prompt made of parts.
    ///
    /// Control tokens are recognised in the markup alone. Ordinary text runs on from part to part as if it were one, so
    /// the ids are those of the whole text wherever the content holds no control token.
    func encode(_ parts: [PromptPart]) -> [Int32] {
        var result: [Int32] = []
        var pending: [UInt8] = []
        for part in parts {
            switch part {
            case .content(let text): pending += text.utf8
            case .markup(let text):
                special.split(Array(text.utf8)) { ordinary, token in
                    pending += ordinary
                    guard let token else { return }
                    encodeOrdinary(pending, &result)
                    pending.removeAll(keepingCapacity: true)
                    result.append(token)
                }
            }
        }
        encodeOrdinary(pending, &result)
        return result
    }

    /// Encodes UTF-8 without control tokens; user-defined tokens are found in any text.
    private func encodeOrdinary(_ text: [UInt8], _ result: inout [Int32]) {
        userDefined.split(text) { ordinary, token in
            if !ordinary.isEmpty { encoder.encode(Array(ordinary), into: &result) }
            if let token { result.append(token) }
        }
    }

    /// The bytes that tokens stand for; a cut-off character stays cut off.
    ///
    /// - Parameters:
    ///   - tokens: Token ids.
    ///   - skipSpecial: Whether control tokens give nothing; otherwise they give their names.
    /// - Returns: The bytes, without the blank that encoding puts before a text in some vocabularies; an id outside the
    ///   vocabulary gives those of U+FFFD.
    public func decodeBytes(_ tokens: [Int32], skipSpecial: Bool = true) -> [UInt8] {
        var result: [UInt8] = []
        for id in tokens {
            guard let bytes = vocabulary.bytes(id) else {
                result += "\u{FFFD}".utf8
                continue
            }
            if skipSpecial, isControl(id) { continue }
            result += bytes
        }
        if addsBlank, result.first == UInt8(ascii: " ") { result.removeFirst() }
        return result
    }

    /// The text that tokens stand for; bytes that are not UTF-8 become U+FFFD.
    ///
    /// - Parameters:
    ///   - tokens: Token ids.
    ///   - skipSpecial: Whether control tokens give nothing; otherwise they give their names.
    /// - Returns: The text.
    public func decode(_ tokens: [Int32], skipSpecial: Bool = true) -> String {
        String(decoding: decodeBytes(tokens, skipSpecial: skipSpecial), as: UTF8.self)
    }

    /// Whether a token steers the model rather than standing for text.
    public func isControl(_ token: Int32) -> Bool {
        let kind = vocabulary.kind(token)
        return kind == .control || kind == .unknown
    }

    /// The control or user-defined token of a name such as `<|im_end|>`, else the ordinary token of the same bytes.
    public func token(named name: String) -> Int32? {
        let bytes = Array(name.utf8)
        return vocabulary.special(bytes) ?? vocabulary.ordinary(bytes)
    }
}
