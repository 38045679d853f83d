import CKernels

/// A term's c and P in training: they act through B, so that the passes know plain LoRA only.
///
/// The passes use F = c B P in the place of B and sum up its gradient dF. From that follow dP = c Bᵀ dF and
/// dc = Σ dF ∘ B P, once an update: outputs · rank² products a layer, little beside the tokens' passes. B is frozen.
final class FoldedTerm: @unchecked Sendable {
    private let rank: Int
    private let outputs: Int
    /// Bᵀ, `[R, outputs]`.
    private let b: FloatBuffer
    /// P, `[R, R]`, and its gradient.
    let middle: FloatBuffer?
    let middleGradient: FloatBuffer?
    /// c alone, and its gradient.
    let coefficient: FloatBuffer?
    let coefficientGradient: FloatBuffer?
    private let limits: ClosedRange<Float>?

    /// Nil for a term that has neither.
    init?(_ term: AdapterTerm, transposedB: [Float]) {
        guard term.middle != nil || term.coefficient != nil else { return nil }
        rank = term.factors.rank
        outputs = term.factors.outputs
        b = FloatBuffer(transposedB)
        middle = term.middle.map { FloatBuffer($0) }
        middleGradient = term.middle.map { FloatBuffer($0.count) }
        coefficient = term.coefficient.map { FloatBuffer([$0]) }
        coefficientGradient = term.coefficient.map { _ in FloatBuffer(1) }
        limits = term.coefficientLimits
    }

    /// c within its limits; 1 where there is none.
    var usedCoefficient: Float {
        guard let value = coefficient?.pointer[0] else { return 1 }
        guard let limits else { return value }
        return min(max(value, limits.lowerBound), limits.upperBound)
    }

    /// Fᵀ = c Pᵀ Bᵀ, `[R, outputs]`.
    func fold(into product: UnsafeMutablePointer<Float>) {
        if let middle, rank > 0 {
            ck_gemm(
                rank, outputs, rank, middle.pointer, 1, rank, b.pointer, PackedMatrix.panel, outputs,
                outputs % PackedMatrix.panel == 0, product, outputs, false)
        } else {
            product.update(from: b.pointer, count: b.count)
        }
        guard coefficient != nil else { return }
        let used = usedCoefficient
        for index in 0..<b.count { product[index] *= used }
    }

    /// The gradients of P and c from that of Fᵀ, `[R, outputs]`, and from Σ bias ∘ dBias.
    func unfold(_ gradient: UnsafePointer<Float>, bias: Float) {
        let used = usedCoefficient
        var slope = Double(bias)
        for i in 0..<rank {
            guard let middle, let middleGradient else {
                slope += Double(ck_dot(b.pointer + i * outputs, gradient + i * outputs, outputs))
                continue
            }
            for j in 0..<rank {
                let product = ck_dot(b.pointer + i * outputs, gradient + j * outputs, outputs)
                middleGradient.pointer[i * rank + j] = used * product
                slope += Double(middle.pointer[i * rank + j]) * Double(product)
            }
        }
        guard let coefficient, let coefficientGradient else { return }
        coefficientGradient.pointer[0] = limits?.contains(coefficient.pointer[0]) ?? true ? Float(slope) : 0
    }
}
