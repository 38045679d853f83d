/// The sizes and constants of a decoder-only transformer, as its file states them.
///
/// Letters used in the engine: T rows (tokens) of a step, H hidden size, Q = heads·D query width, K = keyValueHeads·D
/// key and value width, D head size, F feed-forward width, V vocabulary, R rank, L layers.
public struct ModelConfiguration: Sendable, Equatable {
    /// The family by its name in the file, one of `supportedArchitectures`.
    public var architecture: String { family.name }
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
    /// D; not always H / heads.
    public var headSize: Int
    /// F.
    public var feedForwardSize: Int
    /// V.
    public var vocabularySize: Int
    /// The longest sequence, in tokens; at most `longestContext`, whatever the file promises.
    public var contextLength: Int
    /// Base of the rotary frequencies of layers that see everything.
    public var ropeBase: Float
    /// How many elements of each head are rotated; even, at most D.
    public var rotarySize: Int
    /// ε inside the norms.
    public var normEpsilon: Float
    /// What scores are multiplied by before softmax; 1/√D unless the file or the family says otherwise.
    public var attentionScale: Float
    /// What embeddings are multiplied by; 1 in most families.
    public var embeddingScale: Float

    /// The description that the file's family gives.
    let family: Architecture
    /// Whether attention and feed-forward part read the same normalised state.
    let hasParallelResidual: Bool
    /// Window and rotary scheme of each layer.
    let attention: [LayerAttention]
    /// One scheme, or two: for the layers that see everything, and for those with a window.
    var rotarySchemes: [RotaryScheme]

    /// The longest context that is promised; attention to more positions than this was never tried.
    public static let longestContext = 1 << 17
    /// The names in `general.architecture` that this version runs.
    public static var supportedArchitectures: [String] { Architecture.all.map(\.name) }

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

    /// Reads and checks the sizes; nothing that the file says about the family is passed over.
    ///
    /// - Throws: `unsupportedArchitecture`, `missingKey`, `badValue`, `missingTensor`, `badShape`; each names the key or
    ///   tensor.
    public init(gguf: GGUFFile) throws(ModelError) {
        let architecture = try gguf.metadata.string("general.architecture")
        guard let family = Architecture.named(architecture) else {
            let names = Self.supportedArchitectures.joined(separator: ", ")
            throw ModelError(
                .unsupportedArchitecture,
                "the model's architecture is \"\(architecture)\"; this version runs: \(names). Choose another model "
                    + "file", file: gguf.metadata.file, key: "general.architecture")
        }
        var keys = ArchitectureKeys(gguf.metadata, prefix: architecture)
        self.family = family
        name = try gguf.metadata.string("general.name", default: "unnamed")
        layers = try keys.size("block_count", below: AdapterSite.mostLayers)
        hiddenSize = try keys.size("embedding_length")
        heads = try keys.size("attention.head_count")
        keyValueHeads = try keys.size("attention.head_count_kv", default: heads)
        guard heads % keyValueHeads == 0 else { throw keys.bad("attention.head_count_kv", "\(keyValueHeads)") }
        headSize = try keys.size("attention.key_length", default: max(1, hiddenSize / heads), below: 1 << 16)
        guard headSize % 2 == 0, heads * headSize < ArchitectureKeys.limit else {
            throw keys.bad("attention.key_length", "\(headSize)")
        }
        let valueSize = try keys.size("attention.value_length", default: headSize)
        guard valueSize == headSize else { throw keys.bad("attention.value_length", "\(valueSize)") }
        feedForwardSize = try keys.size("feed_forward_length")
        normEpsilon = try keys.number(family.norm.epsilonKey, least: 0)
        rotarySize = try keys.size("rope.dimension_count", default: headSize)
        guard rotarySize % 2 == 0, rotarySize <= headSize, family.rowOrder == .halves || rotarySize == headSize else {
            throw keys.bad("rope.dimension_count", "\(rotarySize)")
        }
        let hiddenScale = family.layersOfHiddenScale == layers ? Float(hiddenSize) / Float(heads) : Float(headSize)
        attentionScale = try keys.number(
            "attention.scale", default: 1 / hiddenScale.squareRoot(), least: .leastNormalMagnitude)
        embeddingScale = family.scalesEmbeddings ? Float(hiddenSize).squareRoot() : 1
        let feedForwardNorm = Architecture.TensorNames.block(0, family.tensors.feedForwardNorm)
        hasParallelResidual =
            if let key = family.parallelResidualKey {
                try keys.bool(key, default: true) && gguf.tensor(named: feedForwardNorm) == nil
            } else { false }
        let embedding = try gguf.tensor("\(family.tensors.embedding).weight")
        vocabularySize = embedding.rows
        guard vocabularySize > 0, vocabularySize < ArchitectureKeys.limit else {
            throw ModelError(
                .badShape, "a vocabulary of \(vocabularySize) tokens cannot be run; is the file damaged?",
                file: gguf.metadata.file, tensor: embedding.name)
        }
        contextLength = min(try keys.size("context_length", below: .max), Self.longestContext)
        let rotary = try keys.rotary(family, layers: layers)
        ropeBase = rotary.base
        rotarySchemes = rotary.schemes
        attention = rotary.layers
        // A window in a family whose layers see everything: shorter sequences never notice it.
        if let window = rotary.contextLimit { contextLength = min(contextLength, window) }
        try keys.refuseTheRest()
        if let tensor = gguf.tensor(named: "\(family.tensors.frequencyFactors).weight") {
            rotarySchemes[0].factors = try Self.frequencyFactors(gguf, tensor, count: rotarySize / 2)
        }
        // A base or factor from a damaged file must not turn positions into numbers that are not finite.
        for scheme in rotarySchemes {
            let angles = scheme.frequencies(rotated: rotarySize).map { $0 * Float(Self.longestContext) }
            guard angles.allSatisfy(\.isFinite) else { throw keys.bad("rope.freq_base", "\(scheme.base)") }
        }
    }

    private static func frequencyFactors(
        _ gguf: GGUFFile, _ tensor: GGUFTensor, count: Int
    ) throws(ModelError) -> [Float] {
        guard tensor.count == count else {
            throw ModelError.damaged(
                .badShape, "the tensor has \(tensor.count) factors where \(count) pairs are rotated",
                file: gguf.metadata.file, tensor: tensor.name)
        }
        let factors = try gguf.dequantized(tensor.name)
        guard factors.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw ModelError(
                .badValue, "a factor of the rotary frequencies is not above 0; get the file again",
                file: gguf.metadata.file, tensor: tensor.name)
        }
        return factors
    }
}
