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
              braid query --format csv "SELECT * FROM by_language"
              braid query --schema
            """)

    @Argument(help: "One SELECT statement; - reads it from standard input.")
    var sql: String?

    @Option(help: "How the rows are printed.")
    var format: QueryFormat = .table

    @Flag(help: "Print the tables and views with what they hold, and stop.")
    var schema = false

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if schema == (sql != nil) { throw ValidationError("Give one SQL statement, or --schema.") }
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
        let result = try ReadOnlyQuery(path: store.database).run(statement)
        Console.output(format.render(result))
    }
}

extension QueryFormat: ExpressibleByArgument {}
