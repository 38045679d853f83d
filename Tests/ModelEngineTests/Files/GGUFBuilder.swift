import Foundation
import ModelEngine
import TestSupport

/// Puts GGUF files together for tests, valid ones and others.
struct GGUFBuilder {
    /// A metadata value as it is written.
    indirect enum Value {
        case uint32(UInt32)
        case int32(Int32)
        case float32(Float)
        case float64(Double)
        case uint64(UInt64)
        case int64(Int64)
        case bool(Bool)
        case uint8(UInt8)
        case int8(Int8)
        case uint16(UInt16)
        case int16(Int16)
        case string(String)
        case array(type: UInt32, [Value])
        /// An array that announces more elements than it has.
        case announced(type: UInt32, count: UInt64)
        /// A type number that does not exist.
        case unknown(UInt32)

        static func strings(_ values: [String]) -> Value { .array(type: 8, values.map(Value.string)) }
        static func ints(_ values: [Int]) -> Value { .array(type: 5, values.map { .int32(Int32($0)) }) }

        var type: UInt32 {
            switch self {
            case .uint8: 0
            case .int8: 1
            case .uint16: 2
            case .int16: 3
            case .uint32: 4
            case .int32: 5
            case .float32: 6
            case .bool: 7
            case .string: 8
            case .array, .announced: 9
            case .uint64: 10
            case .int64: 11
            case .float64: 12
            case .unknown(let type): type
            }
        }
    }

    var magic = "GGUF"
    var version: UInt32 = 3
    var pairs: [(key: String, value: Value)] = []
    var tensors: [(name: String, dimensions: [UInt64], type: UInt32, offset: UInt64)] = []
    var alignment = 32
    var data: [UInt8] = []

    var bytes: [UInt8] {
        var out = Array(magic.utf8)
        append(version, to: &out)
        append(UInt64(tensors.count), to: &out)
        append(UInt64(pairs.count), to: &out)
        for (key, value) in pairs {
            append(key, to: &out)
            append(value.type, to: &out)
            append(value, to: &out)
        }
        for tensor in tensors {
            append(tensor.name, to: &out)
            append(UInt32(tensor.dimensions.count), to: &out)
            for length in tensor.dimensions { append(length, to: &out) }
            append(tensor.type, to: &out)
            append(tensor.offset, to: &out)
        }
        while out.count % alignment != 0 { out.append(0) }
        return out + data
    }

    /// Writes the file into a folder and opens it.
    func open(in folder: ScratchFolder, _ name: String = "built.gguf") throws -> GGUFFile {
        let url = folder.path(name)
        try Data(bytes).write(to: url)
        return try GGUFFile(contentsOf: url)
    }

    private func append(_ value: some FixedWidthInteger, to out: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { out += $0 }
    }

    private func append(_ text: String, to out: inout [UInt8]) {
        append(UInt64(text.utf8.count), to: &out)
        out += text.utf8
    }

    private func append(_ value: Value, to out: inout [UInt8]) {
        switch value {
        case .uint8(let number): append(number, to: &out)
        case .int8(let number): append(number, to: &out)
        case .uint16(let number): append(number, to: &out)
        case .int16(let number): append(number, to: &out)
        case .uint32(let number): append(number, to: &out)
        case .int32(let number): append(number, to: &out)
        case .uint64(let number): append(number, to: &out)
        case .int64(let number): append(number, to: &out)
        case .float32(let number): append(number.bitPattern, to: &out)
        case .float64(let number): append(number.bitPattern, to: &out)
        case .bool(let truth): append(UInt8(truth ? 1 : 0), to: &out)
        case .string(let text): append(text, to: &out)
        case .array(let type, let values):
            append(type, to: &out)
            append(UInt64(values.count), to: &out)
            for value in values { append(value, to: &out) }
        case .announced(let type, let count):
            append(type, to: &out)
            append(count, to: &out)
        case .unknown: break
        }
    }
}

/// Runs something that must fail with a `ModelError` and returns the error.
func modelError(_ body: () throws -> Void) -> ModelError? {
    do {
        try body()
        return nil
    } catch {
        return error as? ModelError
    }
}
