import ModelEngine

/// LoraHub: one weight for each adapter, found without gradients on a few examples of the composition.
///
/// A = Σ wᵢ Aᵢ and B = Σ wᵢ Bᵢ with w in [−1.5, 1.5]ⁿ, so the update s B A has the products wᵢ wⱼ Bᵢ Aⱼ; one adapter
/// of weight 1 comes back unchanged. The scaling s is that of the adapters, which the reference takes to be the same in
/// all; here √sᵢ goes into both factors of adapter i, which gives the same update then and a defined one otherwise. All
/// ranks must be equal. The search starts at w = 0, the base model, and minimises the loss plus 0.05 · mean |wᵢ| in 40
/// evaluations on 5 examples of the setting's training split.
///
/// Source: Huang et al., "LoraHub: Efficient Cross-Task Generalization via Dynamic LoRA Composition" (2023), arXiv
/// 2307.13269, the stages Compose and Adapt; the authors' repository sail-sg/lorahub, `algorithm.py`:
/// `get_final_weights` and `lorahub_learning`, whose start, bounds and penalty are the defaults here. Two things differ
/// from that: the optimiser (see `PatternSearch`), and the loss, which there is the mean of a batch divided once more
/// by the number of examples, so that the penalty weighs as many times more.
public struct LoraHub: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "lorahub", title: "LoraHub", family: .search,
        reference:
            "Huang et al. 2023, LoraHub: Efficient Cross-Task Generalization via Dynamic LoRA Composition, "
            + "arXiv 2307.13269",
        parameters: [
            ParameterDescription("budget", .integer(1...100_000), default: 40, "the most evaluations"),
            ParameterDescription(
                "examples", .integer(1...100_000), default: 5,
                "how many training examples of the setting an evaluation looks at"),
            ParameterDescription(
                "bound", .number(above: 0, atMost: 100), default: 1.5, "largest magnitude of a weight"),
            ParameterDescription(
                "penalty", .number(above: 0, atMost: 100), default: 0.05,
                "what is added to the loss, times the mean magnitude of the weights"),
        ])

    /// `budget`, `examples`, `bound` and `penalty`.
    public let parameters: MethodParameters
    private let budget: Int
    private let examples: Int
    private let bound: Double
    private let penalty: Double

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        budget = try self.parameters.integer("budget")
        examples = try self.parameters.integer("examples")
        bound = try self.parameters.number("bound")
        penalty = try self.parameters.number("penalty")
    }

    /// The search for the weights of two adapters.
    public var recipe: CompositionRecipe {
        .searched(
            SearchRecipe(
                space: SearchSpace(["weights": .ranges(-bound...bound, start: 0, count: 2)]), budget: budget,
                examples: examples,
                adapter: { set, adapters, _ in try Self.merge(adapters, weights: set.numbers("weights")) },
                penalty: { [penalty] set in
                    let weights = (try? set.numbers("weights")) ?? []
                    return penalty * weights.reduce(0) { $0 + abs($1) } / Double(max(1, weights.count))
                }))
    }

    /// Merges any number of adapters of equal rank with given weights.
    ///
    /// A layer that only some adapters have is merged from those alone.
    ///
    /// - Throws: `MergeError` with `noAdapters`, `weightCount`, `notFinite`, `shapeMismatch` or `rankMismatch`.
    public static func merge(_ adapters: [LoRAAdapter], weights: [Double]) throws(MergeError) -> LoRAAdapter {
        // The factor space's rule weighs A by ±√|w s| and B by √|w s|; √|w| more makes that w √s, and the sign of w,
        // which both factors have here, is taken from the list.
        try FactorSpace.merge(adapters, weights: weights) { (factors) throws(MergeError) in
            let further = zip(factors.members, factors.weights).map { member, weight in
                let root = Float(abs(weights[member]).squareRoot())
                guard factors.matrix == .b, weights[member] < 0 else { return weight * root }
                return -weight * root
            }
            return WeightedSum.of(factors.tensors, further)
        }
    }
}
