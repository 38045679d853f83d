import AdapterMerging
import ArgumentParser
import Foundation
import ModelEngine

/// `braid bench merge`: how fast adapters are merged, beside PEFT on the same tensors.
struct MergeBenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Measures the data-free merges on made-up adapters, and PEFT's on the same tensors.",
        discussion: """
            The adapters have the layers of a Llama model of one billion parameters unless options say otherwise, with \
            numbers from a fixed seed. The merges that work on the factors run with their defaults, or those that --only \
            names; --all adds the others, some of which take a minute for each run because they form the dense \
            updates. A figure is the median of several runs after one that is not counted. With --peft, which names a Python that has PEFT, \
            scripts/peers/peft_merge.py merges the same adapters; ours are measured before and after it. Run it from \
            the checkout's folder for that.

            Examples:
              braid bench merge
              braid bench merge --only linear --only ties --peft ~/venv/bin/python
            """)

    @OptionGroup(title: "Adapters") var shape: MergeBenchShape

    @Option(help: "Counted runs of each merge.")
    var repetitions = 5

    @Option(help: "Measure only this merge; may be given several times.")
    var only: [String] = []

    @Flag(help: "Measure every data-free merge.")
    var all = false

    @Option(help: "A Python that has PEFT.", completion: .file())
    var peft: String?

    @Option(help: "How the figures are printed.")
    var format: EngineBenchCommand.Format = .table

    func validate() throws {
        guard (1...1000).contains(repetitions) else { throw ValidationError("--repetitions must be 1 to 1000.") }
        if all, !only.isEmpty { throw ValidationError("Give --all, or --only.") }
        try shape.check()
        for name in only {
            do { _ = try MergeList.method(named: name) } catch { throw ValidationError("\(error)") }
        }
    }

    /// Those that never leave the factors, which take about a second each.
    private static let quick = ["linear", "cat", "ties", "dare-ties", "dare-linear", "magnitude-prune"]

    private struct Figure: Encodable {
        var name: String
        var seconds: Double
        var peftSeconds: Double?
    }

    func run() throws {
        let adapters = [1, 2].map { shape.adapter(seed: $0) }
        let names = all ? MergeList.methods.map(\.name) : only.isEmpty ? Self.quick : only
        var seconds: [String: [Double]] = [:]
        func measure() throws {
            for name in names {
                guard case .merge(let merge) = try MethodRegister.make(name: name).recipe else { continue }
                Console().progress("merging by \(name)")
                let watch = Stopwatch(repetitions: repetitions, usesProcessorTime: false)
                for run in 0...repetitions {
                    let time = try watch.time { _ = try merge(adapters, 1) }
                    if run > 0 { seconds[name, default: []].append(time) }
                }
            }
        }
        defer { Console().progress("") }
        try measure()
        let theirs = try peft.map { try measurePEFT($0, adapters, names) } ?? [:]
        if !theirs.isEmpty { try measure() }
        show(
            names.map { name in
                let sorted = seconds[name, default: []].sorted()
                return Figure(name: name, seconds: sorted[sorted.count / 2], peftSeconds: theirs[name])
            })
    }

    /// Seconds of PEFT's merges by our names; those that PEFT does not have are missing.
    private func measurePEFT(
        _ python: String, _ adapters: [LoRAAdapter], _ names: [String]
    ) throws -> [String: Double] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "braid-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (index, adapter) in adapters.enumerated() {
            try PEFTAdapterFolder(folder.appending(path: "adapter-\(index)")).write(adapter)
        }
        let process = Process()
        process.executableURL = URL(filePath: (python as NSString).expandingTildeInPath)
        process.arguments =
            [
                "-W", "ignore", "scripts/peers/peft_merge.py", folder.path(percentEncoded: false), "--repeat",
                "\(repetitions)",
            ] + names
        let pipe = Pipe()
        process.standardOutput = pipe
        do { try process.run() } catch {
            throw CommandError(
                .toolFailed, "\(python) cannot be run (\(error.localizedDescription)); is its path right?")
        }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandError(
                .toolFailed,
                "scripts/peers/peft_merge.py failed; it needs the packages of Tests/Fixtures/generate/requirements.txt")
        }
        return try JSONDecoder().decode([String: Double].self, from: data)
    }

    private func show(_ figures: [Figure]) {
        if format == .json {
            struct Output: Encodable {
                var version = 1
                var adapters: String
                var cores: Int
                var repetitions: Int
                var peakBytes: Int
                var merges: [Figure]
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
            let output = Output(
                adapters: shape.summary, cores: ProcessInfo.processInfo.activeProcessorCount, repetitions: repetitions,
                peakBytes: BenchChild.peakResidentBytes, merges: figures)
            if let data = try? encoder.encode(output) { Console.output(String(decoding: data, as: UTF8.self) + "\n") }
            return
        }
        Console.output(
            "2 adapters, \(shape.summary), medians of \(repetitions), "
                + String(format: "peak memory of all %.0f MB\n", Double(BenchChild.peakResidentBytes) / 1e6))
        for figure in figures {
            let name = figure.name.padding(toLength: 24, withPad: " ", startingAt: 0)
            let peft = figure.peftSeconds.map {
                String(format: "   PEFT %8.3f s, %5.1f times as long", $0, $0 / figure.seconds)
            }
            Console.output("\(name) \(String(format: "%8.3f", figure.seconds)) s\(peft ?? "")\n")
        }
    }
}
