import AdapterMerging
import ModelEngine
import Testing

struct PatternSearchTests {
    /// The least value found, and the points that were tried.
    private func minimum(
        _ bounds: [ClosedRange<Double>], budget: Int, seed: UInt64 = 1, from start: [Double]? = nil,
        of function: ([Double]) -> Double
    ) -> (least: Double, points: [[Double]]) {
        var points: [[Double]] = []
        PatternSearch(bounds: bounds, budget: budget).run(
            from: start ?? Array(repeating: 0, count: bounds.count), seed: seed
        ) { point in
            points.append(point)
            return function(point)
        }
        return (points.map(function).min() ?? .infinity, points)
    }

    private let square = [ClosedRange<Double>](repeating: -1.5...1.5, count: 2)

    enum Landscape: CaseIterable, Sendable {
        case bowl, edge, kink, valley

        func value(_ x: [Double]) -> Double {
            let (sum, difference) = (x[0] + x[1], x[0] - x[1])
            switch self {
            case .bowl:
                let (a, b) = (x[0] - 0.7, x[1] + 0.4)
                return a * a + b * b
            case .edge: return sum + 3
            case .kink: return abs(x[0] - 0.9) + abs(x[1] - 0.1)
            case .valley: return 10 * difference * difference + (sum - 1) * (sum - 1)
            }
        }

        /// How near to the minimum, 0, the search should come.
        var gap: Double {
            switch self {
            case .bowl: 0.002
            case .edge: 1e-12
            case .kink: 0.06
            case .valley: 0.05
            }
        }
    }

    @Test(arguments: Landscape.allCases, [UInt64(1), 2, 3, 4, 5])
    func `forty evaluations come near to the minimum`(_ landscape: Landscape, _ seed: UInt64) {
        #expect(minimum(square, budget: 40, seed: seed, of: landscape.value).least < landscape.gap)
    }

    @Test func `the budget, the bounds and the start are kept, and no point comes twice`() {
        let found = minimum(square, budget: 20) { -abs($0[0] - 0.1) + abs($0[1] - 0.337) }
        #expect(found.points.count == 20 && found.points[0] == [0, 0])
        #expect(Set(found.points).count == 20)
        #expect(found.points.allSatisfy { $0.allSatisfy((-1.5...1.5).contains) })
        #expect(minimum(square, budget: 1) { $0[0] }.points == [[0, 0]])
        #expect(minimum([1...2], budget: 1) { $0[0] }.points == [[1]])
    }

    @Test func `one seed gives one course`() {
        func bowl(_ x: [Double]) -> Double {
            x.reduce(0) { sum, value in sum + (value - 0.3) * (value - 0.3) }
        }
        let bounds = [ClosedRange<Double>](repeating: -1...1, count: 5)
        let first = minimum(bounds, budget: 40, of: bowl).points
        #expect(minimum(bounds, budget: 40, of: bowl).points == first)
        #expect(minimum(bounds, budget: 40, seed: 2, of: bowl).points != first)
    }

    @Test func `values that are not finite are walked around`() {
        func cliff(_ x: [Double]) -> Double { x[0] > 0.5 ? .nan : x[0] < -1 ? .infinity : -x[0] }
        let points = minimum(square, budget: 40, of: cliff).points
        #expect(points.count > 20)
        #expect(points.filter { cliff($0).isFinite }.contains { $0[0] > 0.49 })
    }

    @Test func `a flat function ends before a large budget`() {
        #expect(minimum(square, budget: 100_000) { _ in 1 }.points.count < 60)
    }
}

struct SearchSpaceTests {
    private func course(_ space: SearchSpace, budget: Int, seed: UInt64 = 1) -> [String] {
        var sets: [String] = []
        space.search(budget: budget, seed: seed) { set in
            sets.append(set.json)
            return Double(sets.count)
        }
        return sets
    }

    private let choices = SearchSpace([
        "b": .choices([1, 2]), "a": .choices(["x", "y", "z"]),
    ])

