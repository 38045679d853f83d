import AdapterMerging
import SeededRandom
import Testing

struct TruncatedSVDTests {
    /// Shapes on both sides of the limit, with spectra that end at once, fall slowly, or do not fall at all.
    enum Spectrum: CaseIterable { case lowRank, slow, steep, noise, repeated, clustered, zero }

    @Test(arguments: Spectrum.allCases, [(270, 500), (500, 270), (280, 280), (40, 90)])
    func `the error is within 1e-4 of the optimal one`(_ spectrum: Spectrum, _ shape: (Int, Int)) throws {
        let (rows, columns) = shape
        let rank = 9
        let floats = matrix(spectrum, rows, columns).floats
        let exact = Matrix(rows: rows, columns: columns, floats: floats)
        let found = try TruncatedSVD.of(dense: floats, rows: rows, columns: columns, rank: rank)
        #expect(found.s.count == rank)
        let optimal = Matrix.diagonal(Array(try exact.svd().s.dropFirst(rank))).frobeniusNorm
        let error = (exact - found.product).frobeniusNorm
        #expect(error <= optimal * (1 + 1e-4) + 1e-6 * exact.frobeniusNorm)
        #expect((found.u.transposed * found.u - .identity(rank)).frobeniusNorm < 1e-12)
        #expect((found.vTransposed * found.vTransposed.transposed - .identity(rank)).frobeniusNorm < 1e-12)
        #expect(try TruncatedSVD.of(dense: floats, rows: rows, columns: columns, rank: rank) == found)
    }

    @Test(arguments: [(270, 500), (500, 270)])
    func `after a gap the matrix itself is within 1e-5 of the exact one`(_ shape: (Int, Int)) throws {
        let (rows, columns) = shape
        let values = (0..<270).map { (index: Int) -> Double in
            index < 9 ? 3 - Double(index) / 9 : 0.2 / Double(index)
        }
        let floats = Matrix.random(rows, columns, seed: 8, singularValues: values).floats
        let exact = try Matrix(rows: rows, columns: columns, floats: floats).svd().prefix(9).product
        let found = try TruncatedSVD.of(dense: floats, rows: rows, columns: columns, rank: 9).product
        #expect((found - exact).frobeniusNorm <= 1e-5 * exact.frobeniusNorm)
    }

    @Test func `a rank beyond the shape gives all there are`() throws {
        let floats: [Float] = [3, 0, 0, 0, 4, 0]
        let found = try TruncatedSVD.of(dense: floats, rows: 2, columns: 3, rank: 5)
        #expect(found.s.map { $0.rounded() } == [4, 3])
    }

    @Test(arguments: [Float.nan, .infinity])
    func `numbers that are not finite are refused`(_ value: Float) throws {
        var floats = [Float](repeating: 1, count: 300 * 300)
        floats[7] = value
        #expect { try TruncatedSVD.of(dense: floats, rows: 300, columns: 300, rank: 2) } throws: {
            ($0 as? MergeError)?.code == .notFinite
        }
    }

    private func matrix(_ spectrum: Spectrum, _ rows: Int, _ columns: Int) -> Matrix {
        let smaller = min(rows, columns)
        let values: [Double] =
            switch spectrum {
            case .lowRank: (0..<smaller).map { $0 < 9 ? 1 / Double($0 + 1) : 0 }
            case .slow: (0..<smaller).map { 1 / Double($0 + 1).squareRoot() }
            case .steep: (0..<smaller).map { 1 / Double(1 << min($0, 40)) }
            case .noise: []
            case .repeated: (0..<smaller).map { $0 < 20 ? 2 : 1 }
            case .clustered: (0..<smaller).map { $0 < 30 ? 1 + 1e-3 * Double(30 - $0) : 0.1 }
            case .zero: (0..<smaller).map { _ in 0 }
            }
        if spectrum == .noise { return .random(rows, columns, seed: 5) }
        return .random(rows, columns, seed: 6, singularValues: values)
    }
}
