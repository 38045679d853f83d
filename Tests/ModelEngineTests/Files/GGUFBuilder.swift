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

    /// The file.
    var bytes: [UInt8] { written.bytes }

    /// The file, and where each number of its header lies.
    var written: Writer {
        var writer = Writer()
        writer.bytes += magic.utf8
        writer.append(version)
        writer.append(UInt64(tensors.count))
        writer.append(UInt64(pairs.count))
        for (key, value) in pairs {
            writer.append(key)
            writer.append(value.type)
            writer.append(value)
        }
        for tensor in tensors {
            writer.append(tensor.name)
            writer.append(UInt32(tensor.dimensions.count))
            for length in tensor.dimensions { writer.append(length) }
            writer.append(tensor.type)
            writer.append(tensor.offset)
        }
        while writer.bytes.count % alignment != 0 { writer.bytes.append(0) }
        writer.bytes += data
        return writer
    }

    /// Writes the file into a folder and opens it.
    func open(in folder: ScratchFolder, _ name: String = "built.gguf") throws -> GGUFFile {
        let url = folder.path(name)
        try Data(bytes).write(to: url)
        return try GGUFFile(contentsOf: url)
    }

    /// Bytes, and the places of the numbers among them: counts, lengths, types, offsets, values.
    struct Writer {
        var bytes: [UInt8] = []
        var numbers: [Range<Int>] = []

        mutating func append(_ value: some FixedWidthInteger) {
            let start = bytes.count
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
            numbers.append(start..<bytes.count)
        }

        mutating func append(_ text: String) {
            append(UInt64(text.utf8.count))
            bytes += text.utf8
        }

        mutating func append(_ value: Value) {
            switch value {
            case .uint8(let number): append(number)
            case .int8(let number): append(number)
            case .uint16(let number): append(number)
            case .int16(let number): append(number)
            case .uint32(let number): append(number)
            case .int32(let number): append(number)
            case .uint64(let number): append(number)
            case .int64(let number): append(number)
            case .float32(let number): append(number.bitPattern)
            case .float64(let number): append(number.bitPattern)
            case .bool(let truth): append(UInt8(truth ? 1 : 0))
            case .string(let text): append(text)
            case .array(let type, let values):
                append(type)
                append(UInt64(values.count))
                for value in values { append(value) }
            case .announced(let type, let count):
                append(type)
                append(count)
            case .unknown: break
            }
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
