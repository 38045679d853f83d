import AdapterMerging
import ModelEngine
import Testing

struct LinearAlgebraTests {
    /// Tall, wide, square and thin matrices that are easy, singular, zero or nearly singular.
    static let matrices: [(String, Matrix)] = [
        ("one number", Matrix(rows: 1, columns: 1, values: [-3])),
        ("a row", .random(1, 7, seed: 1)), ("a column", .random(7, 1, seed: 2)),
        ("tall", .random(40, 6, seed: 3)), ("wide", .random(6, 40, seed: 4)), ("square", .random(33, 33, seed: 5)),
        ("zero", .zeros(rows: 5, columns: 8)), ("a zero row", .zeros(rows: 1, columns: 3)),
        ("rank 2", .random(12, 2, seed: 6) * .random(2, 9, seed: 7)),
        (
            "condition 1e12",
            .random(
                30, 13, seed: 8,
                singularValues: (0..<13).map {
                    1 / [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12][$0]
                })
        ),
        ("repeated values", .random(10, 14, seed: 9, singularValues: [3, 3, 3, 3, 2, 2, 2, 1, 1, 1])),
        ("large and small numbers", 1e150 * .random(4, 5, seed: 10)),
        ("tiny numbers", 1e-150 * .random(5, 4, seed: 11)),
    ]

    @Test(arguments: matrices)
    func `QR gives orthonormal columns, a triangle and the matrix back`(_ name: String, _ matrix: Matrix) {
        let (q, r) = matrix.qr()
        let k = min(matrix.rows, matrix.columns)
        #expect(q.rows == matrix.rows && q.columns == k && r.rows == k && r.columns == matrix.columns)
        #expect(q.hasOrthonormalColumns)
        #expect((0..<k).allSatisfy { row in (0..<row).allSatisfy { r[row, $0] == 0 } })
        #expect((q * r - matrix).frobeniusNorm <= 1e-14 * matrix.frobeniusNorm)
    }

    @Test(arguments: matrices)
    func `singular values descend, have orthonormal vectors and give the matrix back`(
        _ name: String, _ matrix: Matrix
    ) throws {
        let found = try matrix.svd()
        #expect(found.s.count == min(matrix.rows, matrix.columns))
        #expect(zip(found.s, found.s.dropFirst()).allSatisfy { $0 >= $1 } && found.s.allSatisfy { $0 >= 0 })
        #expect(found.u.hasOrthonormalColumns && found.vTransposed.transposed.hasOrthonormalColumns)
        #expect((found.product - matrix).frobeniusNorm <= 1e-13 * matrix.frobeniusNorm)
    }

    @Test func `known singular values are found, the small ones to the precision of the large`() throws {
        let values = [1, 1, 0.5, 1e-6, 1e-12]
        let found = try Matrix.random(9, 5, seed: 20, singularValues: values).svd().s
        #expect(largestDifference(found, values) < 1e-15)
    }

    @Test(arguments: [(0, 3), (3, 0)])
    func `a matrix without entries has no singular values`(_ shape: (Int, Int)) throws {
        let found = try Matrix.zeros(rows: shape.0, columns: shape.1).svd()
        #expect(found.s.isEmpty && found.product == .zeros(rows: shape.0, columns: shape.1))
    }

    @Test(arguments: [Double.nan, .infinity])
    func `numbers that are not finite are refused`(_ value: Double) {
        #expect { try Matrix(rows: 1, columns: 2, values: [1, value]).svd() } throws: {
            ($0 as? MergeError)?.code == .notFinite
        }
    }

    @Test func `shapes, stacks and arithmetic`() {
        let matrix = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
        #expect(matrix.transposed == Matrix(rows: 3, columns: 2, values: [1, 4, 2, 5, 3, 6]))
        #expect(Matrix.random(70, 33, seed: 1).transposed.transposed == .random(70, 33, seed: 1))
        #expect(matrix * matrix.transposed == Matrix(rows: 2, columns: 2, values: [14, 32, 32, 77]))
        #expect(matrix.columns(1..<3) == Matrix(rows: 2, columns: 2, values: [2, 3, 5, 6]))
        #expect(matrix.rows(1..<2) == Matrix(rows: 1, columns: 3, values: [4, 5, 6]))
        #expect(Matrix.beside([matrix.columns(0..<1), matrix.columns(1..<3)]) == matrix)
        #expect(Matrix.stacked([matrix.rows(0..<1), matrix.rows(1..<2)]) == matrix)
        #expect(matrix + matrix == 2 * matrix && matrix - matrix == .zeros(rows: 2, columns: 3))
        #expect(matrix.scalingColumns(by: [1, 0, 2]).values == [1, 0, 6, 4, 0, 12])
        #expect(matrix.scalingRows(by: [1, 2]).values == [1, 2, 3, 8, 10, 12])
        #expect(Matrix(rows: 1, columns: 2, values: [-1e200, 0]).frobeniusNorm == 1e200)
        #expect(matrix * Matrix.zeros(rows: 3, columns: 0) == .zeros(rows: 2, columns: 0))
        #expect(Matrix.zeros(rows: 2, columns: 0) * .zeros(rows: 0, columns: 2) == .zeros(rows: 2, columns: 2))
    }
}

