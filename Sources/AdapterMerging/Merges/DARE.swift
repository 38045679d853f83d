import ModelEngine
import SeededRandom

/// DARE: drop entries at random and rescale the others, before a merge by another rule.
///
/// On A and on B apart (see `FactorSpace`): every entry stays with probability `density` and is then divided by
/// `density`, so that its expectation does not change. `DARELinear` goes on with Σ vᵢ Tᵢ, `DARETIES` with the election
/// and merge of `TIES` in place of its trimming.
///
/// Source: Yu et al., "Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch"
/// (2023), arXiv 2311.03099, "Drop And REscale" (drop rate p = 1 − density, factor 1/(1 − p)), in the form of PEFT
/// 0.21.2, `merge_utils.dare_linear` and `dare_ties`. The paper drops entries of the dense updates. After dropping in A
/// and B the expectation of the product B A is still exact, but its variance is larger than with one mask on the
/// product.
package enum DARE {
    /// Whose mask is asked for.
    package struct MaskRequest: Sendable, Hashable {
        /// Position in the list of adapters, from 0.
        package var adapter: Int
        /// The layer.
        package var site: AdapterSite
        /// Which factor.
        package var matrix: FactorMatrix
        /// How many entries the mask needs.
        package var count: Int

        package init(adapter: Int, site: AdapterSite, matrix: FactorMatrix, count: Int) {
            self.adapter = adapter
            self.site = site
            self.matrix = matrix
            self.count = count
        }
    }

    /// Gives `true` for each entry to keep, rows after one another.
    package typealias MaskSource = @Sendable (MaskRequest) throws(MergeError) -> [Bool]

    /// The reference of a method that PEFT has under the name of a combination.
    static func reference(peft combination: String) -> String {
        reference + "; PEFT 0.21, add_weighted_adapter with combination_type " + combination
    }

    static let reference =
        "Yu et al. 2023, Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch, "
        + "arXiv 2311.03099"

    /// The decisions for one tensor: a generator of its own, so that no tensor's mask depends on which others there
    /// are.
    private static func draws(for request: MaskRequest, seed: UInt64) -> PruningDraws {
        PruningDraws(
            SeededGenerator(
                seed: seed, purpose: "dare/\(request.adapter)/\(request.site).\(request.matrix.rawValue)"))
    }

    /// The mask that the merge with this seed has for one tensor.
    package static func mask(for request: MaskRequest, density: Double, seed: UInt64) -> [Bool] {
        var draws = draws(for: request, seed: seed)
        var ones = [Float](repeating: 1, count: request.count)
        draws.thin(&ones, probability: density, divisor: 1)
        return ones.map { $0 != 0 }
    }

    /// The merge with given masks: `majoritySign` is `nil` for DARE-linear.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, density: Double, majoritySign: MajoritySign?, masks: MaskSource
    ) throws(MergeError) -> LoRAAdapter {
        try merge(adapters, weights: weights, density: density, majoritySign: majoritySign) {
            (request, tensor) throws(MergeError) in drop(tensor, try masks(request), density: Float(density))
        }
    }

    private static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, density: Double, majoritySign: MajoritySign?,
        dropping: @Sendable (MaskRequest, [Float]) throws(MergeError) -> [Float]
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        return try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            var dropped: [[Float]] = []
            for (member, tensor) in zip(factors.members, factors.tensors) {
                let request = MaskRequest(
                    adapter: member, site: factors.site, matrix: factors.matrix, count: tensor.count)
                dropped.append(try dropping(request, tensor))
            }
            guard let majoritySign else { return WeightedSum.of(dropped, factors.weights) }
            return SignElection.merge(dropped, factors: factors.weights, vote: .init(majoritySign))
        }
    }

    /// The entries that a mask keeps, divided by the density; the others are 0.
    static func drop(_ tensor: [Float], _ mask: [Bool], density: Float) -> [Float] {
        precondition(mask.count == tensor.count, "a mask has an entry for each of the tensor's")
        return [Float](unsafeUninitializedCapacity: tensor.count) { result, count in
            tensor.withUnsafeBufferPointer { tensor in
                mask.withUnsafeBufferPointer { mask in
                    for index in 0..<tensor.count { result[index] = mask[index] ? tensor[index] / density : 0 }
                }
            }
            count = tensor.count
        }
    }

    /// The merge with masks drawn from a seed.
    static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, density: Double, majoritySign: MajoritySign?, seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try merge(adapters, weights: weights, density: density, majoritySign: majoritySign) {
            (request, tensor) throws(MergeError) in
            // Without writing the mask down: making and reading it takes as long as the rest.
            var draws = draws(for: request, seed: seed)
            var dropped = tensor
            draws.thin(&dropped, probability: density, divisor: Float(density))
            return dropped
        }
    }
}
