import ModelEngine

/// One of the two factors of a low-rank update.
package enum FactorMatrix: String, Sendable, Hashable {
    case a = "lora_A"
    case b = "lora_B"
}

/// What a rule of the factor space combines: the same factor of one layer, from each adapter that has the layer.
package struct FactorTensors: Sendable {
    /// The layer.
    package var site: AdapterSite
    /// Which factor.
    package var matrix: FactorMatrix
    /// Positions in the list of adapters of those that have the layer, ascending.
    package var members: [Int]
    /// The factor of each member, all of the same shape, rows after one another.
    package var tensors: [[Float]]
    /// Its weight for each member.
    package var weights: [Float]
}

/// Merging of the factors A and B apart from each other, as PEFT's `add_weighted_adapter` does it.
///
/// With scaling sᵢ and weight wᵢ of adapter i, the tensors Bᵢ are combined with weights cᵢ = √|wᵢ sᵢ| and the tensors
/// Aᵢ with weights sign(wᵢ sᵢ)·cᵢ, both by the same rule; the merged adapter has scaling 1. For one adapter that gives
/// w s B A again. For several, the product of the two sums also holds the cross terms cᵢ cⱼ Bᵢ Aⱼ (i ≠ j), which no
/// adapter was trained for: merges of this family are approximations that `Concatenation` does without.
///
/// A layer that only some adapters have is merged from those alone, with the weights they have in the whole list. PEFT
/// merges a single adapter linearly whatever the rule is; here the rule holds for any number.
///
/// Source: PEFT 0.21.2, `LoraModel._generalized_task_arithmetic_weighted_adapter` and `merge_utils`. Sums run over the
/// adapters in their order, in Float.
package enum FactorSpace {
    /// Applies a rule to both factors of every layer.
    ///
    /// - Parameters:
    ///   - adapters: at least one; at a layer that several have, their ranks and shapes agree.
    ///   - weights: one for each adapter; `nil` is 1/n for each of the n adapters.
    ///   - rule: gives the combined tensor, of the shape of each of its inputs; it runs on all cores.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or `rankMismatch`, or what
    ///   the rule throws.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, rule: @Sendable (FactorTensors) throws(MergeError) -> [Float]
    ) throws(MergeError) -> LoRAAdapter {
        let inputs = try MergeInputs(adapters, weights: weights, checksNumbers: false)
        var tensors: [FactorTensors] = []
        for site in inputs.sites { tensors += try Self.tensors(of: site, inputs) }
        // Both factors of a layer are pieces of work of their own: they differ in size, and so do layers.
        let merged = try tensors.concurrentMap { (factors) throws(MergeError) in
            // Here, while they are in the cache.
            for (member, tensor) in zip(factors.members, factors.tensors) where !tensor.areAllFinite {
                throw MergeError.inputNotFinite(member, at: factors.site)
            }
            let merged = try rule(factors)
            guard merged.areAllFinite else { throw MergeError.resultNotFinite(at: factors.site) }
            return merged
        }
        var result = LoRAAdapter()
        for (place, site) in inputs.sites.enumerated() {
            let first = inputs.members(of: site)[0].factors
            result.factors[site] = LoRAFactors(
                rank: first.rank, inputs: first.inputs, outputs: first.outputs, a: merged[2 * place],
                b: merged[2 * place + 1], scaling: 1)
        }
        return result
    }

    /// The A's and the B's of a layer.
    private static func tensors(of site: AdapterSite, _ inputs: MergeInputs) throws(MergeError) -> [FactorTensors] {
        let members = inputs.members(of: site)
        let rank = members[0].factors.rank
        for member in members where member.factors.rank != rank {
            throw MergeError(
                .rankMismatch,
                "adapter \(members[0].position + 1) has rank \(rank) here and adapter \(member.position + 1) "
                    + "rank \(member.factors.rank); train both with one rank, or use 'cat'",
                key: site.description)
        }
        let products = members.map { $0.weight * Double($0.factors.scaling) }
        let magnitudes = products.map { Float(abs($0).squareRoot()) }
        let signed = zip(products, magnitudes).map { $0 < 0 ? -$1 : $1 }
        let positions = members.map(\.position)
        return [
            FactorTensors(
                site: site, matrix: .a, members: positions, tensors: members.map(\.factors.a), weights: signed),
            FactorTensors(
                site: site, matrix: .b, members: positions, tensors: members.map(\.factors.b), weights: magnitudes),
        ]
    }

    /// Refuses a density outside 0 < density ≤ 1.
    ///
    /// - Throws: `MergeError` with `badParameter`.
    package static func check(density: Double) throws(MergeError) {
        guard density > 0, density <= 1 else {
            throw MergeError(
                .badParameter, "the density is \(density); it is the share of entries to keep, above 0 and at most 1",
                key: "density")
        }
    }
}
