extension Matrix {
    /// The sum of matrices of one shape, at least one.
    static func sum(_ matrices: [Matrix]) -> Matrix { matrices.dropFirst().reduce(matrices[0], +) }

    /// Whether every entry is exactly 0.
    var isZero: Bool { values.allSatisfy { $0 == 0 } }
}
