import Foundation
import SeededRandom
import Synchronization

/// Gives a reader damaged files by the thousand and lists what went wrong.
///
/// `BRAID_FUZZ_FILES` says how many (`make fuzz` takes 20,000 for each reader, under a sanitizer), `BRAID_FUZZ_SEED` where
/// to begin. What is found is told with its seed; `BRAID_FUZZ_SEED=<seed> BRAID_FUZZ_FILES=1` repeats it. A crash prints
/// the seeds at hand.
public struct Fuzz {
    /// The name of the reader, which is part of the chance: no two readers see the same damage.
    public let reader: StaticString
    /// How many files.
    public let count: Int
    private let first: Int

    /// Longer than this, in seconds, no file may take.
    private static let patience = 10.0
    /// More than this, in bytes, no file may add to the most memory that the process has ever had; only looked at where
    /// nothing but a fuzzing test runs.
    private static let memory = 1 << 29

    /// - Parameter usual: how many files in the usual tests; a few seconds' worth.
    public init(_ reader: StaticString, usual: Int) {
        self.reader = reader
        count = Self.number("BRAID_FUZZ_FILES") ?? usual
        first = Self.number("BRAID_FUZZ_SEED") ?? 1
    }

    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }

    /// Whether enough files were read to say something of them all.
    public var isWhole: Bool { count >= 500 }

    /// Reads the files; `body` is given a mutator and says what is wrong, if anything.
    ///
    /// - Returns: the problems, each with its seed; a file that takes too long or too much is one.
    public func problems(_ body: (inout Mutator) throws -> [String]) -> [String] {
        var problems: [String] = []
        let slot = CrashNote.begin(reader)
        defer { CrashNote.end(slot) }
        let isAlone = Self.number("BRAID_FUZZ_FILES") != nil
        for seed in first..<first + count {
            CrashNote.set(seed, in: slot)
            let (begin, memory) = (ContinuousClock.now, isAlone ? Self.peak : 0)
            var mutator = Mutator(SeededGenerator(seed: UInt64(seed), purpose: "\(reader)"))
            do {
                problems += try body(&mutator).map { "seed \(seed): \($0)" }
            } catch {
                problems.append("seed \(seed): \(type(of: error)): \(error)")
            }
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            if seconds > Self.patience { problems.append("seed \(seed): took \(seconds) s") }
            if isAlone, Self.peak - memory > Self.memory {
                problems.append("seed \(seed): took \((Self.peak - memory) >> 20) MiB")
            }
        }
        return problems
    }

    /// The most memory that the process has had so far, in bytes.
    private static var peak: Int {
        #if os(Linux)
            let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
            return (line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first ?? 0) * 1024
        #else
            var usage = rusage()
            getrusage(RUSAGE_SELF, &usage)
            return Int(usage.ru_maxrss)
        #endif
    }
}

/// What is wrong with the message of an error, if anything: it must say something, and in bounds.
public func faults(ofMessage message: String, naming file: String? = nil) -> [String] {
    var faults: [String] = []
    if message.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty { faults.append("an error without a message") }
    if message.utf8.count > 200_000 { faults.append("an error of \(message.utf8.count) bytes") }
    if let file, !message.contains(file) {
        faults.append("an error that does not name \(file): \(message.prefix(200))")
    }
    return faults
}

/// Prints the readers and seeds at hand when the process dies of a trap or a sanitizer's abort.
private enum CrashNote {
    private static let most = 32
    // Read by a signal handler, which must not lock: one place for each test that runs, seed 0 where none does.
    private nonisolated(unsafe) static let seeds = {
        let places = UnsafeMutablePointer<Int>.allocate(capacity: most)
        places.initialize(repeating: 0, count: most)
        return places
    }()
    private nonisolated(unsafe) static let names = {
        let places = UnsafeMutablePointer<StaticString>.allocate(capacity: most)
        places.initialize(repeating: "", count: most)
        return places
    }()
    private static let taken = Mutex<Set<Int>>([])
    private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS]

    /// Takes a place; more tests than there are places go without.
    static func begin(_ name: StaticString) -> Int? {
        taken.withLock { taken in
            guard let slot = (0..<most).first(where: { !taken.contains($0) }) else { return nil }
            if taken.isEmpty { for number in signals { signal(number, note) } }
            taken.insert(slot)
            names[slot] = name
            return slot
        }
    }

    static func set(_ seed: Int, in slot: Int?) {
        if let slot { seeds[slot] = seed }
    }

    static func end(_ slot: Int?) {
        guard let slot else { return }
        taken.withLock { taken in
            seeds[slot] = 0
            taken.remove(slot)
            if taken.isEmpty { for number in signals { signal(number, SIG_DFL) } }
        }
    }

    private static let note: @convention(c) (Int32) -> Void = { number in
        // Only what a signal handler may do: no allocation, plain writes.
        for slot in 0..<CrashNote.most where CrashNote.seeds[slot] != 0 {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
                var (length, divisor) = (0, 1)
                let seed = CrashNote.seeds[slot]
                for byte in "\nfuzz: died with BRAID_FUZZ_SEED=".utf8 {
                    buffer[length] = byte
                    length += 1
                }
                while seed / divisor >= 10 { divisor *= 10 }
                while divisor > 0 {
                    buffer[length] = UInt8(48 + seed / divisor % 10)
                    length += 1
                    divisor /= 10
                }
                buffer[length] = 32
                length += 1
                let name = CrashNote.names[slot]
                for index in 0..<min(name.utf8CodeUnitCount, 60) {
                    buffer[length] = name.utf8Start[index]
                    length += 1
                }
                buffer[length] = 10
                _ = write(STDERR_FILENO, buffer.baseAddress, length + 1)
            }
        }
        signal(number, SIG_DFL)
        raise(number)
    }
}
