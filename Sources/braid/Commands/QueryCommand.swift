import ArgumentParser
import BenchmarkStore
import Foundation

/// `braid query`: asks the database in SQL.
struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Asks the database a question in SQL, read-only.",
        discussion: """
            Examples:
              braid query "SELECT method, mean FROM leaderboard WHERE family = 'summarize+translate'"
              braid query --format csv --limit 1000 --timeout 60 "SELECT * FROM outputs"
              braid query --schema
            """)

    @Argument(help: "One SELECT statement; - reads it from standard input.")
    var sql: String?

    @Option(help: "How the rows are printed.")
    var format: QueryFormat = .table

    @Option(help: "Print at most this many rows; standard error says when there were more.")
    var limit: Int?

    @Option(help: "Stop the query after this many seconds.")
    var timeout: Double?

    @Flag(help: "Print the tables and views with what they hold, and stop.")
    var schema = false

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if schema == (sql != nil) { throw ValidationError("Give one SQL statement, or --schema.") }
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more.") }
        if let timeout, !(timeout > 0 && timeout <= 1e6) {
            throw ValidationError("--timeout must be more than 0 and at most 1000000 seconds.")
        }
    }

    func run() throws {
        if schema {
            Console.output(SchemaDescription.current.text + "\n")
            return
        }
        var statement = sql ?? ""
        if statement == "-" {
            statement = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        let result = try ask(statement)
        Console.output(format.render(result))
        if result.isTruncated, let limit {
            store.console.say("only the first \(limit) rows are shown; there are more")
        }
    }

    /// Runs the statement; Ctrl-C stops it with exit code 130.
    private func ask(_ statement: String) throws -> QueryResult {
        Interrupt.listen("nothing was changed")
        do {
            return try ReadOnlyQuery(path: store.database).run(
                statement, limit: limit, timeout: timeout.map { Duration.seconds($0) },
                shouldStop: { Interrupt.isAsked })
        } catch let error as StoreError where error.code == .interrupted && Interrupt.isAsked {
            Console.write("\n\(error.message)\n")
            throw ExitCode(130)
        }
    }
}

extension QueryFormat: ExpressibleByArgument {}
