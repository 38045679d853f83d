import CKernels
import ModelEngine
import SeededRandom

extension SpannedSVD {
    /// The right singular vectors of Σ wᵢ Δᵢ that the iteration starts from, and random vectors behind them.
    ///
    /// - Parameter updates: the updates with their weights, one at least, all of one shape.
    /// - Returns: `nil` where the factors' rows depend on one another so much that nothing can be told apart.
    static func start(_ updates: [(factors: LoRAFactors, weight: Double)], rank: Int) -> ColumnBlock? {
        let (inputs, outputs) = (updates[0].factors.inputs, updates[0].factors.outputs)
        let size = updates.reduce(0) { $0 + $1.factors.rank }
        let right = ColumnBlock(rowsOf: updates.flatMap { $0.factors.a }, count: size, length: inputs)
        let left = beside(updates, outputs: outputs, width: right.width)
        let inner = right.innerProducts(with: right).leading(size)
        // As Q = L⁻¹ A is orthonormal, B A = (B L) Q has the vectors of (B L)ᵀ (B L) = Lᵀ BᵀB L. Adding a little keeps
        // dependent rows from being divided by nothing: the start need not be exact.
        let trace = (0..<size).reduce(0) { $0 + inner[$1, $1] }
        guard trace > 0, let basis = Cholesky(inner + 1e-6 * trace * Matrix.identity(size), tolerance: 0)
        else { return nil }
        let lower = inner * basis.inverse.transposed
        let core = lower.transposed * left.innerProducts(with: left).leading(size) * lower
        guard let eigen = LAPACK.symmetricEigen(core.values, size: size, vectors: true) else { return nil }
        let kept = min(size, rank + 8)
        let width = ColumnBlock.roundedUp(max(kept, rank) + 8)
        var coefficients = Matrix.zeros(rows: right.width, columns: width)
        let vectors = Matrix(rows: size, columns: size, values: eigen.vectors).rows(size - kept..<size) * basis.inverse
        for row in 0..<kept {
            for column in 0..<size { coefficients[column, row] = vectors[row, column] }
        }
        var block = right.combined(by: coefficients, inPanels: true)
        var generator = SeededGenerator(seed: 0, purpose: "truncated-svd")
        let length = 1 / Float(inputs).squareRoot()
        for column in kept..<width {
            let start = column / 16 * block.panel + column % 16
            for row in 0..<inputs {
                block.values[start + row * block.step] = generator.next() >> 63 == 0 ? length : -length
            }
        }
        return block
    }

    /// The factors sᵢ wᵢ Bᵢ beside one another.
    private static func beside(
        _ updates: [(factors: LoRAFactors, weight: Double)], outputs: Int, width: Int
    ) -> ColumnBlock {
        var block = ColumnBlock(rows: outputs, width: width, inPanels: false)
        var first = 0
        for (factors, weight) in updates {
            let scale = Float(weight) * factors.scaling
            for row in 0..<outputs {
                for column in 0..<factors.rank {
                    block.values[row &* width &+ first &+ column] = scale * factors.b[row &* factors.rank &+ column]
                }
            }
            first += factors.rank
        }
        return block
    }
}

extension Matrix {
    /// The first rows and columns.
    fileprivate func leading(_ size: Int) -> Matrix { rows(0..<size).columns(0..<size) }
}
