extension Matrix {
    /// - Precondition: the left one has as many columns as the right one has rows.
    package static func * (left: Matrix, right: Matrix) -> Matrix {
        precondition(left.columns == right.rows, "the sides of a product do not meet")
        return Matrix(
            rows: left.rows, columns: right.columns,
            values: LAPACK.product(
                left.values, right.values, rows: left.rows, columns: right.columns, inner: left.columns))
    }

    package static func * (scale: Double, matrix: Matrix) -> Matrix {
        Matrix(rows: matrix.rows, columns: matrix.columns, values: matrix.values.map { scale * $0 })
    }

    package static func * (matrix: Matrix, scale: Double) -> Matrix { scale * matrix }

    package static func + (left: Matrix, right: Matrix) -> Matrix { combined(left, right, +) }

    package static func - (left: Matrix, right: Matrix) -> Matrix { combined(left, right, -) }

    private static func combined(_ left: Matrix, _ right: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
        precondition(left.rows == right.rows && left.columns == right.columns, "the matrices' shapes differ")
        return Matrix(
            rows: left.rows, columns: left.columns, values: zip(left.values, right.values).map { operation($0, $1) })
    }

    /// The sum of matrices of one shape, at least one.
    static func sum(_ matrices: [Matrix]) -> Matrix { matrices.dropFirst().reduce(matrices[0], +) }

    /// Whether every entry is exactly 0.
    var isZero: Bool { values.allSatisfy { $0 == 0 } }

    /// √Σ m², with the entries scaled by the largest so that no square over- or underflows.
    package var frobeniusNorm: Double {
        let largest = values.reduce(0) { max($0, $1.magnitude) }
        guard largest > 0, largest.isFinite else { return largest }
        return largest * values.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    }

    /// The matrix with each column multiplied by a number: M · diag(d).
    ///
    /// - Precondition: one number for each column.
    package func scalingColumns(by numbers: [Double]) -> Matrix {
        precondition(numbers.count == columns, "one number for each column is needed")
        return scaling { _, column in numbers[column] }
    }

    /// The matrix with each row multiplied by a number: diag(d) · M.
    ///
    /// - Precondition: one number for each row.
    package func scalingRows(by numbers: [Double]) -> Matrix {
        precondition(numbers.count == rows, "one number for each row is needed")
        return scaling { row, _ in numbers[row] }
    }

    /// The matrix with each entry multiplied by a number that follows from its row and column.
    @inline(__always) private func scaling(by number: (Int, Int) -> Double) -> Matrix {
        let scaled = [Double](unsafeUninitializedCapacity: values.count) { result, count in
            for row in 0..<rows {
                for column in 0..<columns {
                    result[row * columns + column] = values[row * columns + column] * number(row, column)
                }
            }
            count = values.count
        }
        return Matrix(rows: rows, columns: columns, values: scaled)
    }
}
