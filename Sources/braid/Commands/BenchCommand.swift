import ArgumentParser

/// `braid bench`: how fast things are on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the engine (bench engine, the default), ingest or merges.",
        discussion: """
            Examples:
              braid bench --only job
              braid bench ingest
              braid bench merge
            """,
        subcommands: [EngineBenchCommand.self, IngestBenchCommand.self, MergeBenchCommand.self],
        defaultSubcommand: EngineBenchCommand.self)
}
