import Foundation
import ModelEngine
import TestSupport
import Testing

struct SafetensorsTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func write(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) throws -> URL {
        let url = folder.path("built.safetensors")
        var bytes: [UInt8] = []
        withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { bytes += $0 }
        try Data(bytes + Array(header.utf8) + data).write(to: url)
        return url
    }

    @Test func anAdapterOfPEFTIsRead() throws {
        let file = try SafetensorsFile(contentsOf: Fixtures.url("tiny/lora/adapter_model.safetensors"))
        #expect(file.tensors.count == 2 * 7 * 2)
        let name = "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"
        #expect(try file.tensor(name).shape == [4, 96])
        #expect(try file.tensor(name).type == .f32)
        #expect(try file.floats(name).count == 384)
        #expect(try file.floats(name).contains { $0 != 0 })
        #expect(file.tensors.map(\.name) == file.tensors.map(\.name).sorted())
    }

    @Test func masksAreBytes() throws {
        let file = try SafetensorsFile(contentsOf: Fixtures.url("peft-merges/dare-linear.safetensors"))
        let masks = file.tensors.filter { $0.type == .u8 }
        #expect(!masks.isEmpty)
        for mask in masks {
            let bytes = try file.bytes(mask.name)
            #expect(bytes.count == mask.shape.reduce(1, *))
            #expect(Set(bytes) == [0, 1])
            #expect(modelError { _ = try file.floats(mask.name) }?.code == .unsupportedType)
        }
        let other = try #require(file.tensors.first { $0.type == .f32 })
        #expect(modelError { _ = try file.bytes(other.name) }?.code == .unsupportedType)
        #expect(modelError { _ = try file.bytes("none") }?.code == .missingTensor)
    }

    @Test func halvesAreWidened() throws {
        let url = try write(
            #"{"h":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"#
                + #""b":{"dtype":"BF16","shape":[1,2],"data_offsets":[4,8]}}"#,
            [0x00, 0x3C, 0x01, 0x80, 0x80, 0x3F, 0x00, 0xC0])
        let file = try SafetensorsFile(contentsOf: url)
        #expect(try file.floats("h") == [1, -0x1p-24])
        #expect(try file.floats("b") == [1, -2])
        #expect(try file.tensor("b").shape == [1, 2])
        #expect(file.metadata.isEmpty)
    }

    @Test func emptyTensorsAndSingleNumbersAreAllowed() throws {
        let url = try write(
            #"{"none":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]},"#
                + #""one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#,
            [0, 0, 0x80, 0x3F])
        let file = try SafetensorsFile(contentsOf: url)
        #expect(try file.floats("none").isEmpty)
        #expect(try file.floats("one") == [1])
        #expect(try SafetensorsFile(contentsOf: write("{}")).tensors.isEmpty)
    }

    static let faults: [(String, Int, ModelError.Code)] = [
        (#""#, 0, .badFormat),
        (#"[]"#, 0, .badFormat),
        (#"{"a":"#, 0, .badFormat),
        (#"{"a":1}"#, 0, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, .badFormat),
        (#"{"__metadata__":{"x":1}}"#, 0, .badFormat),
        (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, .unsupportedType),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, .badShape),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, .badShape),
        (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}}"#, 4, .badShape),
        (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 4, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 4, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, .truncatedFile),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, .badFormat),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, .badFormat),
        (
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
                + #""b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
            6, .badFormat
        ),
        (
            #"{"a":{"dtype":"U8","shape":[9223372036854775807],"data_offsets":[0,9223372036854775807]}}"#, 6,
            .truncatedFile
        ),
    ]

    @Test(arguments: faults)
    func aContradictionIsAnError(_ header: String, _ bytes: Int, _ code: ModelError.Code) throws {
        let url = try write(header, Array(repeating: 0, count: bytes))
        let error = modelError { _ = try SafetensorsFile(contentsOf: url) }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.file == url.path)
    }

    @Test(arguments: [3, 1 << 40, .max] as [UInt64])
    func aWrongHeaderLengthIsAnError(_ length: UInt64) throws {
        let url = try write("{}", length: length)
        #expect(modelError { _ = try SafetensorsFile(contentsOf: url) } != nil)
    }

    @Test func aFileCutAnywhereIsAnError() throws {
        let whole = folder.path("whole.safetensors")
        try SafetensorsWriter.write([("a", [2, 3], [1, 2, 3, 4, 5, 6]), ("b", [1], [7])], to: whole)
        let bytes = try Data(contentsOf: whole)
        let cut = folder.path("cut.safetensors")
        for length in 0..<bytes.count {
            try bytes.prefix(length).write(to: cut)
            #expect(modelError { _ = try SafetensorsFile(contentsOf: cut) }?.code == .truncatedFile, "cut at \(length)")
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let url = folder.path("out.safetensors")
        let values: [Float] = [1, -0.0, .pi, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity]
        try SafetensorsWriter.write(
            [("z", [2, 3], values), ("a\"\\\n\u{1}é😀", [0], []), ("m", [], [5])],
            metadata: ["format": "pt", "note": "tab\there"], to: url)
        let file = try SafetensorsFile(contentsOf: url)
        #expect(file.tensors.map(\.name) == ["a\"\\\n\u{1}é😀", "m", "z"])
        #expect(try file.floats("z").map(\.bitPattern) == values.map(\.bitPattern))
        #expect(try file.tensor("z").shape == [2, 3])
        #expect(try file.floats("m") == [5])
        #expect(file.metadata == ["format": "pt", "note": "tab\there"])
        #expect((try file.tensor("z").range.lowerBound - 4) % 8 == 0)
    }

    @Test func theOrderOfTheTensorsDoesNotChangeTheBytes() throws {
        try SafetensorsWriter.write([("a", [1], [1]), ("b", [2], [2, 3])], to: folder.path("1"))
        try SafetensorsWriter.write([("b", [2], [2, 3]), ("a", [1], [1])], to: folder.path("2"))
        let expected = """
            {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
            "b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}
            """
        let bytes = try Data(contentsOf: folder.path("1"))
        #expect(try bytes == Data(contentsOf: folder.path("2")))
        #expect(
            String(decoding: bytes[8..<bytes.count - 12], as: UTF8.self).trimmingCharacters(in: .whitespaces)
                == expected)
        #expect(bytes[0] % 8 == 0)
    }

    @Test func writingReplacesAndLeavesNothingBeside() throws {
        let url = folder.path("out.safetensors")
        try Data("old".utf8).write(to: url)
        try SafetensorsWriter.write([("a", [1], [1])], to: url)
        #expect(try SafetensorsFile(contentsOf: url).floats("a") == [1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["out.safetensors"])
    }

    @Test func writingThatFailsIsAnErrorAndLeavesTheOldFile() throws {
        #expect(
            modelError { try SafetensorsWriter.write([], to: folder.path("no/such/folder.safetensors")) }?.code
                == .unwritableFile)
        // A folder cannot be replaced by a file.
        try FileManager.default.createDirectory(at: folder.path("taken/inside"), withIntermediateDirectories: true)
        #expect(modelError { try SafetensorsWriter.write([], to: folder.path("taken")) }?.code == .unwritableFile)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["taken"])
    }

    @Test(arguments: [["a", "a"], [""], ["__metadata__"]])
    func impossibleNamesAreRefused(_ names: [String]) {
        let error = modelError {
            try SafetensorsWriter.write(names.map { ($0, [1], [1]) }, to: folder.path("x"))
        }
        #expect(error?.code == .badFormat)
    }
}
