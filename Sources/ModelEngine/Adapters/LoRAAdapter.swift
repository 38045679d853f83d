/// One of the seven linear layers of a decoder block; the raw values are Hugging Face's module names.
public enum Projection: String, CaseIterable, Sendable, Codable, Comparable {
    case query = "q_proj"
    case key = "k_proj"
    case value = "v_proj"
    case output = "o_proj"
    case gate = "gate_proj"
    case up = "up_proj"
    case down = "down_proj"

    /// Position in the order of computation within a block.
    public var index: Int {
        switch self {
        case .query: 0
        case .key: 1
        case .value: 2
        case .output: 3
        case .gate: 4
        case .up: 5
        case .down: 6
        }
    }

    /// The Hugging Face submodule that holds the layer: `self_attn` or `mlp`.
    public var container: String { index < 4 ? "self_attn" : "mlp" }

    public static func < (left: Projection, right: Projection) -> Bool { left.index < right.index }
}

/// A linear layer that an adapter changes: decoder block (from 0) and projection.
public struct AdapterSite: Hashable, Sendable, Comparable, CustomStringConvertible {
    public var layer: Int
    public var projection: Projection

    /// No model has as many blocks; numbers from here on in files are damage.
    package static let mostLayers = 1 << 12

    public init(layer: Int, projection: Projection) {
        self.layer = layer
        self.projection = projection
    }

    public static func < (left: AdapterSite, right: AdapterSite) -> Bool {
        (left.layer, left.projection.index) < (right.layer, right.projection.index)
    }

    /// Hugging Face's module path, e.g. `model.layers.3.self_attn.q_proj`.
    public var description: String { "model.layers.\(layer).\(projection.container).\(projection.rawValue)" }
}

/// The low-rank update of one linear layer: y gains `scaling · (B (A x) + bias)`.
///
/// Source: Hu et al., "LoRA" (2021), section 4.1, with scaling = alpha / rank. The bias, which nearly all adapters lack,
/// is PEFT's `lora_bias`: the bias of the layer that holds B, so the scaling applies to it too.
public struct LoRAFactors: Sendable, Equatable {
    /// Rows of A and columns of B.
    public var rank: Int
    /// Length of x.
    public var inputs: Int
    /// Length of y.
    public var outputs: Int
    /// A, `[rank, inputs]`, rows after one another.
    public var a: [Float]
    /// B, `[outputs, rank]`, rows after one another.
    public var b: [Float]
    /// The factor before the product.
    public var scaling: Float
    /// `[outputs]`; y gains scaling · bias. Nil for none. With a bias, the rank may be 0.
    public var bias: [Float]?

    /// - Precondition: `a`, `b` and `bias` have as many elements as the shapes say.
    public init(
        rank: Int, inputs: Int, outputs: Int, a: [Float], b: [Float], scaling: Float, bias: [Float]? = nil
    ) {
        precondition(
            a.count == rank * inputs && b.count == outputs * rank && (bias?.count ?? outputs) == outputs,
            "LoRA factors do not fit their shapes")
        self.rank = rank
        self.inputs = inputs
        self.outputs = outputs
        self.a = a
        self.b = b
        self.scaling = scaling
        self.bias = bias
    }
}

/// Low-rank updates for some of a model's linear layers: the trained skill for one task, or what a method made of several.
public struct LoRAAdapter: Sendable, Equatable {
    public var factors: [AdapterSite: LoRAFactors]

    public init(factors: [AdapterSite: LoRAFactors] = [:]) {
        self.factors = factors
    }

    /// The changed layers in order of computation; use this wherever an order could show.
    public var sites: [AdapterSite] { factors.keys.sorted() }

    /// How many numbers A, B and the biases of all layers hold together.
    public var parameterCount: Int {
        factors.values.reduce(0) { $0 + $1.a.count + $1.b.count + ($1.bias?.count ?? 0) }
    }
}
