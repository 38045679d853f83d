import AdapterMerging
import ArgumentParser
import BenchmarkStore
import Foundation
import ModelEngine

/// `braid merge`: makes one adapter of several, without a benchmark.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Makes one adapter of several, in PEFT's or llama.cpp's format.",
        discussion: """
            Adapters are PEFT folders or llama.cpp LoRA files of one model; the result is a folder, or a file where its \
            name ends in .gguf. One adapter without a method is only converted.

            Examples:
              braid merge --method ties --density 0.5 summarize/ spanish/ -o both/
              braid merge --method cat --weights 0.7,0.3 a.gguf b.gguf -o both.gguf
              braid merge adapter/ -o adapter.gguf --model model.gguf
              braid merge --list
            """)

    @Argument(help: "The adapters: PEFT folders or llama.cpp LoRA files.", completion: .file())
    var adapters: [String] = []

    @Option(help: "The method; see --list. One adapter without a method is converted as it is.")
    var method: String?

    @OptionGroup(title: "Result") var result: AdapterOutputOptions
    @OptionGroup(title: "Parameters of the method") var parameters: MergeParameterOptions
    @OptionGroup(title: "Model") var model: AdapterModelOptions

    @Flag(help: "Print the methods with their parameters and references, and stop.")
    var list = false

    @Option(help: "How the result, or the list, is printed.")
    var format: QueryFormat = .table

    func validate() throws {
        if list { return }
        guard !adapters.isEmpty else { throw ValidationError("Give adapters to merge, or --list.") }
        guard result.output != nil else { throw ValidationError("Say where to write with --output.") }
        guard method != nil || adapters.count == 1 else {
            throw ValidationError("Say how to merge with --method; `braid merge --list` shows the methods.")
        }
    }

    func run() throws {
        guard !list, let output = result.output else {
            Console.output(format == .table ? MergeList.text : format.render(MergeList.rows))
            return
        }
        let start = ContinuousClock.now
        let method = try method.map(made)
        let location = try result.location(output)
        let configuration = try model.configuration()
        let exchange = try AdapterModelOptions.explainingHeads {
            try AdapterExchange(
                adapters.map { AdapterLocation(reading: URL(filePath: $0)) }, to: location,
                architecture: configuration?.architecture ?? model.architecture,
                heads: model.attentionHeads(configuration))
        }
        if let configuration {
            for (path, adapter) in zip(adapters, exchange.adapters) { try check(adapter, path, configuration) }
        }
        var merged = exchange.adapters[0]
        var mergeTime = Duration.zero
        if case .merge(let merge)? = method?.recipe {
            mergeTime = try ContinuousClock().measure { merged = try merge(exchange.adapters, parameters.seed) }
        }
        try AdapterModelOptions.explainingHeads { try exchange.write(merged, replacing: result.force) }
        Console.output(
            format.render(
                row(output, location, method, merged, seconds: (ContinuousClock.now - start, mergeTime))))
    }

    /// The method with its parameters, which must be a merge that needs nothing but the adapters.
    private func made(_ name: String) throws -> any CompositionMethod {
        let descriptor = try MethodRegister.type(named: name).descriptor
        guard descriptor.family == .dataFreeMerge else {
            throw CommandError(
                "'\(name)' is no merge of adapters alone: \(MergeList.reason(descriptor.family)). Use it in a profile "
                    + "with `braid run`, or merge with one of \(MergeList.names)")
        }
        return try MethodRegister.make(
            name: name, parameters: parameters.values(for: descriptor), adapters: adapters.count)
    }

    private func check(_ adapter: LoRAAdapter, _ path: String, _ configuration: ModelConfiguration) throws {
        do { try adapter.check(against: configuration) } catch {
            var error = error
            error.file = path
            throw error
        }
    }

    private func row(
        _ output: String, _ location: AdapterLocation, _ method: (any CompositionMethod)?, _ adapter: LoRAAdapter,
        seconds: (all: Duration, merge: Duration)
    ) -> QueryResult {
        let ranks = adapter.factors.values.map(\.rank)
        let (least, most) = (ranks.min() ?? 0, ranks.max() ?? 0)
        return QueryResult(
            columns: [
                "output", "method", "settings", "layers", "rank", "parameters", "bytes", "merge_seconds", "seconds",
            ],
            rows: [
                [
                    .text(output), .text(method.map { type(of: $0).descriptor.name } ?? "converted"),
                    .text(method?.parameters.json ?? "{}"), .integer(Int64(ranks.count)),
                    .text(least == most ? "\(most)" : "\(least)-\(most)"), .integer(Int64(adapter.parameterCount)),
                    .integer(Int64(location.bytes)), .real(seconds.merge / .seconds(1)),
                    .real(seconds.all / .seconds(1)),
                ]
            ])
    }
}

/// The methods that `braid merge` has.
enum MergeList {
    static let methods = MethodRegister.all.map { $0.descriptor }.filter { $0.family == .dataFreeMerge }

    /// Their names, for messages.
    static var names: String { methods.map(\.name).joined(separator: ", ") }

    /// Why the methods of another family are not among them.
    static func reason(_ family: MethodFamily) -> String {
        switch family {
        case .learned: "it is trained on examples of a composition"
        case .oneAdapter, .costlyReference: "it answers with adapters that were trained for it"
        default: "it makes no adapter"
        }
    }

    /// For people: a method, its reference, and a line for each parameter.
    static var text: String {
        methods.map { method in
            let lines = method.parameters.map {
                "    \($0.name): \($0.explanation); \($0.range); default \($0.defaultValue)\n"
            }
            return "\(method.name): \(method.title)\n    \(method.reference)\n" + lines.joined()
        }
        .joined(separator: "\n")
    }

    /// For programs: a row for each parameter, and one for a method that has none.
    static var rows: QueryResult {
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
