import ArgumentParser

/// `braid bench`: how fast things are on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the engine (bench engine, the default), ingest, merges or the store.",
        discussion: """
            Examples:
              braid bench --only job
              braid bench ingest
              braid bench merge
              braid bench store
            """,
        subcommands: [
            EngineBenchCommand.self, IngestBenchCommand.self, MergeBenchCommand.self, StoreBenchCommand.self,
        ],
        defaultSubcommand: EngineBenchCommand.self)
}
