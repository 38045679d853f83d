import AdapterMerging
import BenchmarkStore

/// What a profile has searched for a method: the values to try, and how they are judged.
///
/// ```yaml
/// - name: ties
///   parameters: {weights: [1, 1]}
///   search: {density: [0.2, 0.5, 0.8], budget: 12, examples: 8, per: family}
/// ```
public struct ProfileSearch: Sendable, Equatable {
    /// The values of one parameter.
    public enum Values: Sendable, Equatable {
        /// One of a list.
        case choices([ParameterValue])
        /// Any number from the first to the second bound.
        case range(from: Double, to: Double)
    }

    /// What is searched, by the parameter's name.
    public var values: [String: Values]
    /// The most evaluations; nil is all sets where there are choices alone, at most 24, and else 24.
    public var budget: Int?
    /// Validation examples of each setting that an evaluation looks at.
    public var examples: Int
    /// What shares one choice.
    public var scope: SearchScope

    private static let defaultBudget = 24

    /// The search as a recipe around a merge.
    ///
    /// - Parameters:
    ///   - name: The registered name of the method.
    ///   - fixed: The parameters that the profile fixes.
    ///   - key: Where the search stands in the profile, for errors.
    /// - Throws: `RunError.badProfile` for a method that is no merge, and for parameters that it lacks or refuses.
    func recipe(
        for name: String, fixed: [String: ParameterValue], file: String, key: String
    ) throws(RunError) -> SearchRecipe {
        guard let type = try? MethodRegister.type(named: name),
            let method = try? type.init(parameters: MethodParameters(fixed)), case .merge = method.recipe
        else {
            throw RunError(
                .badProfile, "is for merges, whose adapter can be made again and again; '\(name)' is none", file: file,
                key: key)
        }
        var space = SearchSpace([:])
        for (parameter, values) in values.sorted(by: { $0.key < $1.key }) {
            let place = "\(key).\(parameter)"
            guard fixed[parameter] == nil else {
                throw RunError(
                    .badProfile, "is both fixed and searched; leave it out of `parameters` or of `search`", file: file,
                    key: place)
            }
            let description = type.descriptor.parameters.first { $0.name == parameter }
            space.values[parameter] = try values.tried(
                as: description?.kind, like: method.parameters.values[parameter]
            ) { (message) throws(RunError) in throw RunError(.badProfile, message, file: file, key: place) }
        }
        if let refused = space.refusedValue(of: name, fixed: fixed) {
            throw RunError(.badProfile, refused.message, file: file, key: "\(key).\(refused.place)")
        }
        return SearchRecipe(
            space: space, budget: budget ?? space.evaluations(budget: Self.defaultBudget), examples: examples,
            adapter: { set, adapters, seed in
                let made = try type.init(parameters: MethodParameters(fixed.merging(set.values) { $1 }))
                guard case .merge(let merge) = made.recipe else {
                    throw RunError(.unknownMethod, "'\(name)' is a merge with some parameters only")
                }
                return try merge(adapters, seed)
            })
    }
}

extension ProfileSearch.Values {
    /// The values as the search goes through them; a range of whole numbers is the list of them.
    ///
    /// - Parameters:
    ///   - kind: The parameter's kind; nil where the method has no such parameter.
    ///   - usual: The parameter's default, where a pattern search starts if it lies in the range.
    ///   - refuse: Throws an error with a message.
    fileprivate func tried(
        as kind: ParameterDescription.Kind?, like usual: ParameterValue?, refuse: (String) throws(RunError) -> Never
    ) throws(RunError) -> SearchSpace.Values {
        guard case .range(let from, let to) = self else {
            guard case .choices(let list) = self else { return .choices([]) }
            return .choices(list)
        }
        func start(_ value: Double?) -> Double {
            value.flatMap { (from...to).contains($0) ? $0 : nil } ?? (from + to) / 2
        }
        switch (kind, usual) {
        case (.integer, _):
            guard let first = Int(exactly: from), let last = Int(exactly: to), last - first < 10_000 else {
                try refuse("goes from \(from) to \(to); give fewer than 10000 whole numbers")
            }
            return .choices((first...last).map { .number(Double($0)) })
        case (_, .numbers(let list)?):
            let isSame = list.allSatisfy { $0 == list.first }
            return .ranges(from...to, start: start(isSame ? list.first : nil), count: max(1, list.count))
        case (_, .number(let value)?): return .range(from...to, start: start(value))
        default: return .range(from...to, start: start(nil))
        }
    }
}

