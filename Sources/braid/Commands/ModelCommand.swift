import ArgumentParser
import BenchmarkStore
import Foundation
import ModelEngine

/// `braid model`: looks at model files.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Shows what a model file holds.",
        discussion: """
            Example:
              braid model info model.gguf
            """,
        subcommands: [Info.self])

    /// `braid model info`: the facts of a GGUF file, and whether it can be run and trained here.
    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Shows a GGUF file's sizes, types, tokenizer and licence, and whether it runs here.",
            discussion: """
                The weights are not loaded. A file that is damaged, or no GGUF, is an error; a model that cannot be run \
                is not, and every reason is listed.

                Examples:
                  braid model info model.gguf
                  braid model info --format json model.gguf
                """)

        /// How the facts are printed.
        enum Format: String, CaseIterable, ExpressibleByArgument {
            case table, json
        }

        @Argument(help: "The model, a GGUF file.", completion: .file(extensions: ["gguf"]))
        var file: String

        @Option(help: "How the facts are printed.")
        var format: Format = .table

        func run() throws {
            let summary = ModelSummary(try GGUFFile(contentsOf: URL(filePath: file)))
            let page = ModelPage(file: file, hash: try ContentHash(ofFileAt: file), summary: summary)
            Console.output(format == .table ? page.tables : try page.json)
        }
    }
}

/// A model's facts as text.
private struct ModelPage {
    let file: String
    let hash: ContentHash
    let summary: ModelSummary

    /// What `--format json` prints; `version` grows when a field changes its meaning.
    private struct Document: Encodable {
        let version = 1
        let file: String
        let sha256: String
        let model: ModelSummary
        let runs: Bool
        let trains: Bool
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let document = Document(
                file: file, sha256: hash.hex, model: summary, runs: summary.canRun, trains: summary.canTrain)
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    /// Three tables: the model, its tensors' types, its special tokens.
    var tables: String {
        var tables = [facts, types]
        if !summary.tokenizer.specialTokens.isEmpty { tables.append(specialTokens) }
        return tables.map { QueryFormat.table.render($0, maximumWidth: 160) }.joined(separator: "\n")
    }

    private var facts: QueryResult {
        var rows: [[QueryValue]] = []
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append([.text(name), .text(value)]) }
        }
        func add(_ name: String, _ value: Int?) { add(name, value.map(String.init)) }
        let (sizes, tokenizer, origin) = (summary.sizes, summary.tokenizer, summary.origin)
        add("file", file)
        add("bytes", "\(summary.fileSize) (\(Self.short(summary.fileSize, ["B", "kB", "MB", "GB"])))")
        add("SHA-256", hash.hex)
        add("format", "GGUF \(summary.formatVersion)")
        add("name", summary.name)
        add("architecture", summary.architecture)
        add("parameters", "\(summary.parameterCount) (\(Self.short(summary.parameterCount, ["", "k", "M", "G"])))")
        add("layers", sizes.layers)
        add("hidden size", sizes.hiddenSize)
        add("heads", sizes.heads)
        add("key and value heads", sizes.keyValueHeads)
        add("head size", sizes.headSize)
        add("feed-forward size", sizes.feedForwardSize)
        add("vocabulary", sizes.vocabularySize)
        add("context", sizes.contextLength)
        let kinds = [tokenizer.kind, tokenizer.preTokenizer].compactMap(\.self)
        add("tokenizer", (kinds + ["\(tokenizer.vocabularySize ?? 0) tokens"]).joined(separator: ", "))
        add("chat template", summary.chatTemplate ?? "none that is known")
        add(
            "licence",
            [origin.license, origin.licenseName, origin.licenseLink].compactMap(\.self).joined(separator: ", "))
        add("base model", origin.baseModels.joined(separator: ", "))
        add("quantised by", origin.quantizedBy)
        let reasons = summary.obstacles.map(\.message)
        add("runs", summary.canRun ? "yes" : "no — \(reasons[0])")
        for reason in reasons.dropFirst() { rows.append(["", .text(reason)]) }
        add("trains", summary.canTrain ? "yes" : "no")
        return QueryResult(columns: ["model", "value"], rows: rows)
    }

    private var types: QueryResult {
        let rows = summary.types.map { use -> [QueryValue] in
            [
                .text(use.type), .integer(Int64(use.tensors)), .integer(Int64(use.parameters)),
                .integer(Int64(use.bytes)), .text(use.isReadable ? "yes" : "no"),
            ]
        }
        return QueryResult(columns: ["type", "tensors", "parameters", "bytes", "is read"], rows: rows)
    }

    private var specialTokens: QueryResult {
        let rows = summary.tokenizer.specialTokens.map { token -> [QueryValue] in
            [.text(token.role), .integer(Int64(token.id)), .text(token.text ?? "outside the vocabulary")]
        }
        return QueryResult(columns: ["special token", "id", "text"], rows: rows)
    }

    /// A number in thousands, millions …, with one decimal.
    private static func short(_ count: Int, _ units: [String]) -> String {
        var (value, unit) = (Double(count), 0)
        while value >= 999.95, unit + 1 < units.count {
            value /= 1000
            unit += 1
        }
        let number = unit == 0 ? String(count) : String(format: "%.1f", value)
        return units[unit].isEmpty ? number : "\(number) \(units[unit])"
    }
}
