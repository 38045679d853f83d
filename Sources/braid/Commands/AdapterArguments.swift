import AdapterMerging
import ArgumentParser
import Foundation
import ModelEngine

/// What there is to say about the model that adapters are for, where a GGUF adapter is read or written.
struct AdapterModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The model that the adapters are for, a GGUF file: tells family and heads, and checks all shapes.",
            discussion: "Only GGUF adapters of the llama family need it, or the numbers of heads."),
        completion: .file(extensions: ["gguf"]))
    var model: String?

    @Option(help: "The model's family in a GGUF adapter. Default: what the files say, else llama.")
    var architecture: String?

    @Option(help: "The model's number of attention heads.")
    var heads: Int?

    @Option(help: "The model's number of key and value heads. Default: as --heads.")
    var kvHeads: Int?

    func validate() throws {
        if model != nil, heads != nil || kvHeads != nil || architecture != nil {
            throw ValidationError("Give --model, or --architecture, --heads and --kv-heads.")
        }
        if kvHeads != nil, heads == nil { throw ValidationError("--kv-heads needs --heads.") }
        for count in [heads, kvHeads].compactMap(\.self) where !AttentionHeads.range.contains(count) {
            throw ValidationError("A number of heads must be 1 to \(AttentionHeads.range.upperBound).")
        }
    }

    /// The sizes of the model, without its weights.
    func configuration() throws -> ModelConfiguration? {
        try model.map { try ModelConfiguration(gguf: GGUFFile(contentsOf: URL(filePath: $0))) }
    }

    /// The heads that the model or the options tell.
    func attentionHeads(_ configuration: ModelConfiguration?) -> AttentionHeads? {
        configuration.map { AttentionHeads($0) }
            ?? heads.map { AttentionHeads(queries: $0, keyValues: kvHeads ?? $0) }
    }

    /// Runs `body`; where it lacks the model's heads, the error says how to give them.
    static func explainingHeads<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch var error as MergeError where error.code == .missingHeads {
            error.message += " (--model FILE.gguf, or --heads N and --kv-heads M)"
            throw error
        }
    }
}

/// Where a command writes an adapter.
struct AdapterOutputOptions: ParsableArguments {
    @Option(
        name: [.short, .long], help: "Where to write: a PEFT folder, or a llama.cpp LoRA file where it ends in .gguf.")
    var output: String?

    @Flag(help: "Replace the adapter that is there.")
    var force = false

    func validate() throws {
        if let output, output.isEmpty { throw ValidationError("--output is empty; say where to write.") }
    }

    /// The place, which must be free, or hold an adapter that is to be replaced.
    func location(_ output: String) throws -> AdapterLocation {
        guard force || !FileManager.default.fileExists(atPath: output) else {
            throw MergeError(
                .alreadyExists, "something is there already: remove it, or give --force to replace it", file: output)
        }
        let location = AdapterLocation(writing: URL(filePath: output))
        try location.checkFree(replacing: force)
        return location
    }
}
