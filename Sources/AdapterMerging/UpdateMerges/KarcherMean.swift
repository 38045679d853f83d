import Foundation
import ModelEngine

/// Karcher mean: the direction with the least sum of squared angles to the updates, at their mean length.
///
/// With uᵢ = Δᵢ/|Δᵢ| as flat vectors of a layer: start at the normalised mean of the uᵢ, and repeat m ← exp_m(mean of
/// log_m(uᵢ)) on the unit sphere, where log_m(u) = θ/sin θ · (u − cos θ · m) with θ the angle between u and m, until
/// the step is shorter than 1e-5, ten times at most. Then Δ = (mean of the |Δᵢ|) · m. Of two updates that is SLERP's
/// direction at t = ½ at once; from three on it differs from `MultiSLERP`.
///
/// Every step stays within the span of the updates, so it is carried out on coefficients with the inner products of the
/// factors (see `UpdateGeometry`), and the result is exact: a concatenation of rank Σ rᵢ. Updates shorter than
/// 1e-5 take no part in the direction but count in the mean length. Weights are equal; a layer that only some adapters
/// have is the mean of those. Where the uᵢ cancel out (a mean shorter than 1e-5) the first one is the start, so only
/// then their order matters; a uᵢ opposite to m has no logarithm and is passed over in that step.
///
/// Source: Karcher, "Riemannian Center of Mass and Mollifier Smoothing" (1977), the centre of mass; mergekit 0.1.5,
/// `karcher.karcher_merge_tensors` with its defaults (ten steps, 1e-5), which names Wang et al.,
/// "Functionality-Oriented LLM Merging on the Fisher–Rao Manifold" (2026), arXiv 2603.04972, the spherical proxy with
/// norm preservation. Here it is applied to the updates (mergekit itself takes whole weight matrices, base included).
public struct KarcherMean: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "karcher", title: "Karcher mean", family: .dataFreeMerge,
        reference:
            "Karcher 1977, Riemannian Center of Mass; Wang et al. 2026, Functionality-Oriented LLM Merging on the "
            + "Fisher-Rao Manifold, arXiv 2603.04972; mergekit 0.1.5, karcher, on the updates")

    private static let tolerance = 1e-5
    private static let mostSteps = 10

    /// None.
    public let parameters: MethodParameters

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe { .merge { adapters, _ in try Self.merge(adapters) } }

    /// Merges any number of adapters, whatever their ranks.
    ///
    /// - Throws: `MergeError` with `noAdapters`, `notFinite` or `shapeMismatch`.
    public static func merge(_ adapters: [LoRAAdapter]) throws(MergeError) -> LoRAAdapter {
        try MergeInputs(adapters, weights: nil).combination { members, _ in
            members.count == 1 ? [1] : coefficients(UpdateGeometry(members.map(\.factors)))
        }
    }

    private static func coefficients(_ geometry: UpdateGeometry) -> [Double] {
        let lengths = geometry.lengths
        let valid = lengths.indices.filter { lengths[$0] > tolerance }
        let none = [Double](repeating: 0, count: lengths.count)
        guard let first = valid.first else { return none }
        // A direction is a list of coefficients of the updates themselves.
        let units = valid.map { index in
            var unit = none
            unit[index] = 1 / lengths[index]
            return unit
        }
        let share = 1 / Double(valid.count)
        var mean = units.reduce(none) { add($0, $1, times: share) }
        let meanLength = geometry.length(mean)
        if meanLength < tolerance {
            mean = none
            mean[first] = 1 / lengths[first]
        } else {
            mean = mean.map { $0 / meanLength }
        }
        for _ in 0..<mostSteps {
            var step = none
            for unit in units {
                let cosine = min(max(geometry.innerProduct(mean, unit), -1), 1)
                let angle = acos(cosine)
                // At an angle of π every direction leads there, so none does.
                guard angle >= tolerance, .pi - angle >= tolerance else { continue }
                step = add(step, add(unit, mean, times: -cosine), times: share * angle / sin(angle))
            }
            let length = geometry.length(step)
            guard length >= tolerance else { break }
            mean = add(mean.map { $0 * cos(length) }, step, times: sin(length) / length)
            let unitLength = geometry.length(mean)
            if unitLength > tolerance { mean = mean.map { $0 / unitLength } }
        }
        let meanOfLengths = lengths.reduce(0, +) / Double(lengths.count)
        return mean.map { $0 * meanOfLengths }
    }

    private static func add(_ first: [Double], _ second: [Double], times factor: Double) -> [Double] {
        zip(first, second).map { $0 + factor * $1 }
    }
}
