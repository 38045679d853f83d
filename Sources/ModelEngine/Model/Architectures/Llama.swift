extension Architecture {
    /// Llama 1 to 3, Mistral, SmolLM2 and their kin; Llama 3's rotary scaling comes as `rope_freqs.weight`.
    ///
    /// Source: Touvron et al., "LLaMA" (2023), section 2.2; Grattafiori et al., "The Llama 3 Herd of Models" (2024).
    static let llama = Architecture(
        name: "llama",
        biases: Dictionary(uniqueKeysWithValues: Projection.allCases.map { ($0, .optional) }),
        rowOrder: .interleaved)
}
