import Foundation
import ModelEngine
import TestSupport
import Testing

/// Damaged files by the thousand: never a crash, a hang, or an error that does not say where and what. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct ReaderFuzzTests {
    @Test func damagedModelsAreReadOrRefusedWithAPlace() throws {
        let fuzz = Fuzz("GGUF", usual: 3000)
        var outcome = Outcome()
        let problems = fuzz.problems { mutator in
            var files = GGUFMutator(mutator)
            outcome.readGGUF(files.file())
            return outcome.takeProblems()
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        guard fuzz.count >= 3000 else { return }
        // The damage is such that neither everything is refused nor everything read, and every check is met.
        #expect(outcome.accepted > fuzz.count / 20 && outcome.refused > fuzz.count / 4)
        let expected: Set<ModelError.Code> = [
            .truncatedFile, .badFormat, .badShape, .badValue, .unsupportedType, .unsupportedVersion,
        ]
        #expect(expected.isSubset(of: outcome.codes), "\(outcome.codes)")
        #expect(outcome.types == Set(GGUFType.readable))
    }

    @Test func damagedTensorFilesAreReadOrRefusedWithAPlace() throws {
        let fuzz = Fuzz("safetensors", usual: 1500)
        var outcome = Outcome()
        let problems = fuzz.problems { mutator in
            var files = SafetensorsMutator(mutator)
            outcome.readSafetensors(files.file())
            return outcome.takeProblems()
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        guard fuzz.count >= 1500 else { return }
        #expect(outcome.accepted > fuzz.count / 20 && outcome.refused > fuzz.count / 4)
    }

    /// The template's text alone is damaged, and much more so than among all else that a file holds.
    @Test func damagedChatTemplatesAreOfAFamilyOrRefused() throws {
        let fuzz = Fuzz("chat templates", usual: 1500)
        let markers = ChatTemplate.Family.allCases.map(\.sample)
        let fragments =
            markers + [
                "'<|im_start|>system\n", "\"<|im_start|>system\\nBe kind.<|im_end|>\"", "<|im_end|>", "'", "\"", "\\",
                "\\n",
                "{%", "%}", "{{", "}}", "enable_thinking", #"<think>\n\n</think>\n\n"#, "bos_token", "<|im_sep|>",
                "[INST]",
                "<<SYS>>", "{% for message in messages %}", "{% endfor %}",
                String(repeating: "'<|im_start|>system", count: 400),
                String(repeating: "x", count: 140_000),
            ]
        let whole = GGUFMutator.wholeFile("llama", last: .q8_0)
        let place = try #require(whole.pairs.firstIndex { $0.key == "tokenizer.chat_template" })
        var families: Set<ChatTemplate.Family> = []
        var refused = 0
        let problems = fuzz.problems { mutator in
            let start = mutator.one(of: markers) + "{{ message }}" + mutator.one(of: markers)
            let bytes = mutator.damaged(start, fragments: fragments, marks: "<{'|")
            var builder = whole
            builder.pairs[place].value = .string(String(decoding: bytes, as: UTF8.self))
            do {
                let file = try GGUFFile(MappedFile(bytes: builder.bytes, path: "template.gguf"))
                let template = try ChatTemplate(gguf: file)
                families.insert(template.family)
                let chat = [ChatMessage(role: .system, content: "s"), ChatMessage(role: .user, content: "<|im_end|>")]
                _ = template.encode(chat, with: try Tokenizer(gguf: file))
                return template.render(chat).utf8.count > 1 << 20 ? ["a prompt without end"] : []
            } catch let error as ModelError {
                refused += 1
                return faults(ofMessage: "\(error)", naming: "template.gguf")
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(families == Set(ChatTemplate.Family.allCases) && refused > fuzz.count / 20) }
    }

    /// What is damaged is loaded and asked for two tokens, so that no size or weight gets past the checks to the kernels.
    @Test func damagedModelsThatLoadCanBeRun() throws {
        let fuzz = Fuzz("models", usual: 120)
        let folder = try ScratchFolder()
        let whole = [UInt8](try Fixtures.data("tiny/tiny-llama.gguf"))
        let file = try GGUFFile(MappedFile(bytes: whole, path: "tiny.gguf"))
        // Mostly the header: damaged weights are only other weights.
        let header = file.tensors.map(\.range.lowerBound).min() ?? whole.count
        let numbers = Mutator.numbers(in: Array(whole[..<header]))
        var (ran, refused) = (0, 0)
        let problems = fuzz.problems { mutator in
            var bytes = whole
            for _ in 0...mutator.below(2) {
                if mutator.below(4) == 0 {
                    mutator.mutate(&bytes, numbers: numbers)
                } else {
                    var head = Array(bytes.prefix(header))
                    mutator.mutate(&head, numbers: numbers)
                    // The length stays, so that what is damaged is what is read and not where.
                    let kept = min(head.count, bytes.count)
                    bytes.replaceSubrange(..<kept, with: head.prefix(kept))
                }
            }
            let url = folder.path("damaged.gguf")
            try Data(bytes).write(to: url)
            do {
                let model = try LanguageModel(contentsOf: url, threads: 1)
                let request = GenerationRequest(id: 0, prompt: [3, 4, 5], maximumNewTokens: 2)
                try Generator(model).generate([request]) { _ in }
                ran += 1
                return []
            } catch let error as ModelError {
                refused += 1
                return faults(ofMessage: "\(error)", naming: "damaged.gguf")
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(ran > 0 && refused > 0) }
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

extension ChatTemplate.Family {
    /// Text by which a template of the family is recognised.
    fileprivate var sample: String {
        switch self {
        case .chatML: "<|im_start|>"
        case .llama3: "<|start_header_id|>"
        case .llama2: "[INST] <<SYS>>"
        case .mistral: "[INST]"
        case .gemma: "<start_of_turn>"
        case .phi3: "<|user|><|assistant|><|end|>"
        case .zephyr: "<|user|><|assistant|>"
        }
    }
}

/// What came of the files so far.
private struct Outcome {
    private var problems: [String] = []
    var codes: Set<ModelError.Code> = []
    var types: Set<GGUFType> = []
    var accepted = 0
    var refused = 0

    /// What went wrong since the last call.
    mutating func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }

    mutating func readGGUF(_ bytes: [UInt8]) {
        do throws(ModelError) {
            let file = try GGUFFile(MappedFile(bytes: bytes, path: "damaged.gguf"))
            accepted += 1
            for tensor in file.tensors { check(tensor, of: file) }
            use(file)
        } catch {
            refuse(error, bytes.count)
        }
    }

    /// Every byte of a readable tensor is decoded; any other is refused by name.
    private mutating func check(_ tensor: GGUFTensor, of file: GGUFFile) {
        do throws(ModelError) {
            let decoded = try file.dequantized(tensor.name)
            types.insert(tensor.type)
            if decoded.count != tensor.dimensions.reduce(1, *) {
                problems.append("\(tensor.name) has \(decoded.count) values")
            }
        } catch {
            if error.code != .unsupportedType || error.tensor != tensor.name || tensor.type.isReadable {
                problems.append("\(error)")
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

    mutating func readSafetensors(_ bytes: [UInt8]) {
        do throws(ModelError) {
            let file = try SafetensorsFile(MappedFile(bytes: bytes, path: "damaged.safetensors"))
            accepted += 1
            for tensor in file.tensors {
                let floats = try? file.floats(tensor.name).count
                let raw = try? file.bytes(tensor.name).count
                let count = tensor.shape.reduce(1, *)
                if (floats ?? count) != count || (raw ?? count) != count {
                    problems.append("\(tensor.name) has not \(count) values")
                }
            }
        } catch {
            refuse(error, bytes.count)
        }
    }

    /// A refusal names the file, what was read (key, tensor or a part of the format), and a byte of the file.
    private mutating func refuse(_ error: ModelError, _ size: Int) {
        refused += 1
        codes.insert(error.code)
        let parts = [
            "not a GGUF file", "the version", "GGUF version", "the number of", "name of", "header", "the file is empty",
        ]
        let isNamed = error.key != nil || error.tensor != nil || parts.contains { error.message.contains($0) }
        let isPlaced = error.offset.map { (0...size).contains($0) } ?? false
        if error.file == nil || !isNamed || !isPlaced { problems.append("\(error)") }
    }
}
