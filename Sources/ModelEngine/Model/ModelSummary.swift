/// What a model file says of itself, and whether this version can run it; no weights are read for it.
///
/// A file that breaks the format cannot be summarised: `GGUFFile` refuses it. Anything else can, also a model that does
/// not run here; a fact that the file lacks, or states in an unexpected type, is nil.
///
/// ```swift
/// let summary = ModelSummary(try GGUFFile(contentsOf: url))
/// print(summary.name ?? "unnamed", summary.parameterCount, summary.canRun)
/// for obstacle in summary.obstacles { print(obstacle.message) }
/// ```
public struct ModelSummary: Sendable, Equatable, Encodable {
    /// The sizes of the transformer, as the metadata state them.
    public struct Sizes: Sendable, Equatable, Encodable {
        /// Decoder blocks.
        public var layers: Int?
        /// Width of the hidden state.
        public var hiddenSize: Int?
        /// Query heads of a layer; nil also where layers differ.
        public var heads: Int?
        /// Key and value heads of a layer; nil also where layers differ.
        public var keyValueHeads: Int?
        /// Width of one head.
        public var headSize: Int?
        /// Width of the feed-forward part; nil also where layers differ.
        public var feedForwardSize: Int?
        /// Rows of the embedding.
        public var vocabularySize: Int?
        /// The longest sequence that the model was made for, in tokens.
        public var contextLength: Int?
    }

    /// How many tensors are stored in one type.
    public struct TypeUse: Sendable, Equatable, Encodable {
        /// The type's name, such as `Q4_1`.
        public var type: String
        /// Tensors of the type.
        public var tensors: Int
        /// Numbers in them.
        public var parameters: Int
        /// Their bytes in the file.
        public var bytes: Int
        /// Whether this version reads the type.
        public var isReadable: Bool
    }

    /// A token with a role of its own.
    public struct SpecialToken: Sendable, Equatable, Encodable {
        /// The role as in the metadata's keys: `bos`, `eos`, `unknown`, `padding`, …
        public var role: String
        /// The token's number.
        public var id: Int
        /// Its text; nil where the number is outside the vocabulary.
        public var text: String?
    }

    /// What the file says of its vocabulary.
    public struct TokenizerFacts: Sendable, Equatable, Encodable {
        /// The kind, `tokenizer.ggml.model`.
        public var kind: String?
        /// The pre-tokenizer, `tokenizer.ggml.pre`.
        public var preTokenizer: String?
        /// How many tokens there are.
        public var vocabularySize: Int?
        /// The tokens with roles, in the order of their numbers.
        public var specialTokens: [SpecialToken]
    }

    /// Where a model comes from and on what terms.
    public struct Origin: Sendable, Equatable, Encodable {
        /// The licence's identifier, `general.license`.
        public var license: String?
        /// The licence's name, `general.license.name`.
        public var licenseName: String?
        /// Where the licence's text is, `general.license.link`.
        public var licenseLink: String?
        /// The models that this one was made from: names, else addresses.
        public var baseModels: [String]
        /// Who quantised it, `general.quantized_by`.
        public var quantizedBy: String?
    }

    /// A reason why a model cannot be run.
    public struct Obstacle: Sendable, Equatable, Encodable {
        /// The part of the engine that refuses the file.
        public enum Part: String, Sendable, Encodable {
            /// Architecture and sizes.
            case architecture
            /// Tensors that are missing, of another shape, or of a type that is not read.
            case tensors
            /// Vocabulary and pre-tokenizer.
            case tokenizer
            /// The chat template.
            case chatTemplate
        }

        /// What refuses it.
        public var part: Part
        /// What is wrong, with the key or tensor at fault.
        public var message: String
    }

    /// `general.architecture`.
    public let architecture: String?
    /// `general.name`.
    public let name: String?
    /// The GGUF version of the file.
    public let formatVersion: Int
    /// Bytes of the file.
    public let fileSize: Int
    /// How many numbers the tensors hold.
    public let parameterCount: Int
    /// The transformer's sizes.
    public let sizes: Sizes
    /// The types of the tensors, most bytes first.
    public let types: [TypeUse]
    /// The vocabulary.
    public let tokenizer: TokenizerFacts
    /// The family that the chat template is recognised as; nil without one.
    public let chatTemplate: String?
    /// Licence and descent.
    public let origin: Origin
    /// Everything that keeps this version from running the model; empty if it runs.
    public let obstacles: [Obstacle]

