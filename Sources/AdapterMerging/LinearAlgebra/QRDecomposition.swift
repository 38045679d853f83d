extension Matrix {
    /// The thin QR decomposition M = Q R by Householder reflections.
    ///
    /// It holds for any rank and shape: with k the smaller side, Q is `[rows, k]` with orthonormal columns and R
    /// `[k, columns]` is zero below its diagonal.
    package func qr() -> (q: Matrix, r: Matrix) {
        let (qTransposed, r) = transposed.qrOfTranspose()
        return (qTransposed.transposed, r)
    }

    /// The same of the transpose, Mᵀ = Q R, with Qᵀ `[k, columns]` and R `[k, rows]`: what LAPACK gives without copies.
    package func qrOfTranspose() -> (qTransposed: Matrix, r: Matrix) {
        let k = min(rows, columns)
        // By rows, the matrix is its transpose by columns.
        let (q, packed) = LAPACK.qr(values, rows: columns, columns: rows)
        var r = Matrix.zeros(rows: k, columns: rows)
        for row in 0..<k {
            for column in row..<rows { r[row, column] = packed[column * columns + row] }
        }
        return (Matrix(rows: k, columns: columns, values: q), r)
    }
}
