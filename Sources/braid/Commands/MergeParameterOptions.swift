import AdapterMerging
import ArgumentParser

/// The hyper-parameters of a merge as options.
struct MergeParameterOptions: ParsableArguments {
    @Option(help: "A parameter of the method as NAME=VALUE; may be given several times. A list is 0.5,0.5.")
    var parameter: [String] = []

    @Option(parsing: .unconditional, help: "One weight for each adapter, such as 0.7,0.3. Default: the method's.")
    var weights: String?

    @Option(help: "Short for --parameter density=…: the share of entries that is kept.")
    var density: String?

    @Option(help: "Short for --parameter rank=… (or svd-rank=…): the rank of the result.")
    var rank: String?

    @Option(name: .customLong("lambda"), help: "Short for --parameter lambda=…: the factor of the whole update.")
    var scale: String?

    @Option(help: "Seed of random masks.")
    var seed: UInt64 = 1

    func validate() throws {
        for text in parameter where !text.dropFirst().contains("=") {
            throw ValidationError("'--parameter \(text)' must be NAME=VALUE.")
        }
    }

    /// The parameters given, each read as the method describes it; what does not fit is left for the method to refuse.
    func values(for method: MethodDescriptor) -> MethodParameters {
        var pairs: [(name: String, text: String)] = parameter.map { text in
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
        let hasRank = method.parameters.contains { $0.name == "rank" }
        let hasTargetRank = method.parameters.contains { $0.name == "svd-rank" }
        let rankName = hasTargetRank && !hasRank ? "svd-rank" : "rank"
        let shortcuts = [("weights", weights), ("density", density), (rankName, rank), ("lambda", scale)]
        pairs += shortcuts.compactMap { name, text in text.map { (name, $0) } }
        let values = pairs.map { pair in
            (pair.name, Self.value(pair.text, as: method.parameters.first { $0.name == pair.name }?.kind))
        }
        return MethodParameters(Dictionary(values) { $1 })
    }

    private static func value(_ text: String, as kind: ParameterDescription.Kind?) -> ParameterValue {
        switch kind {
        case .integer, .number: return Double(text).map(ParameterValue.number) ?? .string(text)
        case .flag: return Bool(text).map(ParameterValue.bool) ?? .string(text)
        case .weights, .numbers:
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let numbers = parts.compactMap { Double($0.filter { $0 != " " }) }
            return numbers.count == parts.count ? .numbers(numbers) : .string(text)
        default: return .string(text)
        }
    }
}
