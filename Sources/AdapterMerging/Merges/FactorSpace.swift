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
/// A layer that only some adapters have is merged from those alone, with the weights they have in the whole list.
///
/// Source: PEFT 0.21.2, `LoraModel._generalized_task_arithmetic_weighted_adapter` and `merge_utils`. Sums run over the
/// adapters in their order, in Float.
package enum FactorSpace {
    /// Applies a rule to both factors of every layer.
    ///
    /// - Parameters:
    ///   - adapters: at least one; at a layer that several have, their ranks and shapes agree.
    ///   - weights: one for each adapter; `nil` is 1/n for each of the n adapters.
    ///   - rule: gives the combined tensor, of the shape of each of its inputs.
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or `rankMismatch`, or what
    ///   the rule throws.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, rule: (FactorTensors) throws(MergeError) -> [Float]
    ) throws(MergeError) -> LoRAAdapter {
        let inputs = try MergeInputs(adapters, weights: weights)
        var result = LoRAAdapter()
        for site in inputs.sites {
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
            let a = try rule(
                FactorTensors(
                    site: site, matrix: .a, members: positions, tensors: members.map(\.factors.a), weights: signed))
            let b = try rule(
                FactorTensors(
                    site: site, matrix: .b, members: positions, tensors: members.map(\.factors.b), weights: magnitudes))
            result.factors[site] = LoRAFactors(
                rank: rank, inputs: members[0].factors.inputs, outputs: members[0].factors.outputs, a: a, b: b,
                scaling: 1)
        }
        return result
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

    /// Σᵢ vᵢ Tᵢ, element by element.
    package static func weightedSum(_ tensors: [[Float]], _ weights: [Float]) -> [Float] {
        var sum = [Float](repeating: 0, count: tensors.first?.count ?? 0)
        for (tensor, weight) in zip(tensors, weights) {
            for index in sum.indices { sum[index] += tensor[index] * weight }
        }
        return sum
    }

    /// The tensor with all but its ⌊density · count⌋ entries of largest magnitude set to 0.
    ///
    /// Of entries of equal magnitude the earlier ones are kept, so that the result does not depend on the sort.
    /// - Complexity: O(n log n) in the number of entries.
    package static func keepLargest(_ tensor: [Float], density: Double) -> [Float] {
        guard density < 1 else { return tensor }
        let kept = Int(density * Double(tensor.count))
        guard kept > 0 else { return [Float](repeating: 0, count: tensor.count) }
        let descending = tensor.map(\.magnitude).sorted(by: >)
        let threshold = descending[kept - 1]
        var room = kept - (descending.firstIndex(of: threshold) ?? 0)
        return tensor.map { value in
            if value.magnitude > threshold { return value }
            guard value.magnitude == threshold, room > 0 else { return 0 }
            room -= 1
            return value
        }
    }
}
