import ModelEngine

/// Merges that are linear combinations of the updates, Σ cᵢ Δᵢ with Δᵢ = sᵢ Bᵢ Aᵢ: exact as LoRA, without forming a Δᵢ.
///
/// Task arithmetic gives the coefficients; merges on the sphere (SLERP and its kin) find them from lengths and inner
/// products alone, for which the factors are enough.
extension MergeInputs {
    /// Σ cᵢ Δᵢ at every layer as a concatenation: A is the stack of cᵢ sᵢ Aᵢ, B holds the Bᵢ side by side.
    ///
    /// - Parameter coefficients: one for each adapter that has the layer.
    func combination(
        coefficients: ([Member], AdapterSite) throws(MergeError) -> [Double]
    ) throws(MergeError) -> LoRAAdapter {
        var sum = TrainableAdapter()
        for site in sites {
            let members = members(of: site)
            let terms = zip(members, try coefficients(members, site)).map { member, coefficient in
                var factors = member.factors
                factors.scaling = Float(coefficient * Double(factors.scaling))
                return AdapterTerm(factors: factors, trainsA: false, trainsB: false)
            }
            sum.terms[site] = terms
        }
        return sum.merged
    }
}

/// The inner products ⟨Δᵢ, Δⱼ⟩ of the updates of one layer as flat vectors, and what follows from them.
///
/// ⟨Δᵢ, Δⱼ⟩ = sᵢ sⱼ Σₖₗ (Bᵢᵀ Bⱼ)ₖₗ (Aᵢ Aⱼᵀ)ₖₗ, summed in Double: rᵢ rⱼ (in + out) multiplications instead of in · out
/// numbers in memory.
struct UpdateGeometry {
    /// ⟨Δᵢ, Δⱼ⟩, symmetric.
    let products: [[Double]]

    init(_ factors: [LoRAFactors]) {
        var products = [[Double]](repeating: Array(repeating: 0, count: factors.count), count: factors.count)
        for (row, first) in factors.enumerated() {
            for (column, second) in factors.enumerated().prefix(row + 1) {
                products[row][column] = Self.innerProduct(first, second)
                products[column][row] = products[row][column]
            }
        }
        self.products = products
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

    private static func innerProduct(_ first: LoRAFactors, _ second: LoRAFactors) -> Double {
        // Bᵢᵀ Bⱼ as a sum over the outputs, so that both are read in the order of memory.
        var gram = [Double](repeating: 0, count: first.rank * second.rank)
        for output in 0..<first.outputs {
            for k in 0..<first.rank {
                let value = Double(first.b[output * first.rank + k])
                for l in 0..<second.rank {
                    gram[k * second.rank + l] += value * Double(second.b[output * second.rank + l])
                }
            }
        }
        var sum = 0.0
        for k in 0..<first.rank {
            for l in 0..<second.rank {
                var product = 0.0
                for input in 0..<first.inputs {
                    product += Double(first.a[k * first.inputs + input]) * Double(second.a[l * first.inputs + input])
                }
                sum += gram[k * second.rank + l] * product
            }
        }
        return sum * Double(first.scaling) * Double(second.scaling)
    }
}
