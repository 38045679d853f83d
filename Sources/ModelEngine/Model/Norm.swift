import CKernels

extension Architecture.NormKind {
    /// y = norm(x) over `count` elements; y may be x.
    @inline(__always)
    fileprivate func apply(
        _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
        into y: UnsafeMutablePointer<Float>, count: Int, epsilon: Float
    ) {
        switch self {
        case .rootMeanSquare: _ = ck_rms_norm(x, weight, y, count, epsilon)
        case .layer: ck_layer_norm(x, weight, bias, y, count, epsilon)
        }
    }

    /// dx += gradient of the norm of x for dy.
    @inline(__always)
    fileprivate func addGradient(
        _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        to dx: UnsafeMutablePointer<Float>, count: Int, epsilon: Float
    ) {
        switch self {
        case .rootMeanSquare:
            let factor = 1 / (ck_dot(x, x, count) / Float(count) + epsilon).squareRoot()
            ck_rms_norm_backward(x, weight, dy, factor, dx, count)
        case .layer: ck_layer_norm_backward(x, weight, dy, dx, count, epsilon)
        }
    }
}

/// The norm of a hidden state with its weights, `[H]`.
struct Norm: Sendable {
    let kind: Architecture.NormKind
    let weight: FloatBuffer
    let bias: FloatBuffer?
    let epsilon: Float

    /// y = norm(x) for one row; y may be x.
    func apply(_ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>) {
        kind.apply(x, weight.pointer, bias?.pointer, into: y, count: weight.count, epsilon: epsilon)
    }

    /// dx += gradient of norm(x) for dy, for one row.
    func addGradient(_ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>) {
        kind.addGradient(x, weight.pointer, dy, to: dx, count: weight.count, epsilon: epsilon)
    }
}

/// The norm of single query or key heads before rotation.
struct HeadNorm: Sendable {
    let kind: Architecture.NormKind
    /// `[D]`, or `[heads, D]` where each head has its own.
    let weight: FloatBuffer
    /// D.
    let size: Int
    let epsilon: Float

    private func weight(_ head: Int) -> UnsafePointer<Float> {
        UnsafePointer(weight.pointer + (weight.count > size ? head * size : 0))
    }

    /// Normalises consecutive heads of one row in place.
    func apply(_ x: UnsafeMutablePointer<Float>, heads: Range<Int>) {
        for (index, head) in heads.enumerated() {
            let start = x + index * size
            kind.apply(start, weight(head), nil, into: start, count: size, epsilon: epsilon)
        }
    }

    /// Turns the gradient of the normalised heads into that of x, in place; `scratch` holds D floats.
    func backpropagate(
        _ gradient: UnsafeMutablePointer<Float>, through x: UnsafePointer<Float>, heads: Range<Int>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        for (index, head) in heads.enumerated() {
            let target = gradient + index * size
            scratch.update(from: target, count: size)
            target.update(repeating: 0, count: size)
            kind.addGradient(x + index * size, weight(head), scratch, to: target, count: size, epsilon: epsilon)
        }
    }
}