struct LowRankUpdateTests {
    private let first = LoRAAdapter.random(seed: 1, rank: 3, inputs: 30, outputs: 20)
    private let second = LoRAAdapter.random(seed: 2, rank: 5, scaling: 0.5, inputs: 30, outputs: 20)

    private func sum(of ranks: [Int], inputs: Int, outputs: Int) throws -> LowRankUpdate {
        .sum(
            try ranks.enumerated().map { index, rank in
                let adapter = LoRAAdapter.random(seed: UInt64(index + 9), rank: rank, inputs: inputs, outputs: outputs)
                return LowRankUpdate(try #require(adapter.factors[.query(0)]), weight: Double(index) - 0.7)
            })
    }

    @Test func `it is the weighted and scaled product`() throws {
        let factors = try #require(second.factors[.query(0)])
        let update = LowRankUpdate(factors, weight: -3)
        #expect(largestDifference(update.dense.values, factors.update.map { -3 * $0 }) < 1e-12)
    }

    @Test(arguments: [([3, 5], 30, 20), ([3], 6, 40), ([4, 4, 4], 9, 7), ([1, 1], 1, 5), ([2, 2], 5, 1)])
    func `its singular values are those of the dense product`(_ ranks: [Int], _ inputs: Int, _ outputs: Int) throws {
        let update = try sum(of: ranks, inputs: inputs, outputs: outputs)
        let found = try update.svd()
        let dense = try update.dense.svd()
        #expect(found.s.count == min(ranks.reduce(0, +), inputs, outputs))
        #expect(largestDifference(found.s, Array(dense.s.prefix(found.s.count))) < 1e-13 * dense.s[0])
        #expect(found.u.hasOrthonormalColumns && found.vTransposed.transposed.hasOrthonormalColumns)
        #expect((found.product - update.dense).frobeniusNorm < 1e-13 * update.dense.frobeniusNorm)
    }

    @Test(arguments: [1, 2, 5, 8])
    func `no approximation of a rank is nearer`(_ rank: Int) throws {
        let update = try sum(of: [3, 5], inputs: 30, outputs: 20)
        let factors = try update.truncated(rank: rank)
        #expect(factors.rank == rank && factors.scaling == 1)
        let left = try Array(update.dense.svd().s.dropFirst(rank))
        let error = (update.dense - Matrix(rows: 20, columns: 30, values: factors.update)).frobeniusNorm
        #expect(abs(error - Matrix.diagonal(left).frobeniusNorm) < 1e-6 * update.dense.frobeniusNorm)
    }

    @Test func `an update of the same columns twice has the rank it has`() throws {
        let factors = try #require(first.factors[.query(0)])
        let found = try LowRankUpdate.sum([LowRankUpdate(factors), LowRankUpdate(factors, weight: 0.5)]).svd()
        #expect(found.s.count == 6 && found.s[2] > 0.1 && found.s[3] < 1e-13 * found.s[0])
        #expect(found.u.hasOrthonormalColumns)
    }

    @Test func `a factorised update keeps values that lie far apart`() throws {
        let values = (0..<6).map { [1, 1e-2, 1e-4, 1e-8, 1e-10, 1e-12][$0] }
        let left = Matrix.random(50, 6, seed: 3).qr().q.scalingColumns(by: values)
        let right = Matrix.random(40, 6, seed: 4).qr().q.transposed
        #expect(largestDifference(try LowRankUpdate(left: left, right: right).svd().s, values) < 1e-15)
    }
}

struct LayersTests {
    private let sites = (0..<9).flatMap { [AdapterSite.query($0), .down($0)] }

    @Test(arguments: [1, 2, 3, 64])
    func `results come in order and are the same bits on any number of cores`(_ width: Int) throws {
        let work: @Sendable (AdapterSite) throws(MergeError) -> SingularValues = { site throws(MergeError) in
            let seed = UInt64(site.layer * 10 + site.projection.index)
            let matrix = Matrix.random(260, 262, seed: seed)
            return try TruncatedSVD.of(dense: matrix.floats, rows: 260, columns: 262, rank: 3)
        }
        var expected: [SingularValues] = []
        for site in sites { expected.append(try work(site)) }
        #expect(try sites.concurrentMap(width: width, work) == expected)
    }

    @Test(arguments: [1, 2, 64])
    func `the error of the first layer that fails is thrown`(_ width: Int) {
        #expect {
            try sites.concurrentMap(width: width) { site throws(MergeError) in
                if site.layer > 2 { throw MergeError(.notFinite, "no", key: site.description) }
                return site.layer
            }
        } throws: {
            ($0 as? MergeError)?.key == AdapterSite.query(3).description
        }
    }

    @Test func `no layers give no results`() throws {
        #expect([AdapterSite]().concurrentMap { $0.layer } == [])
    }
}
