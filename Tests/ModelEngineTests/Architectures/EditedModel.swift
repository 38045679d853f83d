import Foundation
import ModelEngine
import TestSupport

/// A model file taken apart, so that a test can change keys and tensors and write it anew, with all tensors in F32.
struct EditedModel {
    var keys: [String: GGUFBuilder.Value] = [:]
    /// Lengths as in the file, and the elements.
    var tensors: [String: (dimensions: [Int], values: [Float])] = [:]
    private let order: [String]

    init(_ url: URL) throws {
        let file = try GGUFFile(contentsOf: url)
        for (key, value) in file.metadata.values { keys[key] = Self.value(value) }
        for tensor in file.tensors { tensors[tensor.name] = (tensor.dimensions, try file.dequantized(tensor.name)) }
        order = file.tensors.map(\.name)
    }

    private static func value(_ value: GGUFValue) -> GGUFBuilder.Value {
        switch value {
        case .unsigned(let number): .uint64(number)
        case .signed(let number): .int64(number)
        case .float(let number): .float32(Float(number))
        case .bool(let truth): .bool(truth)
        case .string(let text): .string(text)
        case .array(let values):
            .array(type: values.first.map { Self.value($0).type } ?? 8, values.map(Self.value))
        }
    }

    /// Writes the file into a folder.
    func write(in folder: ScratchFolder) throws -> URL {
        var builder = GGUFBuilder()
        builder.pairs = keys.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        for name in order + tensors.keys.filter({ !order.contains($0) }).sorted() {
            guard let tensor = tensors[name] else { continue }
            while builder.data.count % builder.alignment != 0 { builder.data.append(0) }
            builder.tensors.append((name, tensor.dimensions.map(UInt64.init), 0, UInt64(builder.data.count)))
            for number in tensor.values {
                withUnsafeBytes(of: number.bitPattern.littleEndian) { builder.data += $0 }
            }
        }
        let url = folder.path("edited.gguf")
        try Data(builder.bytes).write(to: url)
        return url
    }

    /// Writes and loads the model.
    func load(threads: Int = 1) throws -> LanguageModel {
        let folder = try ScratchFolder()
        return try LanguageModel(contentsOf: write(in: folder), threads: threads)
    }
}
