import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// What the options of `adapter_config.json` do, and which ones are refused.
struct PEFTConfigurationTests {
    private let scratch: ScratchFolder
    private let adapter = LoRAAdapter.random(seed: 1, rank: 4, scaling: 2, sites: [.query(0), .down(0)])

    init() throws { scratch = try ScratchFolder() }

    /// The adapter's folder with some members of the configuration replaced by JSON, or removed.
    private func folder(_ changes: [String: String?]) throws -> PEFTAdapterFolder {
        let folder = PEFTAdapterFolder(scratch.path("adapter"))
        try folder.write(adapter, replacing: true)
        var members: [String: String] = [
            "peft_type": "\"LORA\"", "r": "4", "lora_alpha": "8", "target_modules": #"["q_proj","down_proj"]"#,
        ]
        for (key, value) in changes { members[key] = value }
        let text =
            "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        try Data(text.utf8).write(to: folder.configurationFile)
        return folder
    }

    private func scaling(_ changes: [String: String?], at site: AdapterSite = .query(0)) throws -> Float? {
        try folder(changes).read().factors[site]?.scaling
    }

    @Test func `the scaling is alpha over rank, or over its root when rank-stabilised`() throws {
        #expect(try scaling([:]) == 2)
        #expect(try scaling(["lora_alpha": "0.5"]) == 0.125)
        #expect(try scaling(["use_rslora": "true"]) == 4)
        #expect(try scaling(["use_rslora": "null"]) == 2)
    }

    @Test(arguments: [
        "q_proj", "self_attn.q_proj", "model.layers.0.self_attn.q_proj", "^model.layers.0.self_attn.q_proj",
        "layers.[0-3].self_attn.*", ".*q_proj", "(q|k)_proj", "self_attn.q.proj",
    ])
    func `a pattern matches the end of a module's path as a regular expression`(_ key: String) throws {
        let changes = ["alpha_pattern": "{\"\(key)\":16}"]
        #expect(try scaling(changes) == 4)
        #expect(try scaling(changes, at: .down(0)) == 2)
    }

    @Test(arguments: ["proj", "q", "attn.q_proj", "layers.1.self_attn.q_proj", "q_proj.x", "q_", "(k|v)_proj"])
    func `a pattern that is only a part of a name does not match`(_ key: String) throws {
        #expect(try scaling(["alpha_pattern": "{\"\(key)\":16}"]) == 2)
    }

