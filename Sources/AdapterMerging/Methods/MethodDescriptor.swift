/// The kinds of methods, in the order in which leaderboards show them; the raw values are those of the store.
public enum MethodFamily: String, Sendable, CaseIterable, Codable {
    /// Answers that need no model, to show that the scores can tell good from bad.
    case sanity
    /// The base model alone.
    case noAdapter = "no adapter"
    /// One single-task adapter.
    case oneAdapter = "one adapter"
    /// Ways that cost a second pass or a training of their own for every composition.
    case costlyReference = "costly reference"
    /// One adapter computed from the single-task ones.
    case dataFreeMerge = "data-free merge"
    /// A merge whose parameters are searched for without gradients, on a little compositional data.
    case search = "search without gradients"
    /// A merge with parameters trained on a little compositional data.
    case learned
}

/// What there is to know about a method without making one.
public struct MethodDescriptor: Sendable, Equatable {
    /// The name that profiles use, e.g. `dare-ties`.
    public var name: String
    /// The name that tables show, e.g. `DARE-TIES`.
    public var title: String
    /// The group it is listed in.
    public var family: MethodFamily
    /// The paper, or what else defines it.
    public var reference: String
    /// Its hyper-parameters, in the order in which help shows them.
    public var parameters: [ParameterDescription]

    /// Describes a method.
    public init(
        name: String, title: String, family: MethodFamily, reference: String, parameters: [ParameterDescription] = []
    ) {
        self.name = name
        self.title = title
        self.family = family
        self.reference = reference
        self.parameters = parameters
    }

    /// The given parameters checked, with the defaults for those that are missing.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`, naming the method and the known parameters.
    public func resolve(_ given: MethodParameters) throws(MergeError) -> MethodParameters {
        for name in given.values.keys.sorted() where !parameters.contains(where: { $0.name == name }) {
            throw MergeError(.unknownParameter, unknownText(name))
        }
        var values: [String: ParameterValue] = [:]
        for parameter in parameters {
            let value = given.values[parameter.name] ?? parameter.defaultValue
            guard let fault = parameter.fault(of: value) else {
                values[parameter.name] = value
                continue
            }
            throw MergeError(.badParameter, "method '\(self.name)': \(fault). \(knownText)", key: parameter.name)
        }
        var resolved = MethodParameters(values)
        resolved.unwritten = Set(
            parameters.filter { $0.isLater && values[$0.name] == $0.defaultValue }.map(\.name))
        return resolved
    }

    /// The parameters with weights for so many adapters: those given are counted, and missing ones spread.
    ///
    /// A default of 1/2 each becomes 1/n each; another one that is the same for both is the same for all.
    ///
    /// - Throws: `MergeError` with `badParameter`.
    func fitted(_ given: MethodParameters, adapters: Int) throws(MergeError) -> MethodParameters {
        var given = given
        for parameter in parameters where parameter.kind == .weights {
            switch (given.values[parameter.name], parameter.defaultValue) {
            case (.numbers(let weights)?, _) where weights.count != adapters:
                throw MergeError(
                    .badParameter,
                    "method '\(name)': \(parameter.name) is \(ParameterValue.numbers(weights)), but must be a list of "
                        + "\(adapters) numbers, one for each adapter", key: parameter.name)
            case (nil, .numbers(let standard)) where standard.count != adapters:
                guard let first = standard.first, standard.allSatisfy({ $0 == first }) else { continue }
                let isMean = first == 1 / Double(standard.count)
                given.values[parameter.name] = .numbers(
                    Array(repeating: isMean ? 1 / Double(adapters) : first, count: adapters))
            default: continue
            }
        }
        return given
    }

    private func unknownText(_ name: String) -> String {
        let near = NearestName.suggestion(for: name, among: parameters.map(\.name))
        return "method '\(self.name)' has no parameter '\(name)'\(near). \(knownText)"
    }

    private var knownText: String {
        guard !parameters.isEmpty else { return "It takes no parameters." }
        return "Its parameters are " + parameters.map(\.summary).joined(separator: "; ") + "."
    }
}
