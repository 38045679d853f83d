extension Matrix {
    /// The thin QR decomposition M = Q R by Householder reflections.
    ///
    /// It holds for any rank and shape: with k the smaller side, Q is `[rows, k]` with orthonormal columns and R
    /// `[k, columns]` is zero below its diagonal.
    package func qr() -> (q: Matrix, r: Matrix) {
        let k = min(rows, columns)
        // By rows, the transpose is the matrix by columns.
        let (q, packed) = LAPACK.qr(transposed.values, rows: rows, columns: columns)
        var r = Matrix.zeros(rows: k, columns: columns)
        for row in 0..<k {
            for column in row..<columns { r[row, column] = packed[column * rows + row] }
        }
        return (Matrix(rows: k, columns: rows, values: q).transposed, r)
    }
}
