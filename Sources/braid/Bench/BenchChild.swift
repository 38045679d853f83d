import ArgumentParser
import Foundation
import ModelEngine

/// What is measured in a process of its own: its start, and the memory it takes.
enum BenchChild: String, CaseIterable, ExpressibleByArgument {
    case start, memory

    /// Runs this program once more; returns the number that it prints.
    func run(_ options: ModelOptions) throws -> Double {
        let process = Process()
        process.executableURL = Bundle.main.executableURL
        process.arguments = [
            "bench-child", rawValue, "--model", try options.url().path(percentEncoded: false), "--threads",
            "\(options.threads)", "--precision", (options.precision ?? .float32).rawValue,
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0, let value = Double(text) else {
            throw CommandError(
                .toolFailed,
                "the process that was to be measured failed; run `braid bench --only \(rawValue)` again")
        }
        return value
    }

    /// The work of that process; the first token made, or the most bytes that were resident.
    func work(_ model: LanguageModel) throws -> Double {
        let job = BenchJob(model: model)
        switch self {
        case .start:
            var first: Int32 = 0
            let request = GenerationRequest(id: 0, prompt: job.tokens(16, salt: 1), maximumNewTokens: 1)
            try Generator(model).generate([request]) { first = $0.tokens.first ?? 0 }
            return Double(first)
        case .memory:
            let requests = (0..<64).map {
                GenerationRequest(
                    id: $0, prompt: job.tokens(224, salt: $0), maximumNewTokens: 32, stopsAtEndOfTurn: false)
            }
            try Generator(model).generate(requests) { _ in }
            return Double(Self.peakResidentBytes)
        }
    }

    /// The most memory of this process that was resident at once.
    static var peakResidentBytes: Int {
        #if os(Linux)
            // getrusage would count the parent's memory too: it is inherited.
            let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
            return (line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0) * 1024
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss
        #endif
    }
}

/// `braid bench-child`: not for people; `braid bench` runs it.
struct BenchChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-child", abstract: "Does one piece of work that `bench` measures from outside.",
        shouldDisplay: false)

    @Argument(help: "The work.")
    var work: BenchChild

    @OptionGroup var model: ModelOptions

    func run() throws { Console.output("\(try work.work(try model.load()))\n") }
}
