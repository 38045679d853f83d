import Foundation
import TestSupport

/// Runs the built program as a user does.
enum BraidBinary {
    struct Result {
        var status: Int32
        var output: String
        var errors: String
    }

    /// Beside the test bundle, where SwiftPM puts executables.
    private static var url: URL {
        #if os(macOS)
            let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
            return (bundle ?? Bundle.main.bundleURL).deletingLastPathComponent().appending(path: "braid")
        #else
            return URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "braid")
        #endif
    }

    /// Starts the program without waiting for it; its results are dropped, its talk goes to the file `errors`.
    static func start(_ arguments: [String], in folder: URL) throws -> Process {
        let process = process(arguments, in: folder)
        process.standardOutput = FileHandle.nullDevice
        let errors = folder.appending(path: "errors")
        try Data().write(to: errors)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return process
    }

    /// Runs the program with its standard output at a place of the test's own; gives the exit code.
    static func run(_ arguments: [String], output: FileHandle) throws -> Int32 {
        let process = process(arguments)
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    static func run(
        _ arguments: String..., in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try run(arguments, in: folder, environment: environment)
    }

    static func run(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let process = process(arguments, in: folder, environment: environment)
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // The pipes hold less than a help page on some systems, so both are drained while the program runs.
        let reader = DispatchQueue(label: "errors")
        nonisolated(unsafe) var errorData = Data()
        let group = DispatchGroup()
        reader.async(group: group) { errorData = errors.fileHandleForReading.readDataToEndOfFile() }
        let outputData = output.fileHandleForReading.readDataToEndOfFile()
        group.wait()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
            errors: String(decoding: errorData, as: UTF8.self))
    }

    private static func process(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:]
    ) -> Process {
        let process = Process()
        process.executableURL = url
        process.arguments = arguments
        process.currentDirectoryURL = folder ?? Fixtures.root
        var variables = ProcessInfo.processInfo.environment
        variables["COLUMNS"] = "80"
        variables["NO_COLOR"] = "1"
        variables["BRAID_MODEL"] = nil
        variables["BRAID_CACHE"] = "/nonexistent"
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return process
    }
}