extension SearchSpace {
    /// The first value that the method refuses, whatever is searched beside it, with its place in the profile.
    fileprivate func refusedValue(
        of method: String, fixed: [String: ParameterValue]
    ) -> (place: String, message: String)? {
        func refusal(_ set: [String: ParameterValue]) -> String? {
            do {
                _ = try MethodRegister.make(
                    name: method, parameters: MethodParameters(fixed.merging(set) { $1 }))
                return nil
            } catch { return (error as? MergeError)?.message ?? "\(error)" }
        }
        for (name, tried) in values.sorted(by: { $0.key < $1.key }) {
            // Others at their defaults first; sets beyond the bound are judged when they come up in the search.
            let others: [[String: ParameterValue]] = values.filter { $0.key != name }.reduce([[:]]) { sets, other in
                let samples = other.value.samples
                return Array(
                    sets.lazy.flatMap { set in samples.map { set.merging([other.key: $0.value]) { $1 } } }
                        .prefix(10_000))
            }
            for (value, suffix) in tried.samples {
                guard let message = refusal([name: value]) else { continue }
                let isRefused = others.allSatisfy { refusal($0.merging([name: value]) { $1 }) != nil }
                if isRefused { return (name + suffix, message) }
            }
        }
        return nil
    }
}

extension SearchSpace.Values {
    /// Values that stand for all, each with its place in the profile: every choice, or both ends of a range.
    fileprivate var samples: [(value: ParameterValue, suffix: String)] {
        switch self {
        case .choices(let list): list.enumerated().map { ($1, "[\($0)]") }
        case .range(let bounds, _):
            [(.number(bounds.lowerBound), ".from"), (.number(bounds.upperBound), ".to")]
        case .ranges(let bounds, _, let count):
            [(bounds.lowerBound, ".from"), (bounds.upperBound, ".to")].map {
                (.numbers(Array(repeating: $0.0, count: count)), $0.1)
            }
        }
    }
}

// MARK: Reading

extension ProfileSearch: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    private struct Range: Decodable {
        let from: Double
        let to: Double

        private enum CodingKeys: String, CodingKey {
            case from, to
        }

        /// Other keys are refused: a step width, say, would be passed over.
        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            from = try values.decode(Double.self, forKey: .from)
            to = try values.decode(Double.self, forKey: .to)
            let all = try decoder.container(keyedBy: Key.self)
            if let other = all.allKeys.first(where: { CodingKeys(stringValue: $0.stringValue) == nil }) {
                throw DecodingError.dataCorruptedError(
                    forKey: other, in: all, debugDescription: "is no part of a range")
            }
        }
    }

    /// Reads `budget`, `examples` and `per`; every other key is a parameter to search.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        (values, budget, examples, scope) = ([:], nil, 8, .family)
        func refuse(_ key: Key, _ message: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: message)
        }
        func count(_ key: Key) throws -> Int {
            let value = try container.decode(Int.self, forKey: key)
            guard (1...100_000).contains(value) else { throw refuse(key, "is \(value); it must be 1 to 100000") }
            return value
        }
        for key in container.allKeys {
            switch key.stringValue {
            case "budget": budget = try count(key)
            case "examples": examples = try count(key)
            case "per":
                let word = try container.decode(String.self, forKey: key)
                guard let known = SearchScope(rawValue: word) else {
                    let words = SearchScope.allCases.map(\.rawValue).joined(separator: ", ")
                    throw refuse(key, "must be one of \(words), not \"\(word)\"")
                }
                scope = known
            default:
                if let list = try? container.decode([ParameterValue].self, forKey: key) {
                    guard !list.isEmpty else { throw refuse(key, "is an empty list; name at least one value to try") }
                    guard list.count <= 1_000 else {
                        throw refuse(key, "has \(list.count) values; at most 1000 are tried, or give a range")
                    }
                    let repeated = list.indices.first { list[..<$0].contains(list[$0]) }
                    guard repeated == nil else { throw refuse(key, "names a value twice; name each once") }
                    values[key.stringValue] = .choices(list)
                } else if let range = try? container.decode(Range.self, forKey: key) {
                    guard range.from < range.to else {
                        throw refuse(key, "goes from \(range.from) to \(range.to); `from` must be below `to`")
                    }
                    values[key.stringValue] = .range(from: range.from, to: range.to)
                } else {
                    throw refuse(
                        key,
                        "must be a list of values to try, or a range of just two numbers, such as {from: 0.3, to: 1.5}")
                }
            }
        }
        guard !values.isEmpty else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "names no parameter to search; add at least one"))
        }
    }
}
