import CKernels

/// The function of the gate in a gated feed-forward part: y = f(gate)·up.
enum Activation: Sendable, Equatable {
    /// x·σ(x).
    case silu
    /// x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³))).
    ///
    /// Source: Hendrycks and Gimpel, "Gaussian Error Linear Units" (2016), section 2.
    case geluTanh

    /// y = f(gate)·up over `count` elements; y may be gate.
    @inline(__always)
    func multiply(
        _ gate: UnsafePointer<Float>, _ up: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch self {
        case .silu: ck_silu_multiply(gate, up, y, count)
        case .geluTanh: ck_gelu_multiply(gate, up, y, count)
        }
    }

    /// The gradients for dy, written over gate and up.
    @inline(__always)
    func gradients(
        _ gate: UnsafeMutablePointer<Float>, _ up: UnsafeMutablePointer<Float>, for dy: UnsafePointer<Float>,
        count: Int
    ) {
        switch self {
        case .silu: ck_silu_multiply_backward(gate, up, dy, count)
        case .geluTanh: ck_gelu_multiply_backward(gate, up, dy, count)
        }
    }
}
