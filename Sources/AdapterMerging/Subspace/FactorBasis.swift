import ModelEngine

/// An orthonormal basis of the columns that the adapters of a layer have on one side, and their coordinates in it.
///
/// Of a stack S, `[length, R]`, the thin QR factorisation S = Q R. Where S is well conditioned, Q = S R⁻¹ is never
/// formed: R is the Cholesky factor of SᵀS, and Q M = S (R⁻¹ M), two products at the speed of the hardware and several
/// times faster than Householder's reflections. Q is then orthonormal to about κ² ε, where κ is the condition of S with
/// columns of unit length, which is measured: above `largestCondition`, or with more columns than rows, Householder's
/// QR is used, which holds for any matrix.
struct FactorBasis: Sendable {
    /// The condition up to which Q is orthonormal to 10⁻⁹: (3 · 10³)² times the rounding of 10⁻¹⁶.
    private static let largestCondition = 3e3

    /// Sᵀ or Qᵀ, rows after one another: `[size, length]`.
    private let rows: Matrix
    /// R⁻¹ where `rows` is Sᵀ, `nil` where it is Qᵀ.
    private let inverse: Matrix?
    /// R, `[size, R]`: the columns of the stack in the basis.
    let core: Matrix

    /// - Parameter rows: Sᵀ, `[R, length]`.
    init(rows: Matrix) {
        if let factor = Self.choleskyFactor(rows), factor.condition <= Self.largestCondition {
            self.rows = rows
            inverse = factor.inverse
            core = factor.r
        } else {
            let (q, r) = rows.transposed.qr()
            self.rows = q.transposed
            inverse = nil
            core = r
        }
    }

    /// (Q M)ᵀ = Mᵀ Qᵀ of a matrix given as Mᵀ, `[k, size]`; the result is `[k, length]`.
    func expanded(_ matrix: Matrix) -> Matrix {
        guard let inverse else { return matrix * rows }
        return matrix * inverse.transposed * rows
    }

    /// R with RᵀR = SᵀS, its inverse, and a bound of the condition of S with columns of unit length; `nil` if there is
    /// none.
    private static func choleskyFactor(_ rows: Matrix) -> (r: Matrix, inverse: Matrix, condition: Double)? {
        let size = rows.rows
        guard size <= rows.columns else { return nil }
        let gram = LAPACK.product(
            rows.values, rows.values, rows: size, columns: size, inner: rows.columns, bForm: .transposed)
        var r = Matrix.zeros(rows: size, columns: size)
        for row in 0..<size {
            for column in row..<size {
                var rest = gram[row * size + column]
                for index in 0..<row { rest -= r[index, row] * r[index, column] }
                if column == row {
                    guard rest > 1e-12 * gram[row * size + row] else { return nil }
                    r[row, row] = rest.squareRoot()
                } else {
                    r[row, column] = rest / r[row, row]
                }
            }
        }
        var inverse = Matrix.zeros(rows: size, columns: size)
        for column in 0..<size {
            inverse[column, column] = 1 / r[column, column]
            for row in (0..<column).reversed() {
                var sum = 0.0
                for index in row + 1...column { sum += r[row, index] * inverse[index, column] }
                inverse[row, column] = -sum / r[row, row]
            }
        }
        // Columns of unit length: R D⁻¹ has the norm √size and the inverse D R⁻¹.
        let lengths = (0..<size).map { gram[$0 * size + $0].squareRoot() }
        let condition = inverse.scalingRows(by: lengths).frobeniusNorm * Double(size).squareRoot()
        return (r, inverse, condition)
    }
}
