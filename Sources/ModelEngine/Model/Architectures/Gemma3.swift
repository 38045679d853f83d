extension Architecture {
    /// Gemma 3, text: five layers with a sliding window, then one that sees everything; norms around both parts.
    ///
    /// Source: Gemma Team, "Gemma 3 Technical Report" (2025), section 2. The file holds 1 + weight of each RMSNorm. The
    /// 27B model alone (62 layers) scales scores by √(H / heads).
    static let gemma3 = Architecture(
        name: "gemma3", activation: .geluTanh, headNorm: .shared, hasPostNorms: true,
        local: LocalLayers(pattern: 6, ropeBase: 10_000), scalesEmbeddings: true, layersOfHiddenScale: 62)
}
