import SeededRandom

/// The sets of parameters that a search may try: for each parameter a list of choices or a range.
///
/// What there is decides how it is gone through:
/// - *grid*: choices alone, no more than the budget: all of them, the first parameter by name changing slowest;
/// - *random*: choices beyond the budget, or choices and ranges together: seeded draws, none twice;
/// - *pattern*: ranges alone: `PatternSearch` from their starting values.
public struct SearchSpace: Sendable, Equatable {
    /// The values of one parameter.
    public enum Values: Sendable, Equatable {
        /// One of these.
        case choices([ParameterValue])
        /// Any number within bounds, with the one to start at.
        case range(ClosedRange<Double>, start: Double)
        /// As many numbers within bounds, each by itself; all start at the same one.
        case ranges(ClosedRange<Double>, start: Double, count: Int)
    }

    /// How the space is gone through.
    public enum Strategy: String, Sendable {
        case grid, random, pattern
    }

    /// The values by the parameter's name.
    public var values: [String: Values]

    /// A space of at least one parameter.
    public init(_ values: [String: Values]) { self.values = values }

    /// The names in their order.
    private var names: [String] { values.keys.sorted() }

    /// How the space is gone through with a budget.
    public func strategy(budget: Int) -> Strategy {
        guard values.values.contains(where: \.isChoice) else { return .pattern }
        return choices.map { $0 <= budget } == true ? .grid : .random
    }

    /// The most evaluations that a search with a budget makes.
    public func evaluations(budget: Int) -> Int { choices.map { min($0, budget) } ?? budget }

    /// The number of sets where all parameters have choices, nil otherwise; `Int.max` stands for all beyond it.
    private var choices: Int? {
        var product = 1
        for value in values.values {
            guard case .choices(let list) = value else { return nil }
            let (next, isTooLarge) = product.multipliedReportingOverflow(by: list.count)
            product = isTooLarge ? .max : next
        }
        return product
    }

    /// How many numbers say which set was chosen.
    public var numberCount: Int {
        values.values.reduce(0) { count, value in
            if case .ranges(_, _, let many) = value { return count + many }
            if case .choices(let list) = value, case .numbers(let numbers)? = list.first {
                return count + numbers.count
            }
            return count + 1
        }
    }

    /// Tries sets of parameters, one after the other.
    ///
    /// Calls come in an order that depends on the seed and on the losses alone, so a search that was broken off is
    /// taken up by going through it again with the known losses.
    ///
    /// - Parameter loss: What is to be low; a loss that is not finite counts as the worst.
    /// - Throws: What `loss` throws.
    public func search(budget: Int, seed: UInt64, loss: (MethodParameters) throws -> Double) rethrows {
        switch strategy(budget: budget) {
        case .grid: for set in grid() { _ = try loss(set) }
        case .random: try searchAtRandom(budget: budget, seed: seed, loss: loss)
        case .pattern: try searchByPattern(budget: budget, seed: seed, loss: loss)
        }
    }

    private func grid() -> [MethodParameters] {
        names.reduce([MethodParameters()]) { sets, name in
            guard case .choices(let list)? = values[name] else { return sets }
            return sets.flatMap { set in
                list.map { choice in
                    var longer = set
                    longer.values[name] = choice
                    return longer
                }
            }
        }
    }

    private func searchAtRandom(
        budget: Int, seed: UInt64, loss: (MethodParameters) throws -> Double
    ) rethrows {
        var generator = SeededGenerator(seed: seed, purpose: "random search")
        var known: Set<String> = []
        // Sets that come again are left out; the bound on the draws only matters where few sets are left.
        for _ in 0..<(100 * budget) where known.count < budget {
            let set = MethodParameters(
                Dictionary(names.compactMap { name in values[name].map { (name, $0.draw(&generator)) } }) { $1 })
            if known.insert(set.json).inserted { _ = try loss(set) }
        }
    }

    private func searchByPattern(
        budget: Int, seed: UInt64, loss: (MethodParameters) throws -> Double
    ) rethrows {
        let dimensions = names.flatMap { name in values[name]?.dimensions ?? [] }
        try PatternSearch(bounds: dimensions.map(\.bounds), budget: budget).run(
            from: dimensions.map(\.start), seed: seed
        ) { point in
            var rest = point[...]
            var set = MethodParameters()
            for name in names {
                switch values[name] {
                case .range: set.values[name] = .number(rest.removeFirst())
                case .ranges(_, _, let count):
                    set.values[name] = .numbers(Array(rest.prefix(count)))
                    rest = rest.dropFirst(count)
                case .choices, nil: break
                }
            }
            return try loss(set)
        }
    }
}

extension SearchSpace.Values {
    fileprivate var isChoice: Bool {
        if case .choices = self { true } else { false }
    }

    fileprivate var dimensions: [(bounds: ClosedRange<Double>, start: Double)] {
        switch self {
        case .choices: []
        case .range(let bounds, let start): [(bounds, start)]
        case .ranges(let bounds, let start, let count): Array(repeating: (bounds, start), count: count)
        }
    }

    fileprivate func draw(_ generator: inout SeededGenerator) -> ParameterValue {
        func number(_ bounds: ClosedRange<Double>) -> Double {
            bounds.lowerBound + generator.nextUniform() * (bounds.upperBound - bounds.lowerBound)
        }
        switch self {
        case .choices(let list): return list[generator.nextIndex(below: list.count)]
        case .range(let bounds, _): return .number(number(bounds))
        case .ranges(let bounds, _, let count): return .numbers((0..<count).map { _ in number(bounds) })
        }
    }
}

extension SearchSpace: Encodable {
    /// Writes choices as a list, and a range as `{"from": …, "to": …, "start": …}`.
    public func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}

extension SearchSpace.Values: Encodable {
    private enum CodingKeys: String, CodingKey {
        case from, to, start, count
    }

    /// Writes what `SearchSpace` says.
    public func encode(to encoder: any Encoder) throws {
        if case .choices(let list) = self { return try list.encode(to: encoder) }
        var container = encoder.container(keyedBy: CodingKeys.self)
        guard let first = dimensions.first else { return }
        try container.encode(first.bounds.lowerBound, forKey: .from)
        try container.encode(first.bounds.upperBound, forKey: .to)
        try container.encode(first.start, forKey: .start)
        if case .ranges(_, _, let count) = self { try container.encode(count, forKey: .count) }
    }
}
