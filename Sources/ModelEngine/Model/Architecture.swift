/// What sets one family of decoder-only transformers apart from the others, as data.
///
/// Every family is the same walk over the blocks: a norm, attention with rotary positions, a gated feed-forward part,
/// both added to the residual stream. A description says which parts a block has; the configuration, the weights and
/// both passes interpret it. A new family of known parts is a new value in `Architectures/` and a line in `all`.
struct Architecture: Sendable, Equatable {
    /// How a hidden state is normalised.
    enum NormKind: Sendable, Equatable {
        /// x / √(mean x² + ε) · weight.
        case rootMeanSquare
        /// (x − mean) / √(variance + ε) · weight + bias.
        case layer

        /// The file's key of ε, after the family's prefix.
        var epsilonKey: String {
            switch self {
            case .rootMeanSquare: "attention.layer_norm_rms_epsilon"
            case .layer: "attention.layer_norm_epsilon"
            }
        }
    }

    /// Whether a tensor is part of the family.
    enum Presence: Sendable, Equatable {
        /// The file must not have it.
        case absent
        /// It is used where the file has it.
        case optional
        /// The file must have it.
        case required
    }

    /// The norm of each query and key head before rotation; it has no bias.
    enum HeadNormWeights: Sendable, Equatable {
        case absent
        /// One weight `[D]` for all heads.
        case shared
        /// A weight of its own for each head, `[heads, D]`, where the file has it.
        case perHead
    }

    /// The order in which the file stores the rows of q and k within a head.
    enum RowOrder: Sendable, Equatable {
        /// As Hugging Face: rotary pairs are (i, i + D/2).
        case halves
        /// As llama.cpp's first converter: rotary pairs are neighbours.
        case interleaved
    }

    /// Layers that see a sliding window only, with rotary positions of their own.
    struct LocalLayers: Sendable, Equatable {
        /// Every so many layers the last one sees everything; the file may say otherwise.
        var pattern: Int
        /// Base of the rotary frequencies where the window slides; the file may say otherwise.
        var ropeBase: Float
    }

    /// GGUF's names of the tensors, without `blk.<layer>.` and `.weight`.
    struct TensorNames: Sendable, Equatable {
        var embedding = "token_embd"
        var outputNorm = "output_norm"
        var head = "output"
        /// What the rotary frequencies are divided by, `[rotated / 2]`; used where the file has it.
        var frequencyFactors = "rope_freqs"
        var attentionNorm = "attn_norm"
        var feedForwardNorm = "ffn_norm"
        var attentionPostNorm = "post_attention_norm"
        var feedForwardPostNorm = "post_ffw_norm"
        var queryNorm = "attn_q_norm"
        var keyNorm = "attn_k_norm"
        /// By `Projection.index`.
        var projections = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]

        /// The full name of a block's tensor.
        static func block(_ layer: Int, _ name: String, _ kind: String = "weight") -> String {
            "blk.\(layer).\(name).\(kind)"
        }
    }

    /// The file's `general.architecture`, and the prefix of its keys.
    var name: String
    var norm = NormKind.rootMeanSquare
    var activation = Activation.silu
    /// Biases of the linear layers; those that are not named are absent.
    var biases: [Projection: Presence] = [:]
    var headNorm = HeadNormWeights.absent
    /// Whether the results of attention and of the feed-forward part are normalised before they are added.
    var hasPostNorms = false
    /// The key of a family that has a parallel form too: both parts read the same normalised state. The form is parallel
    /// where the file has no norm for the feed-forward part; converters write true for sequential models as well.
    var parallelResidualKey: String?
    var rowOrder = RowOrder.halves
    var local: LocalLayers?
    /// Whether embeddings are multiplied by √H.
    var scalesEmbeddings = false
    /// Models of exactly so many layers scale scores by 1/√(H / heads) and not by 1/√D; no key says so.
    var layersOfHiddenScale: Int?
    var tensors = TensorNames()

    /// Every family that this version runs.
    static let all: [Architecture] = [llama, qwen2, qwen3, stableLM, gemma3]

    /// The family of a name in a file, or nil.
    static func named(_ name: String) -> Architecture? { all.first { $0.name == name } }
}
