import ArgumentParser

/// `braid bench`: how fast things are on this machine.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures the engine (bench engine, the default) or ingest (bench ingest).",
        discussion: """
            Examples:
              braid bench --only job
              braid bench ingest
            """,
        subcommands: [EngineBenchCommand.self, IngestBenchCommand.self], defaultSubcommand: EngineBenchCommand.self)
}
