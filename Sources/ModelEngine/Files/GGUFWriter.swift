import Foundation

/// Writes GGUF files of 32-bit floats, version 3, little-endian, each tensor at a multiple of 32 bytes.
///
/// The same values in the same order give the same bytes.
///
/// Source: the GGUF specification in ggml's documentation.
public enum GGUFWriter {
    /// A metadata value with the width that it is written in; readers such as llama.cpp's insist on it.
    public enum Value: Sendable, Equatable {
        case string(String)
        case unsigned32(UInt32)
        case float32(Float)
    }

    /// A tensor to write.
    public struct Tensor: Sendable {
        /// The name; unique in the file.
        public var name: String
        /// `[rows, columns]`; the file holds them the other way round.
        public var shape: [Int]
        /// The elements, rows after one another.
        public var values: [Float]

        /// - Precondition: `values` has as many elements as the shape says.
        public init(name: String, shape: [Int], values: [Float]) {
            precondition(shape.reduce(1, *) == values.count, "\(name) does not have the shape \(shape)")
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    private static let alignment = 32

    /// Writes a file beside its place, makes it durable, and renames it, so that a file of this name is always whole.
    ///
    /// - Parameters:
    ///   - metadata: keys with their values, in the order of the file.
    ///   - tensors: the tensors in the order of the file.
    ///   - url: The file; one that is there is replaced.
    /// - Throws: `badFormat` for a key or name that is empty or used twice; `unwritableFile`.
    public static func write(
        metadata: [(key: String, value: Value)], tensors: [Tensor], to url: URL
    ) throws(ModelError) {
        let path = url.path(percentEncoded: false)
        var keys: Set<String> = []
        for (key, _) in metadata where key.isEmpty || !keys.insert(key).inserted {
            throw ModelError(.badFormat, "a key is empty or given twice", file: path, key: key)
        }
        var names: Set<String> = []
        for tensor in tensors where tensor.name.isEmpty || !names.insert(tensor.name).inserted {
            throw ModelError(.badFormat, "a tensor's name is empty or given twice", file: path, tensor: tensor.name)
        }
        let file = try AtomicFile(at: url)
        try file.append(header(metadata, tensors))
        for tensor in tensors {
            var bytes = tensor.values.littleEndianBytes
            pad(&bytes)
            try file.append(bytes)
        }
        try file.finish()
    }

    private static func header(_ metadata: [(key: String, value: Value)], _ tensors: [Tensor]) -> [UInt8] {
        var bytes = Array("GGUF".utf8)
        append(UInt32(3), to: &bytes)
        append(UInt64(tensors.count), to: &bytes)
        append(UInt64(metadata.count), to: &bytes)
        for (key, value) in metadata {
            append(key, to: &bytes)
            switch value {
            case .unsigned32(let number):
                append(UInt32(4), to: &bytes)
                append(number, to: &bytes)
            case .float32(let number):
                append(UInt32(6), to: &bytes)
                append(number.bitPattern, to: &bytes)
            case .string(let text):
                append(UInt32(8), to: &bytes)
                append(text, to: &bytes)
            }
        }
        var offset = 0
        for tensor in tensors {
            append(tensor.name, to: &bytes)
            append(UInt32(tensor.shape.count), to: &bytes)
            for length in tensor.shape.reversed() { append(UInt64(length), to: &bytes) }
            append(GGUFType.f32.rawValue, to: &bytes)
            append(UInt64(offset), to: &bytes)
            offset += (tensor.values.count * 4 + alignment - 1) / alignment * alignment
        }
        pad(&bytes)
        return bytes
    }

    private static func pad(_ bytes: inout [UInt8]) {
        while bytes.count % alignment != 0 { bytes.append(0) }
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }
}

extension [Float] {
    /// The floats as bytes, the least significant first.
    var littleEndianBytes: [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count * 4) { buffer, initialized in
            for (index, value) in enumerated() {
                unsafe UnsafeMutableRawBufferPointer(buffer)
                    .storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
            }
            initialized = count * 4
        }
    }
}
