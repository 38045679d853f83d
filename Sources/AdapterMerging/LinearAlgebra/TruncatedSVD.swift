import ModelEngine
import SeededRandom

/// The largest singular values of a dense matrix with their vectors: its best approximation of a low rank.
///
/// Up to `exactLimit` rows or columns the whole decomposition is computed in double precision and cut. Larger matrices
/// go through a randomised block Krylov iteration in single precision, which for 2048 × 8192 and rank 32 takes some
/// hundredths of the time: from a random block Q₀ of orthonormal rows, as long as the smaller side of the matrix M
/// (here `rows` ≤ `columns`; else of its transpose),
/// 1. Yⱼ = Qⱼ M, kept; T gains the inner products of its rows with all earlier ones: T = Y Yᵀ = (Q M)(Q M)ᵀ;
/// 2. the largest `rank` eigenvalues of T are the squares of the singular values that the basis Q has found so far;
/// 3. Qⱼ₊₁ is an orthonormal basis of Yⱼ Mᵀ outside of all earlier Q.
///
/// The squares of the values found never exceed those of M's largest ones, never fall, and ‖M‖² less their sum is the
/// squared error of the approximation. The iteration ends when one more block lowers that by less than 5 · 10⁻⁵ of
/// itself. A block gains about half of what the one before it did even where the values are those of pure noise, and
/// next to nothing after a gap, so that the error ‖M − M̂‖ ends within 10⁻⁴ of the optimal one, or within the rounding
/// of 10⁻⁶ ‖M‖; the tests hold it to that. A basis as long as the smaller side is exact, so the iteration ends anyway.
///
/// The random block follows from a fixed seed: the same matrix gives the same bits.
///
/// Source: Musco and Musco, "Randomized Block Krylov Methods for Stronger and Faster Approximate Singular Value
/// Decomposition" (2015), algorithm 2, with the basis made orthonormal block by block and a test for when to stop in
/// place of a fixed number of iterations.
package enum TruncatedSVD {
    /// The largest smaller side for which the whole decomposition is computed.
    ///
    /// At 512 the iteration takes a seventh of its time where the values fall, and as long where they are noise's.
    package static let exactLimit = 256

    /// The largest singular values with their vectors, `rank` of them or as many as the smaller side is long.
    ///
    /// - Parameters:
    ///   - dense: the matrix, `[rows, columns]`, rows after one another.
    ///   - rank: at least 1.
    /// - Throws: `MergeError` with `notFinite` or `notConverged`.
    package static func of(
        dense: [Float], rows: Int, columns: Int, rank: Int
    ) throws(MergeError) -> SingularValues {
        precondition(rank > 0 && dense.count == rows * columns, "values do not fit the shape, or the rank is below 1")
        return try of(dense: dense, rows: rows, columns: columns, rank: rank, energy: SquaredNorm.of(dense))
    }

    private static func of(
        dense: [Float], rows: Int, columns: Int, rank: Int, energy: Double
    ) throws(MergeError) -> SingularValues {
        guard energy.isFinite else {
            throw MergeError(.notFinite, "an update holds NaN or infinite numbers, or its squares do; train again")
        }
        guard iterates(rows, columns, rank) else {
            return try Matrix(rows: rows, columns: columns, floats: dense).svd().prefix(rank)
        }
        var iteration = BlockKrylov(matrix: dense, rows: rows, columns: columns, rank: rank)
        return try iteration.run(energy: energy)
    }

    /// Whether the whole decomposition would take longer: a basis that soon fills the whole side saves nothing.
    private static func iterates(_ rows: Int, _ columns: Int, _ rank: Int) -> Bool {
        let smaller = min(rows, columns)
        return smaller > exactLimit && rank < smaller / 4
    }

    /// The best approximation of a merged update, B = U S and A = Vᵀ with scaling 1.
    ///
    /// - Parameters:
    ///   - members: the updates whose weighted sum it is near (see `SpannedSVD`).
    ///   - rank: at least 1; the result's rank is smaller if there are fewer singular values.
    /// - Throws: `MergeError` with `notFinite` or `notConverged`.
    static func of(
        _ merged: MergedRows, near members: [MergeInputs.Member], rank: Int, memory: DenseMemory
    ) throws(MergeError) -> LoRAFactors {
        let (rows, columns) = (merged.outputs, merged.columns)
        let sum = members.map { (factors: $0.factors, weight: $0.weight) }
        guard iterates(rows, columns, rank), let start = SpannedSVD.start(sum, rank: rank),
            start.width < min(rows, columns) / 2
        else {
            return LoRAFactors(try of(dense: merged.dense(), rows: rows, columns: columns, rank: rank), rank: rank)
        }
        let outcome = memory.with(SpannedSVD.room(rows: rows, columns: columns)) { room in
            var merged = merged
            var iteration = SpannedSVD(rows: rows, columns: columns, rank: rank, memory: room)
            return iteration.run(start: start) { merged.write($0, into: $1, stride: $2) }
        }
        switch outcome {
        case .found(let factors): return factors
        case .stalled(let dense, let energy):
            return LoRAFactors(
                try of(dense: dense, rows: rows, columns: columns, rank: rank, energy: energy), rank: rank)
        }
    }
}