    @Test func `choices within the budget are all tried in order`() {
        #expect(choices.strategy(budget: 6) == .grid && choices.evaluations(budget: 9) == 6)
        #expect(
            course(choices, budget: 6) == [
                #"{"a":"x","b":1}"#, #"{"a":"x","b":2}"#, #"{"a":"y","b":1}"#, #"{"a":"y","b":2}"#,
                #"{"a":"z","b":1}"#, #"{"a":"z","b":2}"#,
            ])
    }

    @Test func `choices beyond the budget are drawn, none twice`() {
        #expect(choices.strategy(budget: 5) == .random && choices.evaluations(budget: 5) == 5)
        let sets = course(choices, budget: 5)
        #expect(sets.count == 5 && Set(sets).count == 5)
        #expect(course(choices, budget: 5) == sets && course(choices, budget: 5, seed: 2) != sets)
    }

    @Test func `choices together with ranges are drawn within their bounds`() {
        let space = SearchSpace([
            "d": .choices([0.5]), "l": .range(2...3, start: 2.5), "w": .ranges(-1...0, start: 0, count: 2),
        ])
        #expect(space.strategy(budget: 8) == .random && space.numberCount == 4)
        var sets: [MethodParameters] = []
        space.search(budget: 8, seed: 1) { set in
            sets.append(set)
            return 0
        }
        #expect(sets.count == 8)
        for set in sets {
            #expect(set.values["d"] == 0.5)
            guard case .number(let l)? = set.values["l"], case .numbers(let w)? = set.values["w"] else {
                Issue.record("\(set)")
                continue
            }
            #expect((2...3).contains(l) && w.count == 2 && w.allSatisfy((-1...0).contains) && w[0] != w[1])
        }
    }

    @Test func `ranges alone are searched by pattern from their starts`() {
        let space = SearchSpace(["l": .range(0...4, start: 1), "w": .ranges(-1.5...1.5, start: 0, count: 2)])
        #expect(space.strategy(budget: 10) == .pattern && space.evaluations(budget: 10) == 10)
        #expect(course(space, budget: 10).first == #"{"l":1,"w":[0,0]}"#)
    }
}

struct LoraHubTests {
    /// s B A of the merged factors, computed from the definition.
    private func expected(_ adapters: [LoRAAdapter], _ weights: [Double], _ site: AdapterSite) -> [Double] {
        let members = zip(adapters, weights).compactMap { adapter, weight in
            adapter.factors[site].map { ($0, weight * Double($0.scaling).squareRoot()) }
        }
        guard let first = members.first?.0 else { return [] }
        var update = [Double](repeating: 0, count: first.outputs * first.inputs)
        for row in 0..<first.outputs {
            for column in 0..<first.inputs {
                for k in 0..<first.rank {
                    let b = members.reduce(0) { $0 + $1.1 * Double($1.0.b[row * first.rank + k]) }
                    let a = members.reduce(0) { $0 + $1.1 * Double($1.0.a[k * first.inputs + column]) }
                    update[row * first.inputs + column] += b * a
                }
            }
        }
        return update
    }

    @Test(arguments: [[1, 1], [0.3, -1.2], [-0.5, -0.7], [0, 0.4], [0, 0]])
    func `both factors are weighted sums, whatever the signs`(_ weights: [Double]) throws {
        var adapters = [LoRAAdapter.random(seed: 1), .random(seed: 2)]
        for site in adapters[1].sites { adapters[1].factors[site]?.scaling *= 3 }
        let dropped = try #require(adapters[0].sites.first)
        adapters[0].factors[dropped] = nil
        let merged = try LoraHub.merge(adapters, weights: weights)
        #expect(merged.sites == adapters[1].sites)
        for site in merged.sites {
            let found = merged.update(site)
            let wanted = expected(adapters, weights, site)
            let size = wanted.map(abs).max() ?? 0
            #expect(largestDifference(found, wanted) <= 1e-6 * size)
        }
    }

    @Test func `one adapter of weight 1 comes back`() throws {
        let adapter = LoRAAdapter.random(seed: 1)
        let merged = try LoraHub.merge([adapter], weights: [1])
        for site in adapter.sites {
            let (found, wanted) = (merged.update(site), adapter.update(site))
            #expect(largestDifference(found, wanted) <= 1e-6 * (wanted.map(abs).max() ?? 0))
        }
    }

    @Test func `the search is the paper's`() throws {
        guard case .searched(let recipe) = try LoraHub().recipe else {
            Issue.record("no search")
            return
        }
        #expect(recipe.budget == 40 && recipe.examples == 5 && recipe.evaluations == 40)
        #expect(recipe.space == SearchSpace(["weights": .ranges(-1.5...1.5, start: 0, count: 2)]))
        #expect(abs(recipe.penalty(["weights": [1, -0.5]]) - 0.0375) < 1e-12)
        let adapters = [LoRAAdapter.random(seed: 1), .random(seed: 2)]
        #expect(
            try recipe.adapter(["weights": [0.5, -1]], adapters, 1) == LoraHub.merge(adapters, weights: [0.5, -1]))
    }
}
