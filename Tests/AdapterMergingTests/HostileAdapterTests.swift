import AdapterMerging
import Foundation
import ModelEngine
import TestSupport
import Testing

/// Adapters that mean harm: links, pipes, names beyond all models, expressions without end.
@Suite(.timeLimit(.minutes(10))) struct HostileAdapterTests {
    private let scratch: ScratchFolder
    private let files = FileManager.default

    init() throws { scratch = try ScratchFolder() }

    private func adapter(_ name: String = "adapter", sites: [AdapterSite] = [.query(0)]) throws -> PEFTAdapterFolder {
        let folder = PEFTAdapterFolder(scratch.path(name))
        try folder.write(.random(seed: 1, rank: 2, sites: sites))
        return folder
    }

    private func refusal(_ folder: PEFTAdapterFolder) -> String {
        do {
            _ = try folder.read()
            return ""
        } catch { return "\(error)" }
    }

    @Test func `files behind links are read, as caches lay adapters out`() throws {
        let folder = try adapter()
        let store = scratch.path("blobs")
        try files.createDirectory(at: store, withIntermediateDirectories: true)
        for file in [folder.configurationFile, folder.tensorFile] {
            let blob = store.appending(path: file.lastPathComponent)
            try files.moveItem(at: file, to: blob)
            try files.createSymbolicLink(at: file, withDestinationURL: blob)
        }
        #expect(try folder.read().sites == [.query(0)])
    }

    @Test(
        arguments: ["adapter_config.json", "adapter_model.safetensors"],
        ["/dev/zero", "pipe", "folder", "nothing", "loop"])
    func `a link to what is no file is refused and not waited for`(_ file: String, _ target: String) throws {
        let folder = try adapter()
        let url = folder.url.appending(path: file)
        try files.removeItem(at: url)
        let places = ["pipe", "folder", "nothing"].contains(target) ? scratch.path(target).path : target
        switch target {
        case "pipe": #expect(mkfifo(places, 0o600) == 0)
        case "folder": try files.createDirectory(atPath: places, withIntermediateDirectories: true)
        default: break
        }
        try files.createSymbolicLink(atPath: url.path, withDestinationPath: target == "loop" ? url.path : places)
        #expect(!refusal(folder).isEmpty)
    }

    @Test func `a configuration larger than any is refused`() throws {
        let folder = try adapter()
        try Data(repeating: 0x20, count: 5 << 20).write(to: folder.configurationFile)
        #expect(refusal(folder).contains("at most 4194304 are read"))
        #expect(folder.baseModel == nil)
    }

    @Test func `replacing an adapter that is a link leaves alone what the link leads to`() throws {
        let real = try adapter("real")
        let before = try Data(contentsOf: real.tensorFile)
        let link = PEFTAdapterFolder(scratch.path("link"))
        try files.createSymbolicLink(at: link.url, withDestinationURL: real.url)
        try link.write(.random(seed: 2, rank: 3, sites: [.down(1)]), replacing: true)
        #expect(try link.read().sites == [.down(1)])
        #expect(try Data(contentsOf: real.tensorFile) == before)
    }

    @Test func `replacing an adapter that holds links leaves alone what they lead to`() throws {
        let folder = try adapter()
        let outside = scratch.path("outside")
        try files.createDirectory(at: outside, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: outside.appending(path: "mine.txt"))
        try files.createSymbolicLink(at: folder.url.appending(path: "more"), withDestinationURL: outside)
        try files.removeItem(at: folder.configurationFile)
        try files.createSymbolicLink(
            at: folder.configurationFile, withDestinationURL: outside.appending(path: "mine.txt"))
        try? folder.write(.random(seed: 2), replacing: true)
        #expect(try String(contentsOf: outside.appending(path: "mine.txt"), encoding: .utf8) == "mine")
    }

    @Test func `writing a LoRA file in the place of a link leaves alone what the link leads to`() throws {
        let heads = AttentionHeads(queries: 1, keyValues: 1)
        let real = GGUFAdapterFile(scratch.path("real.gguf"))
        try real.write(.random(seed: 1, sites: [.down(0)]), heads: heads)
        let before = try Data(contentsOf: real.url)
        let link = GGUFAdapterFile(scratch.path("link.gguf"))
        try files.createSymbolicLink(at: link.url, withDestinationURL: real.url)
        try link.write(.random(seed: 2, sites: [.down(1)]), heads: heads, replacing: true)
        #expect(try Data(contentsOf: real.url) == before)
        #expect(try link.read().adapter.sites == [.down(1)])
    }

    @Test(arguments: [4096, 1_000_000, Int.max])
    func `a layer beyond all models is refused`(_ layer: Int) throws {
        let folder = try adapter(sites: [.query(1)])
        let bytes = [UInt8](try Data(contentsOf: folder.tensorFile))
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        let header = String(decoding: bytes[8..<8 + length], as: UTF8.self).replacing(
            "layers.1.", with: "layers.\(layer).")
        var changed = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) }
        changed += Array(header.utf8) + bytes[(8 + length)...]
        try Data(changed).write(to: folder.tensorFile)
        #expect(refusal(folder).contains("layers.\(layer)."))
        #expect(try ProjectionLayout(architecture: "llama").site(ofWeight: "blk.\(layer).attn_q.weight") == nil)
    }

    @Test(arguments: [
        ("target_modules", #""(.+)+x""#), ("target_modules", #""(.|.)*x""#), ("exclude_modules", #""((.*)*)*x""#),
        ("alpha_pattern", #"{"(.+)+x":4}"#), ("rank_pattern", #"{"(.+)+x":2}"#), ("layers_pattern", #""(.+)+x""#),
    ])
    func `an expression that would match for ever is refused in time`(_ key: String, _ value: String) throws {
        let folder = try adapter()
        var members = [
            "peft_type": #""LORA""#, "r": "2", "lora_alpha": "4", "target_modules": #"["q_proj"]"#,
            "layers_to_transform": "[0]",
        ]
        members[key] = value
        let text = "{" + members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
        try Data(text.utf8).write(to: folder.configurationFile)
        let message = refusal(folder)
        #expect(message.contains(key) && message.contains("takes too long"), "\(message)")
    }

    @Test func `names without end are refused`() throws {
        let folder = try adapter()
        let names = (0...1 << 16).map { "\"q\($0)\"" }.joined(separator: ",")
        for (key, value) in [
            ("target_modules", "[\(names)]"), ("rank_pattern", "{\(names.replacing(",", with: ":2,")):2}"),
        ] {
            let text =
                "{\"peft_type\":\"LORA\",\"r\":2,\"lora_alpha\":4,\(key == "target_modules" ? "" : "\"target_modules\":[\"q_proj\"],")"
                + "\"\(key)\":\(value)}"
            try Data(text.utf8).write(to: folder.configurationFile)
            #expect(refusal(folder).contains("'\(key)': it holds 65537 names"), "\(refusal(folder))")
        }
    }

    @Test(arguments: [
        "\"(\"", "\"a)|(b\"", "\"\(String(repeating: "(", count: 10_000))\"",
        "\"\(String(repeating: "a", count: 20_000))\"",
    ])
    func `what is no expression, or too long for one, is refused`(_ value: String) throws {
        let folder = try adapter()
        try Data(#"{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":\#(value)}"#.utf8).write(
            to: folder.configurationFile)
        let message = refusal(folder)
        #expect(message.contains("target_modules") && message.utf8.count < 1_000, "\(message)")
    }

    @Test func `accents without end are refused`() throws {
        let folder = try adapter()
        for marks in [
            String(repeating: "\u{301}\u{316}", count: 1_000_000), String(repeating: #"\u0301\u0316"#, count: 300_000),
        ] {
            let text = #"{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":["q_proj"],"a\#(marks)":null}"#
            try Data(text.utf8).write(to: folder.configurationFile)
            #expect(refusal(folder).contains("not valid JSON"), "\(refusal(folder).prefix(300))")
        }
        let header = #"{"__metadata__":{"a\#(String(repeating: "\u{301}\u{316}", count: 1_000_000))":"x"}}"#
        let bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { [UInt8]($0) } + Array(header.utf8)
        let error = #expect(throws: ModelError.self) {
            try SafetensorsFile(MappedFile(bytes: bytes, path: "a.safetensors"))
        }
        #expect(error?.message.contains("256 accents") == true)
    }

    @Test func `a nest of brackets in a configuration is refused`() throws {
        let folder = try adapter()
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nest = String(repeating: open, count: 100_000) + "1" + String(repeating: close, count: 100_000)
            try Data(#"{"peft_type":"LORA","r":2,"lora_alpha":4,"target_modules":\#(nest)}"#.utf8).write(
                to: folder.configurationFile)
            #expect(!refusal(folder).isEmpty)
        }
    }
}