    /// Whether this version can load the model and generate with it.
    public var canRun: Bool { obstacles.isEmpty }
    /// Whether this version can train adapters for the model: all that it runs, since gradients go through every layer.
    public var canTrain: Bool { canRun }

    /// Gathers the facts.
    public init(_ file: GGUFFile) {
        let metadata = file.metadata
        architecture = Self.text("general.architecture", metadata)
        name = Self.text("general.name", metadata)
        formatVersion = file.version
        fileSize = file.file.size
        parameterCount = file.tensors.reduce(0) { $0 + $1.count }
        sizes = Self.sizes(file, prefix: architecture ?? "")
        types = Self.types(file.tensors)
        tokenizer = Self.tokenizer(metadata)
        chatTemplate = (try? ChatTemplate(gguf: file))?.family.rawValue
        origin = Self.origin(metadata)
        obstacles = Self.obstacles(file)
    }

    private static func text(_ key: String, _ metadata: GGUFMetadata) -> String? { try? metadata.string(key) }

    private static func sizes(_ file: GGUFFile, prefix: String) -> Sizes {
        func int(_ key: String) -> Int? { try? file.metadata.int("\(prefix).\(key)") }
        var sizes = Sizes()
        sizes.layers = int("block_count")
        sizes.hiddenSize = int("embedding_length")
        sizes.heads = int("attention.head_count")
        let hasGroups = file.metadata["\(prefix).attention.head_count_kv"] != nil
        sizes.keyValueHeads = hasGroups ? int("attention.head_count_kv") : sizes.heads
        sizes.headSize = int("attention.key_length")
        if sizes.headSize == nil, let hidden = sizes.hiddenSize, let heads = sizes.heads, heads > 0 {
            sizes.headSize = hidden / heads
        }
        sizes.feedForwardSize = int("feed_forward_length")
        sizes.vocabularySize = file.tensor(named: "token_embd.weight")?.rows
        sizes.contextLength = int("context_length")
        return sizes
    }

    private static func types(_ tensors: [GGUFTensor]) -> [TypeUse] {
        var uses: [GGUFType: TypeUse] = [:]
        for tensor in tensors {
            let type = tensor.type
            let none = TypeUse(type: type.description, tensors: 0, parameters: 0, bytes: 0, isReadable: type.isReadable)
            var use = uses[type] ?? none
            use.tensors += 1
            use.parameters += tensor.count
            use.bytes += tensor.range.count
            uses[type] = use
        }
        return uses.values.sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
    }

    private static func tokenizer(_ metadata: GGUFMetadata) -> TokenizerFacts {
        let prefix = "tokenizer.ggml."
        let suffix = "_token_id"
        let tokens = try? metadata.strings("\(prefix)tokens")
        var special: [SpecialToken] = []
        for key in metadata.values.keys where key.hasPrefix(prefix) && key.hasSuffix(suffix) {
            guard let id = try? metadata.int(key) else { continue }
            let text = tokens.flatMap { $0.indices.contains(id) ? $0[id] : nil }
            let role = String(key.dropFirst(prefix.count).dropLast(suffix.count))
            special.append(SpecialToken(role: role, id: id, text: text))
        }
        return TokenizerFacts(
            kind: text("\(prefix)model", metadata), preTokenizer: text("\(prefix)pre", metadata),
            vocabularySize: tokens?.count, specialTokens: special.sorted { ($0.id, $0.role) < ($1.id, $1.role) })
    }

    private static func origin(_ metadata: GGUFMetadata) -> Origin {
        let key = "general.base_model"
        // No model has so many parents; a damaged count must not cost time.
        let count = min(16, max(0, (try? metadata.int("\(key).count")) ?? 0))
        let baseModels = (0..<count).compactMap { index in
            text("\(key).\(index).name", metadata) ?? text("\(key).\(index).repo_url", metadata)
        }
        return Origin(
            license: text("general.license", metadata), licenseName: text("general.license.name", metadata),
            licenseLink: text("general.license.link", metadata), baseModels: baseModels,
            quantizedBy: text("general.quantized_by", metadata))
    }
}
