import CKernels
import ModelEngine
import SeededRandom

/// The best approximation of a low rank of a matrix that is near a sum of adapters' updates: what pruning makes of one.
///
/// Pruning and election leave most of each singular direction and spread the rest as noise of full rank, whose values
/// are far below. So the directions of the plain sum Σ wᵢ Δᵢ, known from the factors, start a subspace iteration that
/// is nearly done at its start: each product with M or Mᵀ lessens what is missing by the square of the ratio of values
/// behind and within the block. Random directions beside them find what the sum does not have.
///
/// 1. V: the `rank` + 8 largest right singular vectors of the sum, and 8 or more random vectors. While M is made, by
///    rows, Y = M Vᵀ and Z = Mᵀ Y are summed up: one way through memory.
/// 2. The squares found in an orthonormal basis of Y are eigenvalues of small matrices of inner products, and V
///    becomes an orthonormal basis of Z.
/// 3. Y = M Vᵀ again. The squares found rose by g₁ from the first Y to Z, and by g₂ from there to the second Y. With
///    ρ = g₂ / g₁, about g₂ ρ / (1 − ρ) is missing. If that is less than 5 · 10⁻⁵ of the squared error, the `rank` largest
///    directions are the result; else Z = Mᵀ Y, and 2. again.
///
/// Products are in single precision, each of their elements one chain or a sum of whole stretches, so that threads do not matter.
/// Where the iteration stalls (values that fall slowly behind the rank) or the rounding shows (an error below 3 % of the
/// matrix), the matrix goes to `TruncatedSVD`'s other ways.
///
/// Source: Halko, Martinsson and Tropp, "Finding Structure with Randomness" (2011), algorithms 4.4 and 5.1, with a start
/// that is not random.
package struct SpannedSVD {
    /// Writes rows of the matrix, which it is asked for in their order and once, so many numbers apart.
    typealias Rows = (Range<Int>, UnsafeMutablePointer<Float>, Int) -> Void

    /// The largest singular values with their vectors as factors.
    enum Outcome {
        case found(LoRAFactors)
        /// The matrix, `[rows, columns]`, and its squared norm.
        case stalled([Float], energy: Double)
    }

    private let rows: Int
    private let columns: Int
    private let rank: Int
    /// M; its rows are `stride` apart, not a power of two, so that a column's entries do not meet in the caches.
    private let matrix: UnsafeMutablePointer<Float>
    private let stride: Int
    /// Rows of M that a core's cache holds.
    private let group: Int
    private var energy = 0.0

    /// The best approximation of a matrix in memory that is near a sum of updates, or `nil` where the iteration stalls.
    package static func approximation(
        of dense: [Float], near updates: [(factors: LoRAFactors, weight: Double)], rank: Int
    ) -> LoRAFactors? {
        guard let start = start(updates, rank: rank) else { return nil }
        let (rows, columns) = (updates[0].factors.outputs, updates[0].factors.inputs)
        let room = room(rows: rows, columns: columns)
        let outcome = DenseMemory(largest: room).with(room) { memory in
            var iteration = SpannedSVD(rows: rows, columns: columns, rank: rank, memory: memory)
            return iteration.run(start: start) { part, target, stride in
                for row in part {
                    for column in 0..<columns {
                        target[(row - part.lowerBound) * stride + column] = dense[row * columns + column]
                    }
                }
            }
        }
        if case .found(let factors) = outcome { return factors }
        return nil
    }

    /// Numbers of memory that a shape needs.
    static func room(rows: Int, columns: Int) -> Int { rows * (columns + 16) }

    /// - Parameter memory: at least `room` numbers.
    init(rows: Int, columns: Int, rank: Int, memory: UnsafeMutablePointer<Float>) {
        self.rows = rows
        self.columns = columns
        self.rank = rank
        matrix = memory
        stride = columns + 16
        group = min(96, max(48, 200_000 / columns / 12 * 12))
    }

    mutating func run(start: ColumnBlock, fill: Rows) -> Outcome {
        var v = start
        var y = ColumnBlock(rows: rows, width: v.width, inPanels: false)
        var z = ColumnBlock(rows: columns, width: v.width, inPanels: false)
        for first in Swift.stride(from: 0, to: rows, by: group) {
            let part = first..<min(first + group, rows)
            fill(part, matrix + first * stride, stride)
            for row in part { energy += Double(ck_dot(matrix + row * stride, matrix + row * stride, columns)) }
            multiply(part, by: v, into: &y)
            multiplyTransposed(part, by: y, into: &z)
        }
        guard energy.isFinite, let basis = Cholesky(v.innerProducts(with: v)),
            var found = squares(basis.whitened(columns < rows ? v.innerProducts(with: z) : y.innerProducts(with: y)))
        else { return stalled() }
        for _ in 0..<3 {
            // Q = Y L⁻ᵀ is orthonormal, and Qᵀ M = L⁻¹ Zᵀ.
            guard let image = Cholesky(y.innerProducts(with: y)) else { return stalled() }
            let half = image.whitened(z.innerProducts(with: z))
            guard let halfway = squares(half), let narrow = Cholesky(half) else { return stalled() }
            v = z.combined(by: (narrow.inverse * image.inverse).transposed, inPanels: true)
            for first in Swift.stride(from: 0, to: rows, by: group) {
                multiply(first..<min(first + group, rows), by: v, into: &y)
            }
            guard let basis = Cholesky(v.innerProducts(with: v)),
                let eigen = LAPACK.symmetricEigen(
                    basis.whitened(y.innerProducts(with: y)).values, size: v.width, vectors: true)
            else { return stalled() }
            let now = eigen.values.suffix(rank).reduce(0, +)
            let (before, gain) = (max(halfway - found, 0), max(now - halfway, 0))
            found = now
            let error = energy - found
            guard error > 1e-3 * energy else { return stalled() }
            let ratio = before > 0 ? gain / before : 0
            if ratio < 0.9, gain * ratio / (1 - ratio) <= 5e-5 * error {
                return .found(result(v, y, basis, eigen.vectors))
            }
            guard ratio < 0.7 else { return stalled() }
            z = ColumnBlock(rows: columns, width: v.width, inPanels: false)
            for first in Swift.stride(from: 0, to: rows, by: group) {
                multiplyTransposed(first..<min(first + group, rows), by: y, into: &z)
            }
        }
        return stalled()
    }

    /// The sum of the largest squares of singular values that a small matrix has.
    private func squares(_ matrix: Matrix) -> Double? {
        LAPACK.symmetricEigen(matrix.values, size: matrix.rows, vectors: false)?.values.suffix(rank).reduce(0, +)
    }

    /// y = M v for some rows.
    private func multiply(_ part: Range<Int>, by v: ColumnBlock, into y: inout ColumnBlock) {
        y.values.withUnsafeMutableBufferPointer { target in
            guard let target = target.baseAddress else { return }
            ck_gemm(
                part.count, v.width, columns, matrix + part.lowerBound * stride, stride, 1, v.values, v.panel, v.step,
                true, target + part.lowerBound * v.width, v.width, false)
        }
    }

    /// z += Mᵀ y for some rows.
    private func multiplyTransposed(_ part: Range<Int>, by y: ColumnBlock, into z: inout ColumnBlock) {
        y.values.withUnsafeBufferPointer { rows in
            guard let rows = rows.baseAddress else { return }
            ck_gemm(
                columns, y.width, part.count, matrix + part.lowerBound * stride, 1, stride,
                rows + part.lowerBound * y.width, y.panel, y.step, true, &z.values, z.width, true)
        }
    }

    /// With V = L Q and the vectors E of L⁻¹ YᵀY L⁻ᵀ: A = Eᵀ L⁻¹ V, and B = Y L⁻ᵀ E = M Aᵀ.
    private func result(
        _ v: ColumnBlock, _ y: ColumnBlock, _ basis: Cholesky, _ vectors: [Double]
    ) -> LoRAFactors {
        // The largest ones come last.
        let all = Matrix(rows: v.width, columns: v.width, values: vectors)
        let chosen = Matrix.stacked((1...rank).map { all.rows(v.width - $0..<v.width - $0 + 1) })
        let coefficients = (chosen * basis.inverse).transposed
        return LoRAFactors(
            rank: rank, inputs: columns, outputs: rows,
            a: v.combined(by: coefficients, inPanels: true).firstColumnsAsRows(rank),
            b: y.combined(by: coefficients, inPanels: false).firstColumns(rank), scaling: 1)
    }

    private func stalled() -> Outcome {
        let dense = [Float](unsafeUninitializedCapacity: rows * columns) { dense, count in
            for row in 0..<rows {
                for column in 0..<columns { dense[row &* columns &+ column] = matrix[row &* stride &+ column] }
            }
            count = rows * columns
        }
        return .stalled(dense, energy: energy)
    }
}
