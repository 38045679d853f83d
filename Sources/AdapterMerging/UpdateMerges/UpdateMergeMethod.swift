import ModelEngine

/// A method that is one of the merges of `GeneralisedTaskArithmetic`.
public protocol UpdateMergeMethod: CompositionMethod {
    /// One weight for each adapter.
    var weights: [Double] { get }
    /// What the parameters come to.
    var arithmetic: GeneralisedTaskArithmetic { get }
}

extension UpdateMergeMethod {
    /// The merge; masks, where there are any, follow from the seed.
    public var recipe: CompositionRecipe {
        .merge { [weights, arithmetic] adapters, seed in
            try arithmetic.merge(adapters, weights: weights, seed: seed)
        }
    }
}

/// The hyper-parameters that these merges share.
extension ParameterDescription {
    /// Rank of the LoRA that a dense result leaves as.
    static let exportRank = ParameterDescription(
        "rank", .integer(0...65_536), default: 0,
        "rank of the merged adapter, cut by SVD; 0 is the sum of the adapters' ranks")

    /// Whether weights are divided out again.
    static func normalize(
        _ explanation: String = "whether each sum is divided by the sum of the weights in it",
        default isOn: Bool
    ) -> ParameterDescription {
        ParameterDescription("normalize", .flag, default: .bool(isOn), explanation)
    }

    /// What random pruning does to the entries that it keeps.
    static let randomRescale = ParameterDescription(
        "rescale", .choice(Rescaling.allCases.map(\.rawValue)), default: "paper",
        "divide by the probability of being kept (paper), restore the sum of magnitudes (l1), or leave as is (none)")

    /// What other pruning does to the entries that it keeps.
    static let rescale = ParameterDescription(
        "rescale", .choice([Rescaling.none.rawValue, Rescaling.l1.rawValue]), default: "none",
        "leave the kept entries as they are (none), or restore the sum of magnitudes (l1)")
}
