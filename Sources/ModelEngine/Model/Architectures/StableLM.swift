extension Architecture {
    /// StableLM 2 and StableLM 3B: LayerNorm, and positions in the first part of each head only.
    ///
    /// Source: Bellagente et al., "Stable LM 2 1.6B Technical Report" (2024), section 3; the parallel form and the norms
    /// of single heads are those of StableLM 2 12B.
    static let stableLM = Architecture(
        name: "stablelm", norm: .layer, biases: [.query: .optional, .key: .optional, .value: .optional],
        headNorm: .perHead, parallelResidualKey: "use_parallel_residual")
}
