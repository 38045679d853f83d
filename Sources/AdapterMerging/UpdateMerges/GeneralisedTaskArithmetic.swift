import ModelEngine

/// mergekit's family of merges of dense updates: prune each, weigh, elect signs, add up, normalise, scale.
///
/// For every entry of a layer's updates Δᵢ = sᵢ Bᵢ Aᵢ with weights wᵢ:
/// 1. *Prune* each Δᵢ by `pruning`, and rescale what is left by `rescaling`.
/// 2. *Elect* (if `electsSigns`): the sign of Σ wᵢ Δᵢ, 0 counting as +. Only entries wᵢ Δᵢ of that sign go on; an entry
///    of 0 has no sign. PEFT's TIES elects on the updates without their weights instead (see `TIES`).
/// 3. *Sum*: Σ wᵢ Δᵢ over the entries that go on; if `normalizes`, divided by the sum of *their* weights (1 where that
///    is 0), which PEFT divides by their number. Without election the divisor is Σ wᵢ.
/// 4. times `lambda`.
///
/// A layer that only some adapters have is merged from those alone.
///
/// **What LoRA keeps of it.** Pruning and election spread an update of low rank over all singular directions. The
/// result leaves as its best approximation of rank `rank` in the Frobenius norm; 0 is the sum of the adapters' ranks at
/// the layer, what the exact weighted sum needs (`cat`), so that methods are compared at one size and speed. The error
/// is the root of the sum of squares of the other singular values, and it is not small: docs/profiles.md has it for two
/// trained adapters. Random dropping adds noise of full rank, of which the cut takes most away again; the other rules
/// lose part of the merge itself. Where nothing is pruned nor elected, the result comes from the factors: exact with
/// `rank` 0, and else the optimal cut. Above 256 rows a cut of a dense result may have an error of up to 1.0001 times
/// the least one (see `TruncatedSVD`).
///
/// Layers are worked on by themselves, in Float, several at a time where there are cores and memory for it; of a layer
/// the merged update is held and no other (see `MergedRows`).
///
/// Source: mergekit 0.1.5, `generalized_task_arithmetic.py` and `sparsify.py`, with 32-bit masks. Differs in that
/// mergekit merges whole models and keeps the dense result.
public struct GeneralisedTaskArithmetic: Sendable, Equatable {
    /// How each update is pruned.
    public var pruning: UpdatePruning
    /// What is done to the entries that pruning keeps.
    public var rescaling: Rescaling
    /// Whether only entries of the elected sign are added up.
    public var electsSigns: Bool
    /// Whether the sum is divided by the sum of the weights in it.
    public var normalizes: Bool
    /// Factor of the result.
    public var lambda: Double
    /// Rank of the result, at most that of the layer's shape; 0 is the sum of the adapters' ranks.
    public var rank: Int

    /// A merge of this family; the defaults are task arithmetic.
    public init(
        pruning: UpdatePruning = .none, rescaling: Rescaling = .none, electsSigns: Bool = false,
        normalizes: Bool = false, lambda: Double = 1, rank: Int = 0
    ) {
        self.pruning = pruning
        self.rescaling = rescaling
        self.electsSigns = electsSigns
        self.normalizes = normalizes
        self.lambda = lambda
        self.rank = rank
    }

    /// Reads `rescale`, `normalize`, `lambda` and `rank`, and checks the pruning.
    init(_ parameters: MethodParameters, pruning: UpdatePruning, electsSigns: Bool) throws(MergeError) {
        self.init(
            pruning: pruning, rescaling: try parameters.choice("rescale"), electsSigns: electsSigns,
            normalizes: try parameters.flag("normalize"), lambda: try parameters.number("lambda"),
            rank: try parameters.integer("rank"))
        try pruning.check()
    }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - seed: decides what random pruning keeps; the same seed gives the same adapter.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite` or `shapeMismatch`.
    public func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, seed: UInt64 = 0
    ) throws(MergeError) -> LoRAAdapter {
        let inputs = try checked(adapters, weights: weights)
        guard pruning.density < 1 || electsSigns else { return try linear(inputs) }
        let memory = inputs.denseMemory
        let layers = try inputs.sites.concurrentMap(width: inputs.denseWidth) { (site) throws(MergeError) in
            let members = inputs.members(of: site)
            return try TruncatedSVD.of(
                update(of: members) { PruningDraws(seed: seed, adapter: $0, site: site) }, near: members,
                rank: rank > 0 ? rank : members.reduce(0) { $0 + $1.factors.rank }, memory: memory)
        }
        return try LoRAAdapter(factors: Dictionary(zip(inputs.sites, layers)) { first, _ in first }).checkedFinite()
    }

    /// The weighted sum, from the factors alone.
    private func linear(_ inputs: MergeInputs) throws(MergeError) -> LoRAAdapter {
        let sum = try inputs.combination { members, _ in
            let divisor = normalizes ? Self.divisor(members.reduce(0) { $0 + $1.weight }) : 1
            return members.map { $0.weight / divisor * lambda }
        }
        guard rank > 0 else { return sum }
        let layers = try sum.sites.compactMap { sum.factors[$0] }.concurrentMap { (factors) throws(MergeError) in
            try LowRankUpdate(factors).truncated(rank: rank)
        }
        return LoRAAdapter(factors: Dictionary(zip(sum.sites, layers)) { first, _ in first })
    }

    /// The merged updates `[outputs, inputs]` before they are cut to a rank, with given masks for random pruning.
    ///
    /// - Parameter masks: `true` for each entry that the adapter at a position keeps at a layer.
    package func updates(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, masks: (Int, AdapterSite) -> [Bool] = { _, _ in [] }
    ) throws(MergeError) -> [AdapterSite: [Float]] {
        let inputs = try checked(adapters, weights: weights)
        var result: [AdapterSite: [Float]] = [:]
        for site in inputs.sites {
            result[site] = update(of: inputs.members(of: site)) { PruningDraws(mask: masks($0, site)) }.dense()
        }
        return result
    }

    /// Whether the seed has a part in it.
    public var isRandom: Bool { pruning.isRandom }

    private func checked(_ adapters: [LoRAAdapter], weights: [Double]?) throws(MergeError) -> MergeInputs {
        try pruning.check()
        guard lambda.isFinite, rank >= 0 else {
            throw MergeError(
                .badParameter, "lambda is \(lambda) and rank \(rank); lambda is finite and the rank not negative")
        }
        return try MergeInputs(adapters, weights: weights)
    }

    /// The merged update of one layer.
    private func update(of members: [MergeInputs.Member], draws: (Int) -> PruningDraws) -> MergedRows {
        let updates = members.map { FactorRows($0.factors) }
        let pruners = zip(members, updates).map { member, update in
            EntryPruner(pruning, rescaling: rescaling, of: update, draws: draws(member.position))
        }
        let weights = members.map { Float($0.weight) }
        let divides = normalizes && !electsSigns
        return MergedRows(
            updates, pruners: pruners,
            rule: electsSigns ? .elected(.total, shares: weights.map { normalizes ? $0 : 0 }) : .sum,
            factors: weights, weighsFirst: electsSigns,
            divisor: divides ? Float(Self.divisor(members.reduce(0) { $0 + $1.weight })) : 1, lambda: Float(lambda))
    }

    /// Weights that cancel out divide by 1, as in mergekit.
    static func divisor(_ sum: Double) -> Double { abs(sum) < 1e-8 ? 1 : sum }
}
