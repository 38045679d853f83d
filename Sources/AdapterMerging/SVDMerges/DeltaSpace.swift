import ModelEngine

/// Merging of the dense updates Δᵢ = sᵢ Bᵢ Aᵢ, whose best approximation of a rank is the merged adapter: PEFT's
/// `*_svd` combinations.
///
/// A rule gives one dense matrix from the Δᵢ and the weights wᵢ. Its largest singular values make the result, B = U S
/// and A = Vᵀ with scaling 1; the rank is `rank` or, for 0, the largest rank that any adapter has at any layer, though
/// never more than the layer's shape allows, nor of an unpruned sum more than Σ rᵢ, where PEFT fills up with zeros.
/// Above 256 rows the error may be up to 1.0001 times the least one (see `SpannedSVD`). With `clamp` above 0, both
/// factors are cut off at ± the quantile `clamp` of all their entries, which keeps outliers out and makes the result no
/// longer the nearest one. The sign of each pair of vectors is the library's choice, and the quantile is of the signed
/// entries, so PEFT's bound may differ a little.
///
/// The pruned updates are no longer of low rank: what the truncation loses is in docs/profiles.md for rules of the same
/// kind. A layer that only some adapters have is merged from those alone. PEFT merges a single adapter linearly
/// whatever the rule is; here the rule holds for any number.
///
/// Source: PEFT 0.21.2, `LoraModel._svd_generalized_task_arithmetic_weighted_adapter` and `merge_utils`. The scaling is
/// in the Δᵢ once; versions up to 0.20 had it there and in the weights. Sums run over the adapters in their order, in
/// Float. Layers are worked on side by side.
package enum DeltaSpace {
    /// A rule from the members of a layer to its merged update.
    typealias Rule = @Sendable (AdapterSite, [MergeInputs.Member]) -> MergedRows

    /// Applies a rule to every layer.
    ///
    /// - Parameters:
    ///   - adapters: at least one, of any ranks.
    ///   - weights: one for each adapter; `nil` is 1/n for each of the n adapters.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `notConverged`.
    static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, truncation: Truncation, rule: Rule
    ) throws(MergeError) -> LoRAAdapter {
        let inputs = try MergeInputs(adapters, weights: weights)
        let memory = inputs.denseMemory
        return try merge(inputs, truncation, width: inputs.denseWidth) { (site, members, rank) throws(MergeError) in
            try TruncatedSVD.of(rule(site, members), near: members, rank: rank, memory: memory)
        }
    }

    /// Σ wᵢ Δᵢ truncated, from the factors alone.
    static func weightedSum(
        _ adapters: [LoRAAdapter], weights: [Double]?, truncation: Truncation
    ) throws(MergeError) -> LoRAAdapter {
        let inputs = try MergeInputs(adapters, weights: weights)
        return try merge(inputs, truncation, width: ConcurrentMap.width) { (_, members, rank) throws(MergeError) in
            try LowRankUpdate.sum(members.map { LowRankUpdate($0.factors, weight: $0.weight) }).truncated(rank: rank)
        }
    }

    private static func merge(
        _ inputs: MergeInputs, _ truncation: Truncation, width: Int,
        decompose: @Sendable (AdapterSite, [MergeInputs.Member], Int) throws(MergeError) -> LoRAFactors
    ) throws(MergeError) -> LoRAAdapter {
        try truncation.check()
        let rank = truncation.rank > 0 ? truncation.rank : inputs.largestRank
        let layers = try inputs.sites.concurrentMap(width: width) { (site) throws(MergeError) in
            truncation.clamped(try decompose(site, inputs.members(of: site), rank))
        }
        return try LoRAAdapter(factors: Dictionary(zip(inputs.sites, layers)) { first, _ in first }).checkedFinite()
    }
}

extension MergeInputs {
    /// The largest rank that any adapter has at any layer.
    var largestRank: Int {
        sites.reduce(1) { largest, site in members(of: site).reduce(largest) { max($0, $1.factors.rank) } }
    }
}