/// The iteration of `TruncatedSVD`.
private struct BlockKrylov {
    private let matrix: [Float]
    private let isTall: Bool
    /// Lengths of the two sides.
    private let smaller: Int
    private let larger: Int
    private let rank: Int
    /// Q so far, by rows: `[size, smaller]`.
    private var basis: [Float] = []
    /// Y = Q M so far, `[size, larger]`.
    private var projected: [Double] = []
    /// T = Y Yᵀ, as the rows of its lower triangle's blocks.
    private var gram: Matrix = .zeros(rows: 0, columns: 0)

    init(matrix: [Float], rows: Int, columns: Int, rank: Int) {
        self.matrix = matrix
        isTall = rows > columns
        smaller = min(rows, columns)
        larger = max(rows, columns)
        self.rank = rank
    }

    mutating func run(energy: Double) throws(MergeError) -> SingularValues {
        var block = firstBlock()
        var found = 0.0
        while true {
            let image = LAPACK.product(
                block, matrix, rows: block.count / smaller, columns: larger, inner: smaller,
                bForm: isTall ? .transposed : .plain)
            extend(by: block, image: image)
            let values = try gram.svd()
            let sum = values.s.prefix(rank).reduce(0, +)
            let gain = sum - found
            found = sum
            // Gains below 10⁻¹¹ are rounding: where the update is of the rank asked for, nothing is left to find.
            let isDone = gain <= max(5e-5 * (energy - found), 1e-11 * energy)
            guard !isDone, gram.rows < smaller else { return try result(values) }
            block = nextBlock(image: image)
        }
    }

    /// Random signs, made orthonormal: rank and a few more rows, which speed up the last values.
    private func firstBlock() -> [Float] {
        let width = min(smaller, rank + 8)
        var generator = SeededGenerator(seed: 0, purpose: "truncated-svd")
        let signs = (0..<width * smaller).map { _ in Float(generator.next() >> 63 == 0 ? 1 : -1) }
        return LAPACK.orthonormalised(signs, rows: smaller, columns: width)
    }

    private mutating func extend(by block: [Float], image: [Float]) {
        basis += block
        let new = image.map(Double.init)
        projected += new
        let (old, added) = (gram.rows, image.count / larger)
        let products = LAPACK.product(
            new, projected, rows: added, columns: old + added, inner: larger, bForm: .transposed)
        var grown = Matrix.zeros(rows: old + added, columns: old + added)
        for row in 0..<old {
            for column in 0..<old { grown[row, column] = gram[row, column] }
        }
        for row in 0..<added {
            for column in 0..<old + added {
                grown[old + row, column] = products[row * (old + added) + column]
                grown[column, old + row] = products[row * (old + added) + column]
            }
        }
        gram = grown
    }

    private func nextBlock(image: [Float]) -> [Float] {
        let width = min(image.count / larger, smaller - gram.rows)
        var block = LAPACK.product(
            Array(image.prefix(width * larger)), matrix, rows: width, columns: smaller, inner: larger,
            bForm: isTall ? .plain : .transposed)
        // Three times, since what a pass leaves may be small and mostly rounding; the products with M cost far more.
        for _ in 0..<3 {
            let shares = LAPACK.product(
                block, basis, rows: width, columns: gram.rows, inner: smaller, bForm: .transposed)
            let known = LAPACK.product(shares, basis, rows: width, columns: smaller, inner: gram.rows)
            for index in block.indices { block[index] -= known[index] }
            block = LAPACK.orthonormalised(block, rows: smaller, columns: width)
        }
        return block
    }

    /// The approximation in the basis, decomposed afresh in double precision: (Qᵀ E)(Eᵀ Y) with T's eigenvectors E.
    private func result(_ values: SingularValues) throws(MergeError) -> SingularValues {
        let chosen = values.vTransposed.rows(0..<min(rank, values.s.count))
        let (size, count) = (gram.rows, chosen.rows)
        let onBasis = Matrix(
            rows: count, columns: smaller,
            values: LAPACK.product(
                chosen.values, basis.map(Double.init), rows: count, columns: smaller, inner: size))
        let onImage = Matrix(
            rows: count, columns: larger,
            values: LAPACK.product(chosen.values, projected, rows: count, columns: larger, inner: size))
        return try isTall
            ? LowRankUpdate(left: onImage.transposed, right: onBasis).svd()
            : LowRankUpdate(left: onBasis.transposed, right: onImage).svd()
    }
}
