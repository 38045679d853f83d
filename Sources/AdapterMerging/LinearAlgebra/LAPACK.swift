import CLibLAPACK

/// The calls into BLAS and LAPACK, on row-major matrices.
///
/// Fortran stores matrices by columns, so it sees the transpose of what is passed: C = A B is computed as Cᵀ = Bᵀ Aᵀ.
/// Every call runs on the caller's thread, since layers are worked on side by side (see `ConcurrentMap`).
enum LAPACK {
    // OpenBLAS starts as many threads as there are cores unless told otherwise. A static is set up once, whoever asks.
    private static let prepared: Void = clapack_use_one_thread()

    /// Whether a factor of a product is taken as it is stored.
    enum Form {
        case plain, transposed

        var letter: CChar { CChar(self == .plain ? UInt8(ascii: "N") : UInt8(ascii: "T")) }
    }

    /// scale · op(A) op(B), `[rows, columns]`, where op(A) is `[rows, inner]` and op(B) `[inner, columns]`.
    static func product(
        _ a: [Double], _ b: [Double], rows: Int, columns: Int, inner: Int, scale: Double = 1, aForm: Form = .plain,
        bForm: Form = .plain
    ) -> [Double] {
        precondition(a.count == rows * inner && b.count == inner * columns, "factors do not fit their shapes")
        _ = prepared
        guard rows > 0, columns > 0, inner > 0 else { return Array(repeating: 0, count: rows * columns) }
        return [Double](unsafeUninitializedCapacity: rows * columns) { result, count in
            clapack_dgemm(
                bForm.letter, aForm.letter, Int32(columns), Int32(rows), Int32(inner), scale, b,
                Int32(bForm == .plain ? columns : inner), a, Int32(aForm == .plain ? inner : rows), 0,
                result.baseAddress, Int32(columns))
            count = rows * columns
        }
    }

    /// The same in single precision.
    static func product(
        _ a: [Float], _ b: [Float], rows: Int, columns: Int, inner: Int, scale: Float = 1, aForm: Form = .plain,
        bForm: Form = .plain
    ) -> [Float] {
        precondition(a.count == rows * inner && b.count == inner * columns, "factors do not fit their shapes")
        _ = prepared
        guard rows > 0, columns > 0, inner > 0 else { return Array(repeating: 0, count: rows * columns) }
        return [Float](unsafeUninitializedCapacity: rows * columns) { result, count in
            clapack_sgemm(
                bForm.letter, aForm.letter, Int32(columns), Int32(rows), Int32(inner), scale, b,
                Int32(bForm == .plain ? columns : inner), a, Int32(aForm == .plain ? inner : rows), 0,
                result.baseAddress, Int32(columns))
            count = rows * columns
        }
    }

    /// Householder QR of a matrix stored by columns, `rows` × `columns`.
    ///
    /// - Returns: Q, `rows` × k by columns, and what dgeqrf left: R in its upper triangle; k is the smaller side.
    static func qr(_ matrix: [Double], rows: Int, columns: Int) -> (q: [Double], packed: [Double]) {
        _ = prepared
        let k = min(rows, columns)
        guard k > 0 else { return ([], matrix) }
        let (m, n, leading) = (Int32(rows), Int32(columns), Int32(max(1, rows)))
        var packed = matrix
        var tau = [Double](repeating: 0, count: k)
        withWorkspace { clapack_dgeqrf(m, n, &packed, leading, &tau, $0, $1) }
        var q = Array(packed.prefix(rows * k))
        withWorkspace { clapack_dorgqr(m, Int32(k), Int32(k), &q, leading, tau, $0, $1) }
        return (q, packed)
    }

    /// An orthonormal basis of the columns of a matrix stored by columns, `rows` × `columns` with `columns` ≤ `rows`.
    static func orthonormalised(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
        _ = prepared
        let (m, n) = (Int32(rows), Int32(columns))
        var q = matrix
        var tau = [Float](repeating: 0, count: columns)
        withWorkspace { clapack_sgeqrf(m, n, &q, m, &tau, $0, $1) }
        withWorkspace { clapack_sorgqr(m, n, n, &q, m, tau, $0, $1) }
        return q
    }

    /// Thin singular value decomposition of a row-major matrix; `nil` if neither driver converges.
    ///
    /// Divide and conquer (gesdd) is several times faster than QR iteration (gesvd) but has been seen to give up where
    /// that converges.
    static func svd(_ matrix: [Double], rows: Int, columns: Int) -> (u: [Double], s: [Double], vTransposed: [Double])? {
        _ = prepared
        let k = min(rows, columns)
        guard k > 0 else { return ([], [], []) }
        // Fortran decomposes the transpose: its left vectors by columns are ours on the right by rows, and vice versa.
        let (m, n, kk) = (Int32(columns), Int32(rows), Int32(k))
        var s = [Double](repeating: 0, count: k)
        var u = [Double](repeating: 0, count: rows * k)
        var vTransposed = [Double](repeating: 0, count: k * columns)
        var integers = [Int32](repeating: 0, count: 8 * k)
        var scratch = matrix
        let failed = withWorkspace {
            clapack_dgesdd(m, n, &scratch, m, &s, &vTransposed, m, &u, kk, $0, $1, &integers)
        }
        guard failed != 0 else { return (u, s, vTransposed) }
        scratch = matrix
        let failedAgain = withWorkspace { clapack_dgesvd(m, n, &scratch, m, &s, &vTransposed, m, &u, kk, $0, $1) }
        return failedAgain == 0 ? (u, s, vTransposed) : nil
    }

    /// The eigenvalues of a symmetric matrix, ascending, and its vectors as rows if they are wanted; `nil` if there is no
    /// convergence.
    static func symmetricEigen(
        _ matrix: [Double], size: Int, vectors: Bool
    ) -> (values: [Double], vectors: [Double])? {
        _ = prepared
        var values = [Double](repeating: 0, count: size)
        var vectorsByRow = matrix
        var integers = [Int32](repeating: 0, count: 3 + 5 * size)
        let job = CChar(vectors ? UInt8(ascii: "V") : UInt8(ascii: "N"))
        let failed = withWorkspace {
            clapack_dsyevd(job, Int32(size), &vectorsByRow, &values, $0, $1, &integers)
        }
        return failed == 0 ? (values, vectorsByRow) : nil
    }

    /// Asks a routine how much room it wants, then runs it with that.
    @discardableResult
    private static func withWorkspace<Number: BinaryFloatingPoint>(
        _ routine: (UnsafeMutablePointer<Number>, Int32) -> Int32
    ) -> Int32 {
        var wanted: Number = 0
        let refused = routine(&wanted, -1)
        guard refused == 0 else { return refused }
        return withUnsafeTemporaryAllocation(of: Number.self, capacity: max(1, Int(wanted))) { room in
            guard let start = room.baseAddress else { return -1 }
            return routine(start, Int32(room.count))
        }
    }
}
