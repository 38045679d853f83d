/// Corrects p-values for how many there are, in the order of the input.
public enum MultipleTesting {
    /// Holm's adjusted p-values, for claims: comparing them with α holds the chance of any false claim at α.
    ///
    /// With p sorted ascending, p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j)·p₍ⱼ₎), j from 0. Source: Holm (1979).
    public static func holm(_ p: [Double]) -> [Double] {
        var adjusted = p
        var running = 0.0
        for (rank, index) in ascending(p).enumerated() {
            running = max(running, min(1, p[index] * Double(p.count - rank)))
            adjusted[index] = running
        }
        return adjusted
    }

    /// Benjamini and Hochberg's adjusted p-values, for exploration: comparing them with q holds the expected share of
    /// false discoveries at q.
    ///
    /// With p sorted ascending, p̃₍ᵢ₎ = min over j ≥ i of min(1, m·p₍ⱼ₎ / j), j from 1. Source: Benjamini and Hochberg
    /// (1995).
    public static func benjaminiHochberg(_ p: [Double]) -> [Double] {
        var adjusted = p
        var running = 1.0
        for (rank, index) in ascending(p).enumerated().reversed() {
            running = min(running, p[index] * Double(p.count) / Double(rank + 1))
            adjusted[index] = running
        }
        return adjusted
    }

    /// The indices by ascending p, equal ones in input order.
    static func ascending(_ p: [Double]) -> [Int] {
        p.indices.sorted { (p[$0], $0) < (p[$1], $1) }
    }
}
