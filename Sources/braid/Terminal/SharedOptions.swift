import ArgumentParser
import BenchmarkStore
import Foundation
import ModelEngine

/// What every verb takes.
struct StoreOptions: ParsableArguments {
    @Option(help: "The SQLite file that holds everything.", completion: .file(extensions: ["sqlite"]))
    var database = "braid.sqlite"

    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false

    var console: Console { Console(isQuiet: quiet) }

    /// Opens the database, making it where it is missing.
    func open() throws -> BenchmarkDatabase {
        let opened = try BenchmarkDatabase(path: database)
        if let backup = opened.backupPath {
            console.say(
                "\(database) was made by an older Braid and is brought up to date; as it was, it is in \(backup)")
        }
        return opened
    }

    /// Opens the database for reading; it must be there.
    func openReadOnly() throws -> BenchmarkDatabase { try BenchmarkDatabase(readingOnly: database) }

    /// Where trained adapters are kept: beside the database.
    var adapterFolder: URL {
        URL(filePath: database).deletingLastPathComponent().appending(path: "Adapters")
    }
}

/// Which model, and how many threads.
struct ModelOptions: ParsableArguments {
    @Option(
        help: "The model, a GGUF file. Default: BRAID_MODEL, then the model that `make model` fetched.",
        completion: .file(extensions: ["gguf"]))
    var model: String?

    @Option(help: "Threads to work with; 0 is one for each core.")
    var threads = 0

    @Option(help: "How weights are held: f32 is the reference, int8 is faster. Default: the profile's, else f32.")
    var precision: WeightPrecision?

    func validate() throws {
        guard (0...256).contains(threads) else { throw ValidationError("--threads must be 0 to 256.") }
    }

    /// The file of the model to use.
    func url() throws -> URL {
        let environment = ProcessInfo.processInfo.environment
        if let path = model ?? environment["BRAID_MODEL"] { return URL(filePath: path) }
        let url = ModelOptions.cached
        guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) else {
            throw CommandError(
                .missingModel,
                "the default model is not there yet: run `make model` to fetch it, or name a GGUF file with --model")
        }
        return url
    }

    /// Loads the model, in a given precision where the option names none.
    func load(_ standard: WeightPrecision = .float32) throws -> LanguageModel {
        try LanguageModel(contentsOf: try url(), threads: threads, precision: precision ?? standard)
    }

    /// Where `make model` puts the default model: outside the checkout, in the user's cache.
    static var cached: URL {
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["BRAID_CACHE"].map { URL(filePath: $0) }
            ?? (environment["XDG_CACHE_HOME"].map { URL(filePath: $0) }
            ?? FileManager.default.homeDirectoryForCurrentUser.appending(path: ".cache")).appending(path: "braid")
        return cache.appending(path: "SmolLM2-135M-Instruct.Q4_1.gguf")
    }
}

/// The commit that the program's sources are at, as `git` tells it in the working folder; `unknown` without.
enum SourceCommit {
    static func current() -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["git", "rev-parse", "--short=12", "HEAD"]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return "unknown" }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
        return process.terminationStatus == 0 && !text.isEmpty ? text : "unknown"
    }
}

extension WeightPrecision: ExpressibleByArgument {}
