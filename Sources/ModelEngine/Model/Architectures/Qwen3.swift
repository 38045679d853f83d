extension Architecture {
    /// Qwen3, dense: each head's query and key is normalised, and a head's size is a number of its own.
    ///
    /// Source: Yang et al., "Qwen3 Technical Report" (2025), section 2.
    static let qwen3 = Architecture(name: "qwen3", headNorm: .shared)
}
