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
              braid merge --list --method ties
            """)

    @Argument(help: "The adapters: PEFT folders or llama.cpp LoRA files.", completion: .file())
    var adapters: [String] = []

    @Option(help: "The method; see --list. One adapter without a method is converted as it is.")
    var method: String?

    @OptionGroup(title: "Result") var result: AdapterOutputOptions
    @OptionGroup(title: "Parameters of the method") var parameters: MergeParameterOptions
    @OptionGroup(title: "Model") var model: AdapterModelOptions

    @Flag(help: "Print the methods, or that of --method, with parameters and references, and stop.")
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
        if method == nil, let name = parameters.given.first?.name {
            throw ValidationError("Without a --method nothing takes the parameter \(name).")
        }
    }

    func run() throws {
        guard !list, let output = result.output else {
            let methods = try method.map { [try MergeList.method(named: $0)] } ?? MergeList.methods
            Console.output(
                format == .table
                    ? MergeList.text(methods, width: Console.width) : format.render(MergeList.rows(methods)))
            return
        }
        let start = ContinuousClock.now
        let method = try method.map(made)
        let location = try result.location(output)
        let sources = try adapters.map { try source($0, output: location.url) }
        let configuration = try model.configuration()
        let exchange = try AdapterModelOptions.explainingHeads {
            try AdapterExchange(
                sources, to: location,
                architecture: configuration?.architecture ?? model.architecture,
                heads: model.attentionHeads(configuration))
        }
        if let configuration {
            for (path, adapter) in zip(adapters, exchange.adapters) { try check(adapter, path, configuration) }
        }
        var merged = exchange.adapters[0]
        var mergeTime = Duration.zero
        if case .merge(let merge)? = method?.recipe {
            mergeTime = try ContinuousClock().measure {
                merged = try namingAdapters { try merge(exchange.adapters, parameters.seed) }
            }
        }
        if merged.factors.values.allSatisfy(\.isZero),
            !exchange.adapters.allSatisfy({ $0.factors.values.allSatisfy(\.isZero) })
        {
            Console.write(
                "warning: every number of the merged update is 0; keep a larger density, or change the weights\n")
        }
        try AdapterModelOptions.explainingHeads { try exchange.write(merged, replacing: result.force) }
        let made = Made(
            output: output, bytes: location.bytes, method: method, adapter: merged,
            seconds: (ContinuousClock.now - start) / .seconds(1),
            mergeSeconds: mergeTime / .seconds(1))
        Console.output(format == .table ? made.text : format.render(made.row))
    }

    /// Where an adapter lies; refused is what would be taken for something else, and a result inside of it.
    private func source(_ path: String, output: URL) throws -> AdapterLocation {
        let url = URL(filePath: path)
        let names = ["adapter_config.json", "adapter_model.safetensors", "adapter_model.bin"]
        guard !names.contains(url.lastPathComponent) else {
            throw CommandError(.badArgument, "\(path): this is one file of a PEFT adapter; give its folder")
        }
        func parts(_ url: URL) -> [String] { url.standardizedFileURL.resolvingSymlinksInPath().pathComponents }
        let (outside, inside) = (parts(url), parts(output))
        let location = AdapterLocation(reading: url)
        if case .folder(let folder) = location, inside.count > outside.count, inside.starts(with: outside),
            FileManager.default.fileExists(atPath: folder.configurationFile.path(percentEncoded: false))
        {
            throw CommandError(
                .badArgument,
                "\(output.relativePath): this is inside the adapter \(path); write the result to another place")
        }
        return location
    }

    /// Runs a merge; where it counts the adapters in an error, their paths are added.
    private func namingAdapters<Result>(_ merge: () throws -> Result) throws -> Result {
        do { return try merge() } catch var error as MergeError where error.file == nil {
            error.message = error.message.replacing(#/adapter (\d+)/#) { match in
                let position = (Int(match.1) ?? 0) - 1
                return adapters.indices.contains(position) ? "\(match.0) (\(adapters[position]))" : "\(match.0)"
            }
            throw error
        }
    }

    /// The method with its parameters, which must be a merge that needs nothing but the adapters.
    private func made(_ name: String) throws -> any CompositionMethod {
        let descriptor = try MergeList.method(named: name)
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
}

/// What a merge made, as it is printed.
private struct Made {
    var output: String
    var bytes: Int
    var method: (any CompositionMethod)?
    var adapter: LoRAAdapter
    /// From the first byte read to the last one written.
    var seconds: Double
    /// Of the merge alone.
    var mergeSeconds: Double

    private var layers: Int { adapter.factors.count }

    private var rank: String {
        let ranks = adapter.factors.values.map(\.rank)
        let (least, most) = (ranks.min() ?? 0, ranks.max() ?? 0)
        return least == most ? "\(most)" : "\(least)-\(most)"
    }

    /// For people: a line of sizes, and one for the method.
    var text: String {
        let settings = method.map { "    \(type(of: $0).descriptor.name) \($0.parameters.json)\n" }
        return "\(output): \(layers) layers, rank \(rank), \(adapter.parameterCount) parameters, \(bytes) bytes, "
            + String(format: "%.2f s\n", seconds) + (settings ?? "")
    }

    /// For programs.
    var row: QueryResult {
        QueryResult(
            columns: [
                "output", "method", "settings", "layers", "rank", "parameters", "bytes", "merge_seconds", "seconds",
            ],
            rows: [
                [
                    .text(output), .text(method.map { type(of: $0).descriptor.name } ?? "converted"),
                    .text(method?.parameters.json ?? "{}"), .integer(Int64(layers)), .text(rank),
                    .integer(Int64(adapter.parameterCount)), .integer(Int64(bytes)), .real(mergeSeconds),
                    .real(seconds),
                ]
            ])
    }
}

extension LoRAFactors {
    /// Whether the update is 0 because a factor is.
    fileprivate var isZero: Bool { (a.allSatisfy { $0 == 0 } || b.allSatisfy { $0 == 0 }) && bias == nil }
}
