import AdapterMerging
import ArgumentParser
import BenchmarkStore
import EvaluationRunner
import Foundation
import ModelEngine

extension AdaptersCommand {
    /// `braid adapters export`: a trained adapter as a PEFT folder or a llama.cpp LoRA file.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export",
            abstract: "Writes a trained adapter as a PEFT folder or a llama.cpp LoRA file.",
            discussion: """
                Examples:
                  braid adapters export summarize -o summarize/
                  braid adapters export translate/es -o spanish.gguf
                """)

        @Argument(help: "The adapter: its task, its number, or the first digits of its recipe's hash.")
        var name: String

        @OptionGroup(title: "Result") var result: AdapterOutputOptions
        @OptionGroup(title: "Model") var model: AdapterModelOptions
        @OptionGroup var store: StoreOptions

        func validate() throws {
            if result.output == nil { throw ValidationError("Say where to write with --output.") }
        }

        func run() throws {
            let location = try result.location(result.output ?? "")
            let database = try store.openReadOnly()
            let record = try record(database)
            let adapter = try AdapterArchive(store.adapterFolder).read(record, in: database)
            let base = try database.models().first { $0.id == record.modelID }
            var exchange = try AdapterModelOptions.explainingHeads {
                try AdapterExchange(
                    [], to: location, architecture: model.architecture ?? base?.architecture,
                    heads: model.attentionHeads(try configuration(base)))
            }
            exchange.baseModel = base?.name
            try AdapterModelOptions.explainingHeads { try exchange.write(adapter, replacing: result.force) }
            store.console.say(
                "\(record.task): \(adapter.factors.count) layers, rank \(record.rank), \(location.bytes) bytes")
        }

        /// The adapter that the name means.
        private func record(_ database: BenchmarkDatabase) throws -> AdapterRecord {
            let all = try database.adapters()
            let ways: [(AdapterRecord) -> Bool] = [
                { $0.task == name && $0.kind == "lora" }, { $0.task == name }, { String($0.id) == name },
                { name.count >= 4 && $0.recipeHash.hasPrefix(name.lowercased()) },
            ]
            for way in ways {
                let found = all.filter(way)
                if found.count > 1 {
                    let numbers = found.map { "\($0.id) (\($0.kind) of \($0.task))" }.joined(separator: ", ")
                    throw CommandError(
                        .unknownName, "'\(name)' may be any of the adapters \(numbers): give a number")
                }
                if let only = found.first { return only }
            }
            let tasks = Set(all.map(\.task)).sorted().joined(separator: ", ")
            throw CommandError(
                .unknownName,
                all.isEmpty
                    ? "there are no adapters in \(store.database) yet: run `braid train`"
                    : "there is no adapter '\(name)' in \(store.database); there are \(tasks)")
        }

        /// The base model's sizes: of the file that is named, or of the usual one where that is the base model.
        private func configuration(_ base: ModelRecord?) throws -> ModelConfiguration? {
            if model.model != nil || model.heads != nil { return try model.configuration() }
            guard let base, let url = try? ModelOptions.parse([]).url(),
                let hash = try? ContentHash(ofFileAt: url.path(percentEncoded: false)), hash.hex == base.sha256
            else { return nil }
            return try ModelConfiguration(gguf: GGUFFile(contentsOf: url))
        }
    }
}
