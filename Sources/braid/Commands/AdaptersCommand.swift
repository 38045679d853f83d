import AdapterMerging
import ArgumentParser
import BenchmarkStore
import Foundation
import ModelEngine

/// `braid adapters`: what the database knows of trained adapters, and their way to other tools.
struct AdaptersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapters",
        abstract: "Lists the trained adapters, and exports them.",
        discussion: """
            Examples:
              braid adapters
              braid adapters --format json
              braid adapters export summarize -o summarize.gguf
            """,
        subcommands: [List.self, Export.self], defaultSubcommand: List.self)

    /// `braid adapters list`: one row for each adapter.
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Lists the trained adapters: task, size, base model, training, hashes.",
            discussion: """
                Tables show the first 12 digits of hashes, the other formats all. The view `training` holds the same \
                and more for `braid query`.

                Example:
                  braid adapters list --format csv
                """)

        @Option(help: "How the rows are printed.")
        var format: QueryFormat = .table

        @OptionGroup var store: StoreOptions

        func run() throws {
            let isForPeople = format == .table || format == .md
            func hash(_ name: String) -> String { isForPeople ? "substr(\(name), 1, 12) AS \(name)" : name }
            let seconds = isForPeople ? "round(seconds, 1) AS seconds" : "seconds"
            let result = try ReadOnlyQuery(path: store.database).run(
                """
                SELECT adapter_id AS id, task, kind, rank, alpha, parameters, bytes, model, build, train_examples AS
                    examples, steps, train_tokens AS tokens, \(seconds), first_loss, last_loss, validation_loss,
                    \(hash("recipe_hash")), \(hash("sha256"))
                FROM training ORDER BY task, kind, model, adapter_id
                """)
            Console.output(format.render(result))
        }
    }
}
