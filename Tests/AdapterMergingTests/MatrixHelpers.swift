import AdapterMerging
import SeededRandom

extension Matrix {
    /// Uniform entries in -1 ..< 1.
    static func random(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
        var generator = SeededGenerator(seed: seed)
        return Matrix(
            rows: rows, columns: columns, values: (0..<rows * columns).map { _ in generator.nextUniform() * 2 - 1 })
    }

    /// Random singular vectors with given values, one for each row or column of the smaller side.
    static func random(_ rows: Int, _ columns: Int, seed: UInt64, singularValues: [Double]) -> Matrix {
        let u = random(rows, singularValues.count, seed: seed).qr().q
        let v = random(columns, singularValues.count, seed: seed + 1).qr().q
        return u.scalingColumns(by: singularValues) * v.transposed
    }

    /// Whether the columns are of length 1 and at right angles, to 10⁻¹².
    var hasOrthonormalColumns: Bool { (transposed * self - .identity(columns)).frobeniusNorm < 1e-12 }
}
