import Foundation
import ModelEngine

/// SLERP: from one update to another along the arc between their directions.
///
/// The updates Δ₁, Δ₂ of a layer are taken as flat vectors. With Ω the angle between them, Δ = sin((1−t)Ω)/sin Ω · Δ₁ +
/// sin(tΩ)/sin Ω · Δ₂. Where they are nearly parallel or nearly opposite, |cos Ω| > 0.9995, it is (1−t) Δ₁ + t Δ₂
/// instead. Both coefficients apply to the updates as they are, not to unit vectors, so the length of the result runs
/// from |Δ₁| to |Δ₂| without being theirs in between: at a right angle and t = ½ two updates of one length give one of
/// the same length, where a mean would give 71 % of it.
///
/// Angle and lengths come from the factors (see `UpdateGeometry`), so the result is exact: a concatenation of rank r₁ +
/// r₂. A layer that only one adapter has keeps that adapter's update. An update of length 0 counts as at a right angle.
///
/// Source: Shoemake, "Animating Rotation with Quaternion Curves" (1985), the formula Slerp; mergekit 0.1.5,
/// `slerp.slerp` with its threshold, applied to the updates (mergekit itself goes between whole weight matrices, base
/// included). mergekit has no default for t; ours is 0.5.
public struct SLERP: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "slerp", title: "SLERP", family: .dataFreeMerge,
        reference: "Shoemake 1985, Animating Rotation with Quaternion Curves; mergekit 0.1.5, slerp, on the updates",
        parameters: [
            ParameterDescription(
                "t", .closed(0...1), default: 0.5, "where on the way from the main (0) to the auxiliary adapter (1)")
        ])

    /// Beyond this cosine, either way, mergekit interpolates linearly.
    private static let parallelThreshold = 0.9995
    private static let smallestLength = 1e-8

    /// `t`.
    public let parameters: MethodParameters
    private let t: Double

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        t = try self.parameters.number("t")
    }

    /// The merge; the seed has no part in it.
    public var recipe: CompositionRecipe { .merge { [t] adapters, _ in try Self.merge(adapters, t: t) } }

    /// Merges two adapters, whatever their ranks; one alone comes back as it is.
    ///
    /// - Parameter t: from 0, the first adapter, to 1, the second one.
    /// - Throws: `MergeError` with `adapterCount`, `badParameter`, `noAdapters`, `notFinite` or `shapeMismatch`.
    public static func merge(_ adapters: [LoRAAdapter], t: Double = 0.5) throws(MergeError) -> LoRAAdapter {
        guard adapters.count <= 2 else {
            throw MergeError(
                .adapterCount,
                "SLERP goes from one adapter to another, and there are \(adapters.count); "
                    + "use 'multi-slerp' or 'karcher'")
        }
        guard (0...1).contains(t) else {
            throw MergeError(.badParameter, "t is \(t); it goes from 0 (first adapter) to 1 (second one)", key: "t")
        }
        return try MergeInputs(adapters, weights: nil).combination { members, _ in
            members.count == 1 ? [1] : coefficients(UpdateGeometry(members.map(\.factors)), t: t)
        }
    }

    private static func coefficients(_ geometry: UpdateGeometry, t: Double) -> [Double] {
        let lengths = geometry.lengths.map { $0 > smallestLength ? $0 : 1 }
        let cosine = min(max(geometry.products[0][1] / (lengths[0] * lengths[1]), -1), 1)
        guard abs(cosine) <= parallelThreshold else { return [1 - t, t] }
        let angle = acos(cosine)
        return [sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle)]
    }
}
