import Foundation
import ModelEngine
import TestSupport
import Testing

/// Files that are cut, corrupt or contradict themselves: always an error, never a crash or a wrong answer.
struct GGUFDamageTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    /// One way to be wrong: a name, the change to a valid file, and the code of the error.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: ModelError.Code
        var change: @Sendable (inout GGUFBuilder) -> Void

        init(_ name: String, _ code: ModelError.Code, _ change: @escaping @Sendable (inout GGUFBuilder) -> Void) {
            testDescription = name
            self.code = code
            self.change = change
        }
    }

    private static func valid() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.pairs = [("general.architecture", .string("llama"))]
        builder.tensors = [("a", [4, 2], 0, 0), ("b", [32], 8, 32)]
        builder.data = Array(repeating: 0, count: 32 + 34)
        return builder
    }

    static let faults: [Fault] = [
        Fault("key twice", .badFormat) { $0.pairs.append($0.pairs[0]) },
        Fault("empty key", .badFormat) { $0.pairs.append(("", .bool(true))) },
        Fault("unknown value type", .badFormat) { $0.pairs.append(("x", .unknown(13))) },
        Fault("unknown array type", .badFormat) { $0.pairs.append(("x", .array(type: 99, [.uint8(1)]))) },
        Fault("array longer than the file", .truncatedFile) {
            $0.pairs.append(("x", .announced(type: 4, count: 1 << 60)))
        },
        Fault("array of all bits set", .truncatedFile) { $0.pairs.append(("x", .announced(type: 8, count: .max))) },
        Fault("arrays too deep", .badFormat) { builder in
            var value = GGUFBuilder.Value.ints([1])
            for _ in 0..<100 { value = .array(type: 9, [value]) }
            builder.pairs.append(("x", value))
        },
        Fault("alignment 0", .badValue) { $0.pairs.append(("general.alignment", .uint32(0))) },
        Fault("alignment 24", .badValue) { $0.pairs.append(("general.alignment", .uint32(24))) },
        Fault("alignment of the wrong type", .badValue) { $0.pairs.append(("general.alignment", .string("32"))) },
        Fault("huge alignment", .badValue) { $0.pairs.append(("general.alignment", .uint64(1 << 63))) },
        Fault("alignment past the end", .truncatedFile) { $0.pairs.append(("general.alignment", .uint32(1 << 20))) },
        Fault("tensor twice", .badFormat) { $0.tensors[1].name = "a" },
        Fault("tensor without a name", .badFormat) { $0.tensors[1].name = "" },
        Fault("five dimensions", .badShape) { $0.tensors[0].dimensions = [1, 1, 1, 1, 1] },
        Fault("dimension 0", .badShape) { $0.tensors[0].dimensions = [0, 2] },
        Fault("negative dimension", .badShape) { $0.tensors[0].dimensions = [.max, 2] },
        Fault("product overflows", .badShape) { $0.tensors[0].dimensions = [1 << 40, 1 << 40] },
        Fault("bytes overflow", .badShape) { $0.tensors[0].dimensions = [1 << 62] },
        Fault("half a block", .badShape) { $0.tensors[1].dimensions = [48] },
        Fault("unknown tensor type", .unsupportedType) { $0.tensors[1].type = 4 },
        Fault("offset not aligned", .badFormat) { $0.tensors[1].offset = 33 },
        Fault("offset past the end", .truncatedFile) { $0.tensors[1].offset = 64 },
        Fault("offset of all bits", .truncatedFile) { $0.tensors[1].offset = .max - 31 },
        Fault("tensors overlap", .badFormat) { $0.tensors[1].offset = 0 },
        Fault("larger than the file", .truncatedFile) { $0.tensors[1].dimensions = [1 << 40] },
    ]

    @Test(arguments: faults)
    func aContradictionIsAnError(_ fault: Fault) throws {
        _ = try Self.valid().open(in: folder)
        var builder = Self.valid()
        fault.change(&builder)
        let error = modelError { _ = try builder.open(in: folder) }
        #expect(error?.code == fault.code, "\(String(describing: error))")
        #expect(error?.file?.hasSuffix("built.gguf") == true)
    }

    @Test func aKeyThatIsNotUTF8IsAnError() throws {
        var bytes = Self.valid().bytes
        bytes[32] = 0xFF
        try Data(bytes).write(to: folder.path("bad.gguf"))
        #expect(modelError { _ = try GGUFFile(contentsOf: folder.path("bad.gguf")) }?.code == .badFormat)
    }

    @Test func aFileCutAnywhereIsAnError() throws {
        let whole = Self.valid().bytes
        let url = folder.path("cut.gguf")
        for length in 0..<whole.count {
            try Data(whole.prefix(length)).write(to: url)
            let error = modelError { _ = try GGUFFile(contentsOf: url) }
            let expected: ModelError.Code = (1...3).contains(length) ? .badFormat : .truncatedFile
            #expect(error?.code == expected, "cut at \(length)")
        }
    }

    @Test func theTinyModelCutAnywhereIsAnError() throws {
        let whole = try Fixtures.data("tiny/tiny-llama.gguf")
        let url = folder.path("cut.gguf")
        let headerCuts = stride(from: 4, to: 7072, by: 61)
        let dataCuts = stride(from: 7072, to: whole.count, by: 9973)
        for length in Array(headerCuts) + Array(dataCuts) + [whole.count - 1] {
            try whole.prefix(length).write(to: url)
            #expect(modelError { _ = try GGUFFile(contentsOf: url) }?.code == .truncatedFile, "cut at \(length)")
        }
    }

    /// Changes bytes of the header at random and uses whatever still opens.
    @Test(arguments: 0..<4)
    func corruptBytesNeverCrash(_ seed: Int) throws {
        let whole = try Fixtures.data("tiny/tiny-llama.gguf")
        let url = folder.path("corrupt.gguf")
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ limit: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(limit))
        }
        var (opened, refused) = (0, 0)
        for _ in 0..<60 {
            var bytes = whole
            for _ in 0...next(4) {
                // Metadata numbers, tensor entries at the end, and anything.
                let place = [next(900), 5900 + next(1172), next(7072)][next(3)]
                bytes[place] = [0, 0xFF, 0x80, UInt8(next(256))][next(4)]
            }
            try bytes.write(to: url)
            do throws(ModelError) {
                let file = try GGUFFile(contentsOf: url)
                opened += 1
                for tensor in file.tensors where tensor.type.isReadable {
                    let values = try file.dequantized(tensor.name)
                    #expect(values.count == tensor.count)
                }
                let tokenizer = try Tokenizer(gguf: file)
                _ = tokenizer.decode(tokenizer.encode("<|im_start|>The kettle, 12 times.\n"), skipSpecial: false)
                _ = try ChatTemplate(gguf: file).encode([ChatMessage(role: .user, content: "Hi")], with: tokenizer)
            } catch {
                #expect(!error.message.isEmpty)
                refused += 1
            }
        }
        #expect(opened > 0 && refused > 0)
    }
}
