/// One prompt to be continued.
public struct GenerationRequest: Sendable {
    /// What the caller knows the request by.
    public var id: Int
    /// The prompt's tokens.
    public var prompt: [Int32]
    /// The adapter under which the whole sequence runs; nil for the base model.
    public var adapter: PreparedAdapter?
    /// The most tokens to generate.
    public var maximumNewTokens: Int
    /// How tokens are chosen; greedy unless said otherwise.
    public var sampling: SamplingOptions
    /// Which stream of draws is the sequence's own where tokens are sampled.
    public var stream: UInt64
    /// Whether a token that ends a turn ends the continuation; measurements say false, so as to have equal lengths.
    public var stopsAtEndOfTurn: Bool

    /// A request; without a number of its own a sequence draws by its id.
    public init(
        id: Int, prompt: [Int32], adapter: PreparedAdapter? = nil, maximumNewTokens: Int,
        sampling: SamplingOptions = SamplingOptions(), stream: UInt64? = nil, stopsAtEndOfTurn: Bool = true
    ) {
        self.id = id
        self.prompt = prompt
        self.adapter = adapter
        self.maximumNewTokens = maximumNewTokens
        self.sampling = sampling
        self.stream = stream ?? UInt64(bitPattern: Int64(id))
        self.stopsAtEndOfTurn = stopsAtEndOfTurn
    }

    /// The longest that the sequence can become, in tokens.
    var longest: Int { prompt.count + max(0, maximumNewTokens) }
}

/// A continuation.
public struct GenerationResult: Sendable, Equatable {
    /// Why generation ended.
    public enum Finish: String, Sendable {
        /// The model ended its turn; the stop token is not part of `tokens`.
        case stop
        /// The length limit was reached.
        case length
    }
    /// The request's id.
    public var id: Int
    /// The new tokens.
    public var tokens: [Int32]
    public var finish: Finish
    /// How many tokens the prompt had.
    public var promptTokens: Int
    /// This request's share of the time: each step's seconds divided by its rows, times the request's rows.
    public var seconds: Double
}
