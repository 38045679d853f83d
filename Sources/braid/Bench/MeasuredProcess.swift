import Foundation

/// A command that is measured from outside.
enum MeasuredProcess {
    /// Seconds of a process from its start to its end, and what it printed.
    static func run(_ command: String, _ arguments: [String]) throws -> (seconds: Double, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        let begin = ContinuousClock.now
        do { try process.run() } catch {
            throw CommandError(
                .toolFailed, "\(command) cannot be run (\(error.localizedDescription)); is it installed?")
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let seconds = (ContinuousClock.now - begin) / .seconds(1)
        guard process.terminationStatus == 0 else {
            throw CommandError(
                .toolFailed, "\(command) \(arguments.joined(separator: " ")) failed; its own words are above")
        }
        return (seconds, String(decoding: data, as: UTF8.self))
    }
}
