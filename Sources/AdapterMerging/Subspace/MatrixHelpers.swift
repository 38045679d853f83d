/// What the subspace merges need of matrices beside products and decompositions.
extension Matrix {
    /// A matrix from Float numbers, rows after one another.
    init(rows: Int, columns: Int, _ floats: [Float]) {
        self.init(rows: rows, columns: columns, values: floats.map(Double.init))
    }

    /// The identity.
    static func identity(_ size: Int) -> Matrix {
        Matrix(rows: size, columns: size, values: (0..<size * size).map { $0 % (size + 1) == 0 ? 1 : 0 })
    }

    /// Matrices of as many rows side by side.
    static func beside(_ matrices: [Matrix]) -> Matrix {
        matrices.dropFirst().reduce(matrices[0]) { $0.beside($1) }
    }

    /// Matrices of as many columns on top of one another.
    static func stacked(_ matrices: [Matrix]) -> Matrix {
        matrices.dropFirst().reduce(matrices[0]) { $0.stacked($1) }
    }

    /// The sum of matrices of one shape, at least one.
    static func sum(_ matrices: [Matrix]) -> Matrix { matrices.dropFirst().reduce(matrices[0], +) }

    static func * (matrix: Matrix, factor: Double) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { $0 * factor })
    }

    /// The matrix times the diagonal matrix of some factors.
    func scalingColumns(by factors: [Double]) -> Matrix {
        var result = self
        for row in 0..<rows {
            for column in 0..<columns { result.values[row * columns + column] *= factors[column] }
        }
        return result
    }

    /// The Frobenius norm.
    var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Whether every entry is exactly 0.
    var isZero: Bool { values.allSatisfy { $0 == 0 } }

    /// The entries rounded to Float, rows after one another.
    var floats: [Float] { values.map(Float.init) }
}
