import Foundation
import ModelEngine
import SeededRandom
import TestSupport
import Testing

/// Damaged files by the thousand: never a crash, a hang, or an error that does not say where and what.
///
/// `BRAID_FUZZ_FILES` says how many (`make fuzz` takes 200,000 under a sanitizer), `BRAID_FUZZ_SEED` where to begin. What
/// is found is printed with its seed; `BRAID_FUZZ_SEED=<seed> BRAID_FUZZ_FILES=1` repeats it.
struct ReaderFuzzTests {
    private static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init)
    }

    @Test(.timeLimit(.minutes(60)))
    func damagedFilesAreReadOrRefusedWithAPlace() throws {
        let (count, first) = (Self.number("BRAID_FUZZ_FILES") ?? 4000, Self.number("BRAID_FUZZ_SEED") ?? 1)
        var outcome = Outcome()
        CrashNote.begin()
        defer { CrashNote.end() }
        for seed in first..<first + count {
            CrashNote.seed = seed
            let begin = ContinuousClock.now
            let random = SeededGenerator(seed: UInt64(seed))
            if seed % 4 == 3 {
                var mutator = SafetensorsMutator(random)
                outcome.readSafetensors(mutator.file(), seed)
            } else {
                var mutator = GGUFMutator(random)
                outcome.readGGUF(mutator.file(), seed)
            }
            let seconds = (ContinuousClock.now - begin) / .seconds(1)
            if seconds > 10 { outcome.problems.append("seed \(seed): took \(seconds) s") }
        }
        #expect(outcome.problems.isEmpty, "\(outcome.problems.count), first: \(outcome.problems.prefix(5))")
        guard count >= 4000 else { return }
        // The damage is such that neither everything is refused nor everything read, and every check is met.
        #expect(outcome.accepted > count / 20 && outcome.refused > count / 4)
        let expected: Set<ModelError.Code> = [
            .truncatedFile, .badFormat, .badShape, .badValue, .unsupportedType, .unsupportedVersion,
        ]
        #expect(expected.isSubset(of: outcome.codes), "\(outcome.codes)")
        #expect(outcome.types == Set(GGUFType.readable))
    }

    @Test func theFilesThatAreDamagedAreWholeBefore() throws {
        let file = try GGUFFile(
            MappedFile(bytes: GGUFMutator.wholeFile("llama", last: .q6_K).bytes, path: "whole.gguf"))
        #expect(file.tensors.count == GGUFType.allCases.count + 4)
        _ = try ModelConfiguration(gguf: file)
        let tokenizer = try Tokenizer(gguf: file)
        #expect(tokenizer.decode(tokenizer.encode("then in a moon")) == "then in a moon")
        #expect(try ChatTemplate(gguf: file).family == .chatML)
    }
}

/// What came of the files so far.
private struct Outcome {
    var problems: [String] = []
    var codes: Set<ModelError.Code> = []
    var types: Set<GGUFType> = []
    var accepted = 0
    var refused = 0

    mutating func readGGUF(_ bytes: [UInt8], _ seed: Int) {
        do throws(ModelError) {
            let file = try GGUFFile(MappedFile(bytes: bytes, path: "damaged.gguf"))
            accepted += 1
            for tensor in file.tensors { check(tensor, of: file, seed) }
            use(file)
        } catch {
            refuse(error, bytes.count, seed)
        }
    }

    /// Every byte of a readable tensor is decoded; any other is refused by name.
    private mutating func check(_ tensor: GGUFTensor, of file: GGUFFile, _ seed: Int) {
        do throws(ModelError) {
            let decoded = try file.dequantized(tensor.name)
            types.insert(tensor.type)
            if decoded.count != tensor.dimensions.reduce(1, *) {
                problems.append("seed \(seed): \(tensor.name) has \(decoded.count) values")
            }
        } catch {
            if error.code != .unsupportedType || error.tensor != tensor.name || tensor.type.isReadable {
                problems.append("seed \(seed): \(error)")
            }
        }
    }

    /// What the rest of the engine reads from a file; an error is right, a trap is not.
    private func use(_ file: GGUFFile) {
        _ = try? ModelConfiguration(gguf: file)
        let summary = ModelSummary(file)
        precondition(!summary.canRun || summary.obstacles.isEmpty)
        guard let tokenizer = try? Tokenizer(gguf: file) else { return }
        let text = "<|im_start|>The moon's 12 é.\n"
        _ = tokenizer.decode(tokenizer.encode(text), skipSpecial: false)
        guard let template = try? ChatTemplate(gguf: file) else { return }
        _ = template.encode([ChatMessage(role: .user, content: text)], with: tokenizer)
    }

    mutating func readSafetensors(_ bytes: [UInt8], _ seed: Int) {
        do throws(ModelError) {
            let file = try SafetensorsFile(MappedFile(bytes: bytes, path: "damaged.safetensors"))
            accepted += 1
            for tensor in file.tensors {
                let floats = try? file.floats(tensor.name).count
                let raw = try? file.bytes(tensor.name).count
                let count = tensor.shape.reduce(1, *)
                if (floats ?? count) != count || (raw ?? count) != count {
                    problems.append("seed \(seed): \(tensor.name) has not \(count) values")
                }
            }
        } catch {
            refuse(error, bytes.count, seed)
        }
    }

    /// A refusal names the file, what was read (key, tensor or a part of the format), and a byte of the file.
    private mutating func refuse(_ error: ModelError, _ size: Int, _ seed: Int) {
        refused += 1
        codes.insert(error.code)
        let parts = [
            "not a GGUF file", "the version", "GGUF version", "the number of", "name of", "header", "the file is empty",
        ]
        let isNamed = error.key != nil || error.tensor != nil || parts.contains { error.message.contains($0) }
        let isPlaced = error.offset.map { (0...size).contains($0) } ?? false
        if error.file == nil || !isNamed || !isPlaced { problems.append("seed \(seed): \(error)") }
    }
}

/// Prints the seed at hand when the process dies of a trap or a sanitizer's abort.
private enum CrashNote {
    nonisolated(unsafe) static var seed = 0
    private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS]

    static func begin() {
        for number in signals { signal(number, note) }
    }

    static func end() {
        for number in signals { signal(number, SIG_DFL) }
    }

    private static let note: @convention(c) (Int32) -> Void = { number in
        // Only what a signal handler may do: no allocation, one write.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            var (length, rest, divisor) = (0, CrashNote.seed, 1)
            for byte in "\nfuzz: died on BRAID_FUZZ_SEED=".utf8 {
                buffer[length] = byte
                length += 1
            }
            while rest / divisor >= 10 { divisor *= 10 }
            while divisor > 0 {
                buffer[length] = UInt8(48 + rest / divisor % 10)
                length += 1
                divisor /= 10
            }
            buffer[length] = 10
            rest = write(STDERR_FILENO, buffer.baseAddress, length + 1)
        }
        signal(number, SIG_DFL)
        raise(number)
    }
}
