extension Architecture {
    /// Qwen2 and Qwen2.5: queries, keys and values have biases.
    ///
    /// Source: Yang et al., "Qwen2 Technical Report" (2024), section 2.2.
    static let qwen2 = Architecture(
        name: "qwen2", biases: [.query: .required, .key: .required, .value: .required, .output: .optional])
}
