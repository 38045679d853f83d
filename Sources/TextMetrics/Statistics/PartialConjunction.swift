/// In how many of N settings is a method shown to be better? The answer to "better in x of 14".
///
/// p^{u/N} = max over v ≤ u of (N − v + 1)·p₍ᵥ₎ tests "fewer than u of the N hold"; the Bonferroni form stands whatever
/// the dependence between settings. Source: Dror, Baumer, Bogomolov and Reichart, "Replicability Analysis for Natural
/// Language Processing" (TACL 2017), after Benjamini and Heller (2008).
public struct PartialConjunction: Hashable, Sendable {
    /// p^{u/N} for u = 1…N, never falling, at most 1.
    public let pValues: [Double]

    /// The conjunction of one-sided p-values, one a setting.
    public init(_ p: [Double]) {
        var running = 0.0
        pValues = p.sorted().enumerated().map { index, value in
            running = max(running, min(1, Double(p.count - index) * value))
            return running
        }
    }

    /// û: the largest u with p^{u/N} ≤ α; 0 where not even one is shown.
    public func shown(alpha: Double = 0.05) -> Int {
        (pValues.lastIndex { $0 <= alpha } ?? -1) + 1
    }
}
