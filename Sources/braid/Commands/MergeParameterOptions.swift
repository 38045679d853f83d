import AdapterMerging
import ArgumentParser

/// The hyper-parameters of a merge as options.
struct MergeParameterOptions: ParsableArguments {
    @Option(help: "A parameter of the method as NAME=VALUE; may be given several times. A list is 0.5,0.5.")
    var parameter: [String] = []

    @Option(parsing: .unconditional, help: "One weight for each adapter, such as 0.7,0.3. Default: the method's.")
    var weights: String?

    @Option(
        parsing: .unconditional, help: "Short for --parameter density=…: the share of entries that is kept.")
    var density: String?

    @Option(parsing: .unconditional, help: "Short for --parameter rank=…: the rank of the result.")
    var rank: String?

    @Option(
        name: .customLong("lambda"), parsing: .unconditional,
        help: "Short for --parameter lambda=…: the factor of the whole update.")
    var scale: String?

    @Option(help: "Seed of random masks.")
    var seed: UInt64 = 1

    func validate() throws {
        for text in parameter where !text.dropFirst().contains("=") {
            throw ValidationError("'--parameter \(text)' must be NAME=VALUE.")
        }
        for (name, all) in Dictionary(grouping: given, by: \.name).sorted(by: { $0.key < $1.key }) where all.count > 1 {
            throw ValidationError("The parameter \(name) is given \(all.count) times.")
        }
    }

    /// What was given, from the short options and the long one.
    var given: [(name: String, text: String)] {
        let named = parameter.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), text: String(parts[parts.count - 1]))
        }
        let short = [("weights", weights), ("density", density), ("rank", rank), ("lambda", scale)]
        return named + short.compactMap { name, text in text.map { (name: name, text: $0) } }
    }

    /// The parameters given, each read as the method describes it; what does not fit is left for the method to refuse.
    func values(for method: MethodDescriptor) -> MethodParameters {
        let values = given.map { pair in
            (pair.name, Self.value(pair.text, as: method.parameters.first { $0.name == pair.name }?.kind))
        }
        return MethodParameters(Dictionary(values) { $1 })
    }

    private static func value(_ text: String, as kind: ParameterDescription.Kind?) -> ParameterValue {
        switch kind {
        case .integer, .number, .closed: return Double(text).map(ParameterValue.number) ?? .string(text)
        case .flag: return Bool(text).map(ParameterValue.bool) ?? .string(text)
        case .weights:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Double($0.filter { $0 != " " }) }
            return numbers.count == parts.count ? .numbers(numbers) : .string(text)
        case .choice, nil: return .string(text)
        }
    }
}
