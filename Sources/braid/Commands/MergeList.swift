import AdapterMerging
import BenchmarkStore

/// The methods that `braid merge` has.
enum MergeList {
    static let methods = MethodRegister.all.map { $0.descriptor }.filter { $0.family == .dataFreeMerge }

    /// The merge of a name; another name is answered with the nearest, or with what the method needs.
    static func method(named name: String) throws -> MethodDescriptor {
        let hint = "`braid merge --list` shows the merges of adapters alone"
        guard let found = MethodRegister.all.map({ $0.descriptor }).first(where: { $0.name == name }) else {
            let near = NearestName.suggestion(for: name, among: MethodRegister.names)
            throw MergeError(.unknownMethod, "there is no method '\(name)'\(near); \(hint)")
        }
        guard found.family == .dataFreeMerge else {
            throw MergeError(
                .unknownMethod,
                "'\(name)' is no merge of adapters alone: \(reason(found.family)). Use it in a profile with `braid run`; "
                    + hint)
        }
        return found
    }

    private static func reason(_ family: MethodFamily) -> String {
        switch family {
        case .learned: "it is trained on examples of a composition"
        case .search: "its weights are searched for on examples of a composition"
        case .oneAdapter, .costlyReference: "it answers with adapters that were trained for it"
        default: "it makes no adapter"
        }
    }

    /// For people: a method, its reference, and each parameter, in lines of at most so many columns.
    static func text(_ methods: [MethodDescriptor], width: Int) -> String {
        methods.map { method in
            let parameters = method.parameters.map { parameter in
                "\(parameter.name): \(parameter.explanation); \(parameter.range); default \(standard(parameter))"
            }
            return ([method.reference] + parameters).reduce("\(method.name): \(method.title)\n") {
                $0 + wrapped($1, width: width)
            }
        }
        .joined(separator: "\n")
    }

    /// The default in words: weights go by the number of adapters.
    private static func standard(_ parameter: ParameterDescription) -> String {
        switch parameter.defaultValue {
        case .numbers(let numbers) where parameter.kind == .weights && Set(numbers).count == 1:
            numbers[0] * Double(numbers.count) == 1
                ? "1/n each, for n adapters" : "\(ParameterValue.number(numbers[0])) each"
        case .string(let word): word
        default: parameter.defaultValue.description
        }
    }

    /// Lines of whole words: the first is indented by four columns, the others by eight.
    private static func wrapped(_ text: String, width: Int) -> String {
        var lines = ["   "]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].count + 1 + word.count > max(width, 40) { lines.append("       ") }
            lines[lines.count - 1] += " " + word
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For programs: a row for each parameter, and one for a method that has none.
    static func rows(_ methods: [MethodDescriptor]) -> QueryResult {
        let rows = methods.flatMap { method -> [[QueryValue]] in
            let head: [QueryValue] = [.text(method.name), .text(method.title), .text(method.reference)]
            guard !method.parameters.isEmpty else { return [head + [.null, .null, .null, .null]] }
            return method.parameters.map {
                head + [
                    .text($0.name), .text($0.range), .text($0.defaultValue.description), .text($0.explanation),
                ]
            }
        }
        return QueryResult(
            columns: ["method", "title", "reference", "parameter", "values", "default", "explanation"], rows: rows)
    }
}
