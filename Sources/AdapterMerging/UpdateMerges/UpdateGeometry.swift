import ModelEngine

/// The inner products ⟨Δᵢ, Δⱼ⟩ of the updates of one layer as flat vectors, and what follows from them.
///
/// ⟨Δᵢ, Δⱼ⟩ = sᵢ sⱼ Σₖₗ (Bᵢᵀ Bⱼ)ₖₗ (Aᵢ Aⱼᵀ)ₖₗ, in Double: rᵢ rⱼ (in + out) multiplications, and no in · out numbers in
/// memory.
struct UpdateGeometry {
    /// ⟨Δᵢ, Δⱼ⟩, symmetric.
    let products: [[Double]]

    init(_ factors: [LoRAFactors]) {
        let joint = LowRankUpdate.sum(factors.map { LowRankUpdate($0) })
        let outer = joint.left.transposed * joint.left
        let inner = joint.right * joint.right.transposed
        var ends = [0]
        for factors in factors { ends.append(ends[ends.count - 1] + factors.rank) }
        let blocks = zip(ends, ends.dropFirst()).map { $0..<$1 }
        products = blocks.map { rows in
            blocks.map { columns in
                rows.reduce(0) { sum, row in
                    columns.reduce(sum) { $0 + outer[row, $1] * inner[row, $1] }
                }
            }
        }
    }

    /// The Frobenius norms |Δᵢ|.
    var lengths: [Double] { products.indices.map { max(products[$0][$0], 0).squareRoot() } }

    /// ⟨Σ xᵢ Δᵢ, Σ yᵢ Δᵢ⟩.
    func innerProduct(_ x: [Double], _ y: [Double]) -> Double {
        zip(x, products).reduce(0) { sum, row in
            sum + row.0 * zip(row.1, y).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }

    /// |Σ xᵢ Δᵢ|.
    func length(_ x: [Double]) -> Double { max(innerProduct(x, x), 0).squareRoot() }
}
