import ModelEngine

/// A linear layer's update as a product of two narrow matrices, left · right, `[outputs, inputs]`.
///
/// Its singular values and its best approximations are found without the dense product, which for the layers of a
/// language model is hundreds of times larger than its factors.
package struct LowRankUpdate: Sendable, Equatable {
    /// `[outputs, R]`.
    package var left: Matrix
    /// `[R, inputs]`.
    package var right: Matrix

    /// - Precondition: the factors meet.
    package init(left: Matrix, right: Matrix) {
        precondition(left.columns == right.rows, "the factors of an update do not meet")
        self.left = left
        self.right = right
    }

    /// weight · scaling · B A, as B and weight · scaling · A.
    package init(_ factors: LoRAFactors, weight: Double = 1) {
        let a = Matrix(rows: factors.rank, columns: factors.inputs, floats: factors.a)
        self.init(
            left: Matrix(rows: factors.outputs, columns: factors.rank, floats: factors.b),
            right: weight * Double(factors.scaling) * a)
    }

    /// The sum of updates as one of rank Σ R: their left factors side by side, the right ones below one another.
    ///
    /// - Precondition: at least one update, all of the same inputs and outputs.
    package static func sum(_ updates: [LowRankUpdate]) -> LowRankUpdate {
        LowRankUpdate(left: .beside(updates.map(\.left)), right: .stacked(updates.map(\.right)))
    }

    /// The product, `[outputs, inputs]`.
    package var dense: Matrix { left * right }

    /// The singular value decomposition of the product, of at most R values.
    ///
    /// With left = Q₁ R₁ and rightᵀ = Q₂ R₂, the small core R₁ R₂ᵀ = U S Vᵀ gives (Q₁ U) S (Q₂ V)ᵀ.
    ///
    /// - Parameter rank: how many values to give, if the update has as many; `nil` is all.
    /// - Complexity: O((outputs + inputs) R² + R³).
    /// - Throws: `MergeError` with `notFinite` or `notConverged`.
    package func svd(rank: Int? = nil) throws(MergeError) -> SingularValues {
        let (leftBasis, leftCore) = left.transposed.qrOfTranspose()
        let (rightBasis, rightCore) = right.qrOfTranspose()
        var core = try (leftCore * rightCore.transposed).svd()
        if let rank { core = core.prefix(rank) }
        let u = LAPACK.product(
            leftBasis.values, core.u.values, rows: left.rows, columns: core.s.count, inner: leftBasis.rows,
            aForm: .transposed)
        return SingularValues(
            u: Matrix(rows: left.rows, columns: core.s.count, values: u), s: core.s,
            vTransposed: core.vTransposed * rightBasis)
    }

    /// The best approximation of a rank, B = U S and A = Vᵀ with scaling 1, as PEFT writes it.
    ///
    /// - Parameter rank: at least 1; the result's rank is smaller if the update has fewer singular values.
    /// - Throws: `MergeError` with `notFinite` or `notConverged`.
    package func truncated(rank: Int) throws(MergeError) -> LoRAFactors { LoRAFactors(try svd(rank: rank), rank: rank) }
}

extension LoRAFactors {
    /// The largest singular values with their vectors as factors: B = U S, A = Vᵀ, scaling 1.
    ///
    /// - Parameter rank: at least 1; the result's rank is smaller if there are fewer singular values.
    package init(_ decomposition: SingularValues, rank: Int) {
        let kept = decomposition.prefix(rank)
        self.init(
            rank: kept.s.count, inputs: kept.vTransposed.columns, outputs: kept.u.rows, a: kept.vTransposed.floats,
            b: kept.u.scalingColumns(by: kept.s).floats, scaling: 1)
    }
}
