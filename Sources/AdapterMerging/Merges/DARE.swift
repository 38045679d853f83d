import ModelEngine
import SeededRandom

/// DARE: drop entries at random and rescale the others, before a merge by another rule.
///
/// On A and on B apart (see `FactorSpace`): every entry stays with probability `density` and is then divided by
/// `density`, so that its expectation does not change. `DARELinear` goes on with Σ vᵢ Tᵢ, `DARETIES` with the election
/// and merge of `TIES` in place of its trimming.
///
/// Source: Yu et al., "Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch"
/// (2023), section 3 (drop rate p = 1 − density), in the form of PEFT 0.21.2, `add_weighted_adapter` with `dare_linear`
/// and `dare_ties`. The paper drops entries of the dense updates. Note that after dropping in A and B alike the
/// expectation of the product B A is still exact, but its variance is larger than with one mask on the product.
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
    package typealias MaskSource = (MaskRequest) throws(MergeError) -> [Bool]

    static let reference =
        "Yu et al. 2023, Language Models are Super Mario: Absorbing Abilities from Homologous Models as a Free Lunch, "
        + "arXiv 2311.03099"

    /// The mask for one tensor: a generator of its own, so that no tensor's mask depends on which others there are.
    package static func mask(for request: MaskRequest, density: Double, seed: UInt64) -> [Bool] {
        var generator = SeededGenerator(
            seed: seed, purpose: "dare/\(request.adapter)/\(request.site).\(request.matrix.rawValue)")
        return (0..<request.count).map { _ in generator.nextUniform() < density }
    }

    /// The merge with given masks: `majoritySign` is `nil` for DARE-linear.
    package static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, density: Double, majoritySign: MajoritySign?, masks: MaskSource
    ) throws(MergeError) -> LoRAAdapter {
        try FactorSpace.check(density: density)
        return try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            var dropped: [[Float]] = []
            for (member, tensor) in zip(factors.members, factors.tensors) {
                let mask = try masks(
                    MaskRequest(adapter: member, site: factors.site, matrix: factors.matrix, count: tensor.count))
                dropped.append(zip(tensor, mask).map { $1 ? $0 / Float(density) : 0 })
            }
            guard let majoritySign else { return FactorSpace.weightedSum(dropped, factors.weights) }
            return TIES.electAndMerge(dropped, weights: factors.weights, majoritySign: majoritySign)
        }
    }

    /// The merge with masks drawn from a seed.
    static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]?, density: Double, majoritySign: MajoritySign?, seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try merge(adapters, weights: weights, density: density, majoritySign: majoritySign) { request in
            mask(for: request, density: density, seed: seed)
        }
    }
}

/// DARE-linear: random dropping with rescaling, then the linear merge.
///
/// Source: Yu et al. (2023); see `DARE` in this file for the definition and how the form used here differs from the
/// paper.
public struct DARELinear: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-linear", title: "DARE-linear", family: .dataFreeMerge, reference: DARE.reference,
        parameters: [.weights, .density])

    /// `weights` and `density`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let density: Double

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        density = try self.parameters.number("density")
    }

    /// The merge; the masks follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, density] adapters, seed in
            try Self.merge(adapters, weights: weights, density: density, seed: seed)
        }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: probability of keeping an entry, above 0 and at most 1.
    ///   - seed: decides the masks; the same seed gives the same adapter.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `rankMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try DARE.merge(adapters, weights: weights, density: density, majoritySign: nil, seed: seed)
    }
}

/// DARE-TIES: random dropping with rescaling, then the election and merge of TIES.
///
/// Source: Yu et al. (2023) with Yadav et al. (2023); see `DARE` in this file and `TIES`.
public struct DARETIES: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "dare-ties", title: "DARE-TIES", family: .dataFreeMerge, reference: DARE.reference,
        parameters: [.weights, .density, .majoritySign])

    /// `weights`, `density` and `majority-sign`.
    public let parameters: MethodParameters
    private let weights: [Double]
    private let density: Double
    private let majoritySign: MajoritySign

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        weights = try self.parameters.numbers("weights")
        density = try self.parameters.number("density")
        majoritySign = try self.parameters.majoritySign()
    }

    /// The merge; the masks follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, density, majoritySign] adapters, seed in
            try Self.merge(adapters, weights: weights, density: density, majoritySign: majoritySign, seed: seed)
        }
    }

    /// Merges any number of adapters of equal rank.
    ///
    /// - Parameters:
    ///   - weights: one for each adapter; `nil` is 1/n each.
    ///   - density: probability of keeping an entry, above 0 and at most 1.
    ///   - seed: decides the masks; the same seed gives the same adapter.
    /// - Throws: `MergeError` with `badParameter`, `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or
    ///   `rankMismatch`.
    public static func merge(
        _ adapters: [LoRAAdapter], weights: [Double]? = nil, density: Double, majoritySign: MajoritySign = .total,
        seed: UInt64
    ) throws(MergeError) -> LoRAAdapter {
        try DARE.merge(adapters, weights: weights, density: density, majoritySign: majoritySign, seed: seed)
    }
}
