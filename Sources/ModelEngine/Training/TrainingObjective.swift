/// What training makes small, as a mean over the answers' tokens, in nats.
public enum TrainingObjective: String, Sendable, CaseIterable, Codable {
    /// −log p of the answer's token.
    case crossEntropy = "cross-entropy"
    /// −Σ p log p over the vocabulary: how unsure the model is of the next token, whatever the answer's is.
    ///
    /// The answers are still the text that the model reads up to each position.
    case entropy
}
