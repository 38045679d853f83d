/// A prompt with its answer, as tokens; only the answer's tokens are learned.
public struct TrainingExample: Sendable, Equatable {
    /// Prompt and answer, the token that ends the answer included.
    public var tokens: [Int32]
    /// Index of the answer's first token; at least 1, since a token is predicted from the one before it.
    public var answerStart: Int

    public init(tokens: [Int32], answerStart: Int) {
        self.tokens = tokens
        self.answerStart = answerStart
    }

    /// How many tokens are learned.
    public var answerTokens: Int { tokens.count - answerStart }
}

/// Sequences that go through the model together, one after another without padding.
struct PackedBatch: Sendable {
    /// The rows of one sequence.
    struct Span: Sendable {
        let row: Int
        let count: Int
    }

    var tokens: [Int32] = []
    var spans: [Span] = []
    /// Rows whose next token is learned, and that token.
    var targets: [(row: Int, token: Int32)] = []

    mutating func append(_ example: TrainingExample) {
        // The last token predicts nothing, so it needs no row.
        let count = example.tokens.count - 1
        spans.append(Span(row: tokens.count, count: count))
        for index in example.answerStart..<example.tokens.count {
            targets.append((tokens.count + index - 1, example.tokens[index]))
        }
        tokens.append(contentsOf: example.tokens.prefix(count))
    }

    /// Batches of at most `limit` rows (a longer sequence stands alone), in the order given.
    static func pack(_ examples: [TrainingExample], limit: Int) -> [PackedBatch] {
        var batches: [PackedBatch] = []
        var current = PackedBatch()
        for example in examples {
            if !current.tokens.isEmpty, current.tokens.count + example.tokens.count - 1 > limit {
                batches.append(current)
                current = PackedBatch()
            }
            current.append(example)
        }
        if !current.tokens.isEmpty { batches.append(current) }
        return batches
    }
}
