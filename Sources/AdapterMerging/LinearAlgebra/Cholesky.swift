/// A positive definite matrix as L Lᵀ, for the small matrices of inner products of a basis.
struct Cholesky {
    /// L⁻¹, zero above its diagonal.
    let inverse: Matrix

    /// - Returns: `nil` where a direction is shorter than `tolerance` of its part before the others were taken away, in
    ///   squares: the basis is dependent, or as good as.
    init?(_ matrix: Matrix, tolerance: Double = 1e-9) {
        let size = matrix.rows
        var lower = matrix.values
        var inverse = [Double](repeating: 0, count: size * size)
        let isDefinite = lower.withUnsafeMutableBufferPointer { l in
            for column in 0..<size {
                for row in column..<size {
                    var value = l[row &* size &+ column]
                    for k in 0..<column { value -= l[row &* size &+ k] * l[column &* size &+ k] }
                    guard row == column else {
                        l[row &* size &+ column] = value / l[column &* size &+ column]
                        continue
                    }
                    guard value > tolerance * matrix.values[row * size + row], value.isFinite else { return false }
                    l[row &* size &+ row] = value.squareRoot()
                }
            }
            inverse.withUnsafeMutableBufferPointer { x in
                // Row by row: x_r = (e_r − Σ_k l_rk x_k) / l_rr.
                for row in 0..<size {
                    x[row &* size &+ row] = 1
                    for k in 0..<row {
                        let factor = l[row &* size &+ k]
                        for column in 0...k { x[row &* size &+ column] -= factor * x[k &* size &+ column] }
                    }
                    let length = l[row &* size &+ row]
                    for column in 0...row { x[row &* size &+ column] /= length }
                }
            }
            return true
        }
        guard isDefinite else { return nil }
        self.inverse = Matrix(rows: size, columns: size, values: inverse)
    }

    /// L⁻¹ M L⁻ᵀ for a symmetric M: its quadratic form on the basis made orthonormal.
    func whitened(_ matrix: Matrix) -> Matrix { inverse * matrix * inverse.transposed }
}
