import ModelEngine
import SeededRandom

/// How many numbers a linear layer takes and gives.
public struct LayerShape: Sendable, Hashable {
    /// Length of x.
    public var inputs: Int
    /// Length of y.
    public var outputs: Int

    /// A shape.
    public init(inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
    }
}

/// The adapter that training starts from.
///
/// B is zero, so the model answers as it did without the adapter. A is Kaiming-uniform with a = √5: uniform in ±bound
/// with bound = √(6 / ((1 + a²) · inputs)) = 1/√inputs. Scaling is alpha / rank.
///
/// Source: He et al., "Delving Deep into Rectifiers" (2015), section 2.2, for the distribution; PEFT 0.21.2,
/// `LoraLayer.reset_lora_parameters`, for its use. The random numbers are this project's own, not torch's.
public enum LoRAInitialization {
    /// A new adapter for the given layers.
    ///
    /// - Parameters:
    ///   - shapes: the layers to change.
    ///   - rank: rows of A, at least 1.
    ///   - alpha: the scaling is alpha / rank; finite.
    ///   - seed: decides A. Each layer has a generator of its own, so its A does not depend on which others there are.
    ///   - purpose: separates adapters that are made from one seed.
    /// - Throws: `MergeError` with `badParameter` (rank or alpha), `noAdapters` (no layers) or `shapeMismatch` (a layer
    ///   without inputs or outputs).
    public static func newAdapter(
        shapes: [AdapterSite: LayerShape], rank: Int, alpha: Double, seed: UInt64, purpose: String = "lora"
    ) throws(MergeError) -> LoRAAdapter {
        guard rank >= 1 else {
            throw MergeError(.badParameter, "the rank is \(rank), but must be at least 1", key: "rank")
        }
        guard alpha.isFinite else {
            throw MergeError(.badParameter, "alpha is \(alpha), but must be finite", key: "alpha")
        }
        guard !shapes.isEmpty else {
            throw MergeError(.noAdapters, "no layers are given for the adapter to change; name at least one projection")
        }
        var adapter = LoRAAdapter()
        for (site, shape) in shapes {
            guard shape.inputs > 0, shape.outputs > 0 else {
                throw MergeError(
                    .shapeMismatch, "the layer maps \(shape.inputs) to \(shape.outputs) numbers; both must be above 0",
                    key: site.description)
            }
            adapter.factors[site] = LoRAFactors(
                rank: rank, inputs: shape.inputs, outputs: shape.outputs,
                a: uniformA(rank: rank, inputs: shape.inputs, seed: seed, purpose: "\(purpose)/\(site)"),
                b: [Float](repeating: 0, count: shape.outputs * rank), scaling: Float(alpha / Double(rank)))
        }
        return adapter
    }

    private static func uniformA(rank: Int, inputs: Int, seed: UInt64, purpose: String) -> [Float] {
        var generator = SeededGenerator(seed: seed, purpose: purpose)
        let bound = 1 / Double(inputs).squareRoot()
        return (0..<rank * inputs).map { _ in Float((2 * generator.nextUniform() - 1) * bound) }
    }
}
