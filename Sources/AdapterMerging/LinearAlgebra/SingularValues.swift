/// A thin singular value decomposition M = U diag(s) Vᵀ.
package struct SingularValues: Sendable, Equatable {
    /// Left singular vectors as columns, `[rows, k]`.
    package var u: Matrix
    /// Singular values, descending, k of them.
    package var s: [Double]
    /// Right singular vectors as rows, `[k, columns]`.
    package var vTransposed: Matrix

    package init(u: Matrix, s: [Double], vTransposed: Matrix) {
        precondition(u.columns == s.count && vTransposed.rows == s.count, "one vector on each side for each value")
        self.u = u
        self.s = s
        self.vTransposed = vTransposed
    }

    /// U diag(s) Vᵀ.
    package var product: Matrix { u.scalingColumns(by: s) * vTransposed }

    /// The largest values with their vectors: of all matrices of this rank the nearest one (Eckart and Young 1936).
    ///
    /// There may be fewer than asked for.
    package func prefix(_ rank: Int) -> SingularValues {
        let rank = min(rank, s.count)
        return SingularValues(
            u: u.columns(0..<rank), s: Array(s.prefix(rank)), vTransposed: vTransposed.rows(0..<rank))
    }
}

extension Matrix {
    /// The thin singular value decomposition, with as many values as the smaller side is long.
    ///
    /// By divide and conquer (LAPACK's gesdd), or QR iteration (gesvd) where that does not converge. Signs of pairs of
    /// vectors, and bases where values repeat, are the library's choice.
    ///
    /// - Throws: `MergeError` with `notFinite` or `notConverged`.
    package func svd() throws(MergeError) -> SingularValues {
        guard values.allSatisfy(\.isFinite) else {
            throw MergeError(.notFinite, "a matrix to be decomposed holds NaN or infinite numbers; train again")
        }
        guard let (u, s, vTransposed) = LAPACK.svd(values, rows: rows, columns: columns) else {
            throw MergeError(
                .notConverged,
                "the singular values of a \(rows) × \(columns) matrix were not found; merge by a method without them")
        }
        let k = min(rows, columns)
        return SingularValues(
            u: Matrix(rows: rows, columns: k, values: u), s: s,
            vTransposed: Matrix(rows: k, columns: columns, values: vTransposed))
    }
}