    @Test func `the rank pattern is honoured`() throws {
        let read = try folder(["r": "8", "rank_pattern": #"{"q_proj":4,"mlp.down_proj":4}"#]).read()
        #expect(read.factors[.query(0)]?.scaling == 2)
        #expect(read.factors[.query(0)]?.a == adapter.factors[.query(0)]?.a)
    }

    @Test(arguments: [
        #""all-linear""#, #""model\\.layers\\.\\d+\\.(self_attn\\.q_proj|mlp\\.down_proj)""#,
        #"["self_attn.q_proj","model.layers.0.mlp.down_proj","lm_head"]"#,
    ])
    func `target modules may be names, paths or an expression`(_ value: String) throws {
        #expect(try folder(["target_modules": value]).read() == adapter)
    }

    @Test func `options that change nothing are passed over`() throws {
        #expect(
            try folder([
                "lora_dropout": "0.1", "bias": "\"none\"", "init_lora_weights": "\"gaussian\"",
                "modules_to_save": "null",
                "loftq_config": "{}", "peft_version": "\"0.21.2\"", "something_new": "false",
                "layers_to_transform": "[0]",
                "exclude_modules": "[]", "fan_in_fan_out": "true", "velora_config": "{\"rank\":1}",
                "ensure_weight_tying": "true", "lora_bias": "false",
            ]).read() == adapter)
    }

    @Test(
        arguments: [
            ("bias", "\"all\""), ("bias", "\"lora_only\""), ("use_dora", "true"),
            ("modules_to_save", "[\"lm_head\"]"), ("peft_type", "\"LOHA\""),
            ("init_lora_weights", "\"pissa\""), ("init_lora_weights", "\"olora\""), ("init_lora_weights", "{}"),
            ("layer_replication", "[[0,4]]"), ("something_new", "3"), ("trainable_token_indices", "[1]"),
            ("alora_invocation_tokens", "[5]"), ("target_parameters", "[\"x\"]"),
            ("use_qalora", "true"), ("kasa_config", "{\"a\":1}"), ("arrow_config", "{\"a\":1}"),
            ("megatron_config", "{\"a\":1}"), ("use_bdlora", "{\"a\":1}"), ("monteclora_config", "{\"a\":1}"),
        ])
    func `an option that is not supported is refused by name`(_ key: String, _ value: String) throws {
        try expect(.unsupportedOption, key, of: folder([key: value]))
    }

    @Test(arguments: [
        ("exclude_modules", #"["k_proj"]"#), ("exclude_modules", #"["proj","layers.1.mlp.down_proj"]"#),
        ("exclude_modules", #""q_proj""#), ("exclude_modules", #"".*\\.(k|v)_proj""#),
        ("exclude_modules", #"".*\\.(?P<which_one>k|v)_proj""#),
    ])
    func `exclusions of other modules change nothing`(_ key: String, _ value: String) throws {
        #expect(try folder([key: value]).read() == adapter)
    }

    @Test(arguments: [
        #""layers""#, #"["h","layers"]"#, #""model.layers""#, "[]", "\"\"", "null", #""lay.rs""#,
    ])
    func `layers are told by the pattern`(_ pattern: String) throws {
        #expect(try folder(["layers_to_transform": "[0]", "layers_pattern": pattern]).read() == adapter)
        let error = try expect(
            .badAdapter, nil, of: folder(["layers_to_transform": "[1]", "layers_pattern": pattern]))
        #expect(error?.key?.contains("q_proj.lora_A") == true)
    }

    @Test(arguments: ["peft_type", "r", "lora_alpha", "target_modules"])
    func `a missing key is named`(_ key: String) throws {
        try expect(.missingKey, key, of: folder([key: nil]))
    }

    @Test(
        arguments: [
            ("r", "0", "r"), ("r", "4.5", "r"), ("r", "\"4\"", "r"), ("r", "100000000", "r"), ("r", "null", "r"),
            ("lora_alpha", "true", "lora_alpha"), ("lora_alpha", "1e300", "lora_alpha"),
            ("use_rslora", "1", "use_rslora"),
            ("target_modules", "[1]", "target_modules"), ("target_modules", "{}", "target_modules"),
            ("target_modules", "\"(\"", "target_modules"), ("rank_pattern", "{\"q_proj\":0}", "rank_pattern.q_proj"),
            ("rank_pattern", "{\"q_proj\":\"4\"}", "rank_pattern.q_proj"), ("rank_pattern", "[4]", "rank_pattern"),
            ("alpha_pattern", "{\"(\":4}", "alpha_pattern"), ("layers_to_transform", "\"all\"", "layers_to_transform"),
        ])
    func `a value of the wrong type or range is named`(_ key: String, _ value: String, _ named: String) throws {
        try expect(.badFormat, named, of: folder([key: value]))
    }

    @Test func `patterns that contradict each other are refused`() throws {
        try expect(.badAdapter, "alpha_pattern", of: folder(["alpha_pattern": #"{"q_proj":4,"self_attn.q_proj":8}"#]))
        #expect(try scaling(["alpha_pattern": #"{"q_proj":4,"self_attn.q_proj":4}"#]) == 1)
    }

    @Test(
        arguments: [
            ("target_modules", #"["q_proj"]"#, "mlp.down_proj.lora_A"), ("r", "8", "self_attn.q_proj.lora_A"),
            ("rank_pattern", #"{"down_proj":2}"#, "mlp.down_proj.lora_A"),
            ("layers_to_transform", "1", "self_attn.q_proj.lora_A"),
            ("exclude_modules", #"["q_proj"]"#, "self_attn.q_proj.lora_A"),
            ("exclude_modules", #"".*\\.down_proj""#, "mlp.down_proj.lora_A"),
            ("exclude_modules", #""model.*""#, "self_attn.q_proj.lora_A"),
            ("lora_bias", "true", "self_attn.q_proj.lora_B.bias"), ("target_modules", "\"q_proj\"", "q_proj.lora_A"),
        ])
    func `tensors that do not fit the configuration are named`(_ key: String, _ value: String, _ tensor: String) throws
    {
        let error = try expect(.badAdapter, nil, of: folder([key: value]))
        #expect(error?.key?.contains(tensor) == true)
        #expect(error?.file?.hasSuffix("adapter_model.safetensors") == true)
    }

    @Test(arguments: ["", "{", "[]", "\"x\"", "{\"r\":}", "\u{FEFF}{", "{\"r\":4", "\r\n"])
    func `a configuration that is no JSON object is refused`(_ text: String) throws {
        let folder = try folder([:])
        try Data(text.utf8).write(to: folder.configurationFile)
        try expect(.badFormat, nil, of: folder)
    }

    @Test func `CRLF and non-ASCII text in the configuration do no harm`() throws {
        let folder = try folder(["base_model_name_or_path": "\"模型🧵\""])
        let text = try String(contentsOf: folder.configurationFile, encoding: .utf8)
        try Data(text.replacing(",", with: ",\r\n").utf8).write(to: folder.configurationFile)
        #expect(try folder.read() == adapter)
    }

    @Test func `a folder without its files says which one is missing`() throws {
        try expect(.unreadableFile, nil, of: PEFTAdapterFolder(scratch.path("nowhere")))
        let folder = try folder([:])
        try FileManager.default.removeItem(at: folder.tensorFile)
        let error = #expect(throws: ModelError.self) { try folder.read() }
        #expect(error?.description.contains("adapter_model.safetensors") == true)
    }

    @Test func `a cut tensor file is refused`() throws {
        let folder = try folder([:])
        let whole = try Data(contentsOf: folder.tensorFile)
        for length in [1, 7, 9, whole.count - 1] {
            try whole.prefix(length).write(to: folder.tensorFile)
            #expect(throws: ModelError.self) { try folder.read() }
        }
    }

    @Test(
        arguments: [
            ("layers.0.mlp.down_proj.lora_A.weight", "layers.0.mlp.down_proj.lora_A.wait__", "wait__"),
            ("layers.0.mlp.down_proj.lora_A", "layers.0.emb.down_proj.lora_A", "emb.down_proj"),
            ("layers.0.mlp.down_proj.lora_A", "layers.+.mlp.down_proj.lora_A", "layers.+"),
            ("down_proj.lora_A.weight", "lora_magnitude_vector__", "lora_magnitude_vector"),
        ])
    func `tensors that are no factors are named`(_ name: String, _ replacement: String, _ named: String) throws {
        let folder = try renamed(name, replacement)
        let error = try expect(.unsupportedOption, nil, of: folder)
        #expect(error?.key?.contains(named) == true)
    }

    @Test func `a factor without its partner is named`() throws {
        let folder = try renamed("layers.0.mlp.down_proj.lora_A", "layers.5.mlp.down_proj.lora_A")
        let error = try expect(.badAdapter, nil, of: folder)
        #expect(error?.key == "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight")
    }

    @Test func `a factor that holds NaN is named`() throws {
        let folder = try folder([:])
        var bytes = try Data(contentsOf: folder.tensorFile)
        bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
        try bytes.write(to: folder.tensorFile)
        let error = try expect(.notFinite, nil, of: folder)
        #expect(error?.key?.hasSuffix(".weight") == true)
    }

    /// The folder with a tensor renamed to a name of the same length.
    private func renamed(_ name: String, _ replacement: String) throws -> PEFTAdapterFolder {
        let folder = try folder([:])
        var bytes = try Data(contentsOf: folder.tensorFile)
        #expect(name.utf8.count == replacement.utf8.count)
        let range = try #require(bytes.firstRange(of: Data(name.utf8)))
        bytes.replaceSubrange(range, with: Data(replacement.utf8))
        try bytes.write(to: folder.tensorFile)
        return folder
    }

    @discardableResult
    private func expect(_ code: MergeError.Code, _ key: String?, of folder: PEFTAdapterFolder) throws -> MergeError? {
        let error = #expect(throws: MergeError.self) { try folder.read() }
        #expect(error?.code == code, "\(error?.description ?? "")")
        if let key { #expect(error?.key == key) }
        #expect(error?.file?.hasPrefix(scratch.url.path(percentEncoded: false)) == true)
        return error
    }
}
