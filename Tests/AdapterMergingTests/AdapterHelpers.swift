import ModelEngine
import SeededRandom

extension LoRAAdapter {
    /// A random adapter for the given layers, 6 numbers in and 5 out.
    static func random(
        seed: UInt64, rank: Int = 3, scaling: Float = 2, sites: [AdapterSite] = [.query(0), .down(1)], inputs: Int = 6,
        outputs: Int = 5
    ) -> LoRAAdapter {
        var generator = SeededGenerator(seed: seed)
        var adapter = LoRAAdapter()
        for site in sites.sorted() {
            adapter.factors[site] = LoRAFactors(
                rank: rank, inputs: inputs, outputs: outputs,
                a: (0..<rank * inputs).map { _ in Float(generator.nextUniform() * 2 - 1) },
                b: (0..<outputs * rank).map { _ in Float(generator.nextUniform() * 2 - 1) }, scaling: scaling)
        }
        return adapter
    }

    /// The dense update of a layer, `[outputs, inputs]`, in double precision; empty if the layer is not changed.
    func update(_ site: AdapterSite) -> [Double] { factors[site]?.update ?? [] }
}

extension LoRAFactors {
    /// scaling · B A, `[outputs, inputs]`.
    var update: [Double] {
        var result = [Double](repeating: 0, count: outputs * inputs)
        for row in 0..<outputs {
            for k in 0..<rank {
                for column in 0..<inputs {
                    result[row * inputs + column] +=
                        Double(scaling) * Double(b[row * rank + k]) * Double(a[k * inputs + column])
                }
            }
        }
        return result
    }

    /// The factors with zero rows of A and columns of B up to a rank.
    func padded(toRank target: Int) -> LoRAFactors {
        let rows = a + [Float](repeating: 0, count: (target - rank) * inputs)
        var columns: [Float] = []
        for row in 0..<outputs {
            columns += b[row * rank..<(row + 1) * rank] + [Float](repeating: 0, count: target - rank)
        }
        return LoRAFactors(rank: target, inputs: inputs, outputs: outputs, a: rows, b: columns, scaling: scaling)
    }
}

extension AdapterSite {
    static func query(_ layer: Int) -> AdapterSite { AdapterSite(layer: layer, projection: .query) }
    static func down(_ layer: Int) -> AdapterSite { AdapterSite(layer: layer, projection: .down) }
}

/// The largest difference of two lists, infinite if their lengths differ or a number is NaN.
func largestDifference<Number: BinaryFloatingPoint>(_ first: [Number], _ second: [Number]) -> Number {
    guard first.count == second.count else { return .infinity }
    return zip(first, second).reduce(0) { largest, pair in
        let difference = (pair.0 - pair.1).magnitude
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

/// The largest difference of any two factors, infinite if layers, shapes or scalings differ.
func largestDifference(_ first: LoRAAdapter, _ second: LoRAAdapter) -> Float {
    largest(first, second) { largestDifference($0, $1) }
}

/// The largest relative error of any two factors, infinite if layers, shapes or scalings differ.
func relativeError(_ first: LoRAAdapter, _ second: LoRAAdapter) -> Double {
    largest(first, second) { relativeError($0.map(Double.init), $1.map(Double.init)) }
}

/// The largest of a measure over the factors of two adapters, infinite if layers, shapes or scalings differ.
private func largest<Number: BinaryFloatingPoint>(
    _ first: LoRAAdapter, _ second: LoRAAdapter, of measure: ([Float], [Float]) -> Number
) -> Number {
    guard first.sites == second.sites, !first.sites.isEmpty else { return .infinity }
    return first.sites.reduce(0) { largest, site in
        guard let one = first.factors[site], let other = second.factors[site], one.scaling == other.scaling,
            one.rank == other.rank, one.inputs == other.inputs, one.outputs == other.outputs
        else { return .infinity }
        return max(largest, measure(one.a, other.a), measure(one.b, other.b))
    }
}

/// |first − second| / |second| as flat vectors, infinite if their lengths differ or a number is NaN.
func relativeError(_ first: [Double], _ second: [Double]) -> Double {
    guard first.count == second.count else { return .infinity }
    let difference = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    let error = difference / second.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return error.isNaN ? .infinity : error
}
