/// The sizes and constants of a decoder-only transformer, as its file states them.
///
/// Letters used in the engine: T rows (tokens) of a step, H hidden size, Q = heads·D query width, K = keyValueHeads·D
/// key and value width, D head size, F feed-forward width, V vocabulary, R rank, L layers.
public struct ModelConfiguration: Sendable, Equatable {
    /// `llama` now; the name in the file.
    public var architecture: String
    /// The name that the file gives its model, e.g. `SmolLM2 135M Instruct`.
    public var name: String
    /// L.
    public var layers: Int
    /// H.
    public var hiddenSize: Int
    /// Query heads of a layer.
    public var heads: Int
    /// Key and value heads of a layer; several query heads share one.
    public var keyValueHeads: Int
    /// D.
    public var headSize: Int
    /// F.
    public var feedForwardSize: Int
    /// V.
    public var vocabularySize: Int
    /// The longest sequence, in tokens; at most `longestContext`, whatever the file promises.
    public var contextLength: Int
    /// Base of the rotary frequencies.
    public var ropeBase: Float
    /// ε inside RMSNorm.
    public var normEpsilon: Float

    /// More positions than this are not tabulated, so that a damaged file cannot ask for all memory.
    public static let longestContext = 1 << 17

    /// Input and output lengths of one linear layer.
    public func shape(of projection: Projection) -> (inputs: Int, outputs: Int) {
        let query = heads * headSize
        let keyValue = keyValueHeads * headSize
        return switch projection {
        case .query: (hiddenSize, query)
        case .key, .value: (hiddenSize, keyValue)
        case .output: (query, hiddenSize)
        case .gate, .up: (hiddenSize, feedForwardSize)
        case .down: (feedForwardSize, hiddenSize)
        }
    }

    /// Every linear layer that an adapter can change, in order of computation.
    public var sites: [AdapterSite] {
        (0..<layers).flatMap { layer in Projection.allCases.map { AdapterSite(layer: layer, projection: $0) } }
    }

    /// Reads and checks the sizes.
    ///
    /// - Throws: `unsupportedArchitecture`, `missingKey`, `badValue`.
    public init(gguf: GGUFFile) throws(ModelError) {
        let metadata = gguf.metadata
        architecture = try metadata.string("general.architecture")
        guard architecture == "llama" else {
            throw ModelError(
                .unsupportedArchitecture,
                "the model's architecture is \"\(architecture)\"; this version runs: llama. Choose another model file",
                file: metadata.file, key: "general.architecture")
        }
        name = try metadata.string("general.name", default: "unnamed")
        let prefix = architecture
        layers = try metadata.int("\(prefix).block_count")
        hiddenSize = try metadata.int("\(prefix).embedding_length")
        heads = try metadata.int("\(prefix).attention.head_count")
        keyValueHeads = try metadata.int("\(prefix).attention.head_count_kv", default: heads)
        guard heads > 0 else { throw Self.bad("attention.head_count", heads, metadata) }
        headSize = try metadata.int("\(prefix).attention.key_length", default: hiddenSize / heads)
        feedForwardSize = try metadata.int("\(prefix).feed_forward_length")
        contextLength = min(try metadata.int("\(prefix).context_length"), Self.longestContext)
        ropeBase = try metadata.float("\(prefix).rope.freq_base", default: 10_000)
        normEpsilon = try metadata.float("\(prefix).attention.layer_norm_rms_epsilon")
        vocabularySize = try gguf.tensor("token_embd.weight").rows
        for (key, value) in [
            ("block_count", layers), ("embedding_length", hiddenSize), ("attention.head_count_kv", keyValueHeads),
            ("attention.key_length", headSize), ("feed_forward_length", feedForwardSize),
            ("context_length", contextLength),
        ] where value <= 0 || value > 1 << 24 {
            throw Self.bad(key, value, metadata)
        }
        guard heads % keyValueHeads == 0 else { throw Self.bad("attention.head_count_kv", keyValueHeads, metadata) }
        guard headSize % 2 == 0 else { throw Self.bad("attention.key_length", headSize, metadata) }
        let rotary = try metadata.int("\(prefix).rope.dimension_count", default: headSize)
        guard rotary == headSize else { throw Self.bad("rope.dimension_count", rotary, metadata) }
        let scaling = try metadata.string("\(prefix).rope.scaling.type", default: "none")
        guard scaling == "none" || gguf.tensor(named: "rope_freqs.weight") == nil else {
            throw ModelError(
                .unsupportedArchitecture, "rotary scaling \"\(scaling)\" is not supported by this version",
                file: metadata.file, key: "\(prefix).rope.scaling.type")
        }
    }

    private static func bad(_ key: String, _ value: Int, _ metadata: GGUFMetadata) -> ModelError {
        ModelError(
            .badValue, "\(value) is not a size that this version can run; is the file damaged?", file: metadata.file,
            key: key)
    }
}
