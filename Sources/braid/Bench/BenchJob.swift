import ModelEngine

/// The job whose speed is published: 64 prompts of about 150 tokens, 32 new tokens each, under rank-8 adapters.
///
/// Prompt i has 134 + (37·i mod 33) tokens; token j of prompt i is 300 + (37·j + 101·i) mod (V − 600). The peers'
/// scripts under `scripts/peers` follow the same formula. No two prompts share a first token, so nothing is gained by
/// sharing prefixes.
struct BenchJob {
    static let prompts = 64
    static let newTokens = 32
    static let rank = 8

    let model: LanguageModel

    /// Token ids that depend on nothing but the formula.
    func tokens(_ count: Int, salt: Int) -> [Int32] {
        let vocabulary = model.configuration.vocabularySize
        guard vocabulary > 900 else { return (0..<count).map { Int32(($0 * 37 + salt * 101) % vocabulary) } }
        return (0..<count).map { Int32(300 + ($0 * 37 + salt * 101) % (vocabulary - 600)) }
    }

    /// The 64 requests; prompt i runs under adapter i mod `adapters.count`.
    func requests(_ adapters: [PreparedAdapter]) -> [GenerationRequest] {
        (0..<Self.prompts).map { index in
            GenerationRequest(
                id: index, prompt: tokens(134 + index * 37 % 33, salt: index),
                adapter: adapters.isEmpty ? nil : adapters[index % adapters.count], maximumNewTokens: Self.newTokens,
                stopsAtEndOfTurn: false)
        }
    }

    /// A rank-8 adapter on all projections, too small to change an answer much: only its cost matters.
    func adapter(_ seed: Int, rank: Int = rank) -> LoRAAdapter {
        var factors: [AdapterSite: LoRAFactors] = [:]
        for site in model.configuration.sites {
            let shape = model.configuration.shape(of: site.projection)
            factors[site] = LoRAFactors(
                rank: rank, inputs: shape.inputs, outputs: shape.outputs,
                a: (0..<rank * shape.inputs).map { Float(($0 + seed) % 7) * 0.01 - 0.03 },
                b: (0..<rank * shape.outputs).map { Float(($0 + seed) % 5) * 0.001 - 0.002 }, scaling: 2)
        }
        return LoRAAdapter(factors: factors)
    }
}
