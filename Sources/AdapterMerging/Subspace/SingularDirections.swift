/// Singular directions that exist, as opposed to those that rounding makes up.
///
/// Adapters hold Float numbers, so a singular value below a millionth of the largest is rounding: of two adapters that
/// are equal but for a factor, the stack has such values. Its vectors are arbitrary, and a merge that gives every
/// direction the same weight would raise them to the level of the others.
enum SingularDirections {
    /// Singular values at or below this share of the largest belong to no direction.
    static let negligible = 1e-6

    /// How many of the descending values count, given the largest that they are compared with.
    static func count(_ values: [Double], largest: Double? = nil) -> Int {
        let bound = negligible * (largest ?? values.first ?? 0)
        return values.prefix { $0 > bound }.count
    }
}

extension Matrix {
    /// The orthonormal matrix nearest to this one in Frobenius norm, as two factors: U Vᵀ of its decomposition U S Vᵀ.
    ///
    /// Of a matrix that lacks rank it is the partial isometry: directions that do not exist stay out, where the nearest
    /// orthonormal matrix would not be unique.
    func polarFactors() throws(MergeError) -> (left: Matrix, right: Matrix) {
        let decomposition = try svd()
        let count = SingularDirections.count(decomposition.s)
        return (decomposition.u.columns(0..<count), decomposition.vTransposed.rows(0..<count))
    }
}

/// The sum of uᵢ sᵢ vᵢᵀ over directions gathered from several updates, both sides made orthonormal first.
struct GatheredDirections {
    /// Left singular vectors, `[p, kᵢ]` each.
    private var left: [Matrix] = []
    /// Right singular vectors, `[kᵢ, q]` each.
    private var right: [Matrix] = []
    /// Their singular values.
    private(set) var values: [Double] = []

    /// Adds the first directions of a decomposition.
    mutating func add(_ decomposition: SingularValues, count: Int) {
        left.append(decomposition.u.columns(0..<count))
        right.append(decomposition.vTransposed.rows(0..<count))
        values += decomposition.s.prefix(count)
    }

    /// U⊥ · diag(values) · V⊥ with the nearest orthonormal U⊥ and V⊥ to the stacks of vectors.
    ///
    /// The rank is the smaller one of U⊥ and V⊥, however many directions were added.
    func orthogonalised(values: [Double]) throws(MergeError) -> LowRankUpdate {
        let u = try Matrix.beside(left).polarFactors()
        let v = try Matrix.stacked(right).polarFactors()
        let middle = u.right.scalingColumns(by: values) * v.left
        return u.left.columns <= v.right.rows
            ? LowRankUpdate(left: u.left, right: middle * v.right)
            : LowRankUpdate(left: u.left * middle, right: v.right)
    }
}
