import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Damaged adapters by the thousand: read or refused, never a crash or a hang. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct ReaderFuzzTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// What is wrong with how an adapter was read, or with the error instead; what can be read can be merged and written.
    private func faults(naming file: String, _ read: () throws -> LoRAAdapter) -> (faults: [String], isRead: Bool) {
        do {
            let adapter = try read()
            try PEFTAdapterFolder(scratch.path("again")).write(
                LinearMerge.merge([adapter, adapter], weights: [0.5, 0.5]), replacing: true)
            return ([], true)
        } catch let error as MergeError {
            return (TestSupport.faults(ofMessage: "\(error)"), false)
        } catch let error as ModelError {
            return (TestSupport.faults(ofMessage: "\(error)", naming: file), false)
        } catch {
            return (["\(type(of: error)): \(error)"], false)
        }
    }

    @Test func `damaged configurations of PEFT are read or refused`() throws {
        let fuzz = Fuzz("adapter_config.json", usual: 600)
        let folder = PEFTAdapterFolder(scratch.path("adapter"))
        try folder.write(.random(seed: 1, rank: 4, sites: [.query(0), .down(0)]))
        let whole = """
            {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "down_proj"], "use_rslora": false,
            "rank_pattern": {"q_proj": 4}, "alpha_pattern": {".*down_proj": 16}, "exclude_modules": null,
            "layers_to_transform": [0], "layers_pattern": "layers", "bias": "none", "lora_bias": false,
            "base_model_name_or_path": "tiny", "modules_to_save": null, "task_type": "CAUSAL_LM"}
            """
        var isRead = 0
        let problems = fuzz.problems { mutator in
            let expressions = ["\"(q|k)_proj\"", "\"[\"", "\"(?:\"", "\".*\"", "\"(?P<n>.*)\"", "\"\\\\d{1,9999}\""]
            let fragments =
                [
                    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "null", "true", "\"r\": ",
                    "\"use_dora\": true,",
                    mutator.number(), mutator.nest("[", "]"), mutator.nest("{\"a\":", "}", around: "1"),
                ] + expressions
            try Data(mutator.damaged(whole, fragments: fragments, marks: "{}[],:\"")).write(
                to: folder.configurationFile)
            _ = folder.baseModel
            let outcome = faults(naming: "adapter") { try folder.read() }
            if outcome.isRead { isRead += 1 }
            return outcome.faults
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(isRead > 0 && isRead < fuzz.count) }
    }

    @Test func `damaged LoRA files of llama.cpp are read or refused`() throws {
        let fuzz = Fuzz("GGUF LoRA", usual: 600)
        let file = GGUFAdapterFile(scratch.path("adapter.gguf"))
        try file.write(
            .random(
                seed: 1, rank: 2, sites: Projection.allCases.map { AdapterSite(layer: 0, projection: $0) }, outputs: 12),
            heads: AttentionHeads(queries: 2, keyValues: 1))
        let whole = [UInt8](try Data(contentsOf: file.url))
        let numbers = Mutator.numbers(in: whole)
        let fragments = [
            "blk.0.attn_q.weight.lora_a", "blk.4095.attn_q.weight.lora_b",
            "blk.9223372036854775807.attn_q.weight.lora_a",
            "adapter.lora.alpha", "general.architecture", "llama", "qwen2", "lora", "token_embd.weight.lora_a",
        ]
        var isRead = 0
        let problems = fuzz.problems { mutator in
            var bytes = whole
            for _ in 0...mutator.below(2) {
                if mutator.below(5) == 0 {
                    mutator.splice(&bytes, fragments)
                } else {
                    mutator.mutate(&bytes, numbers: numbers)
                }
            }
            try Data(bytes).write(to: file.url)
            let outcome = faults(naming: "adapter.gguf") { try file.read().adapter }
            if outcome.isRead { isRead += 1 }
            return outcome.faults
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(isRead > 0 && isRead < fuzz.count) }
    }

    @Test func `damaged tensor files in PEFT folders are read or refused`() throws {
        let fuzz = Fuzz("PEFT tensors", usual: 800)
        let folder = PEFTAdapterFolder(scratch.path("adapter"))
        try folder.write(.random(seed: 1, rank: 2, sites: [.query(0), .down(1)]))
        let whole = [UInt8](try Data(contentsOf: folder.tensorFile))
        let fragments = [
            "model.layers.1.", "model.layers.4096.", "model.layers.9223372036854775807.", "lora_A", "lora_B", "\"F16\"",
            "[2,6]",
            "[0,48]", "{", "}", ",", "\"shape\":", "9999999999",
        ]
        let problems = fuzz.problems { mutator in
            var bytes = whole
            for _ in 0...mutator.below(2) {
                if mutator.below(2) == 0 {
                    mutator.splice(&bytes, fragments, atAnyOf: "{}[],.\"")
                } else {
                    mutator.mutate(&bytes, numbers: [0..<8])
                }
            }
            // Most changes move the end of the header, which stands in front.
            if bytes.count > 8, mutator.below(4) > 0 {
                let growth = bytes.count - whole.count
                let length = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } + growth
                for index in 0..<8 { bytes[index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
            }
            try Data(bytes).write(to: folder.tensorFile)
            return faults(naming: "adapter_model.safetensors") { try folder.read() }.faults
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
    }
}
