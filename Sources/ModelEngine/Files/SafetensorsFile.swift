import Foundation

/// One tensor of a safetensors file.
public struct SafetensorsTensor: Sendable, Equatable {
    /// The name, such as `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`.
    public let name: String
    /// How the elements are stored.
    public let type: SafetensorsType
    /// Lengths of the dimensions, rows first; empty for a single number.
    public let shape: [Int]
    /// The bytes in the file.
    public let range: Range<Int>

    /// How many elements there are.
    public var count: Int { range.count / type.bytesPerElement }
}

/// A safetensors file, read from a memory map.
///
/// Lengths, offsets, types and shapes are checked against the file; tensors must fill the data without gap or overlap,
/// as the format demands. A cut or corrupt file gives a `ModelError`.
///
/// ```swift
/// let file = try SafetensorsFile(contentsOf: URL(filePath: "adapter_model.safetensors"))
/// for tensor in file.tensors { print(tensor.name, tensor.shape, try file.floats(tensor.name)[0]) }
/// ```
///
/// Source: the format's description in the safetensors project: length of the header (u64, little-endian), header (a
/// JSON object: name → dtype, shape, data_offsets from the start of the data), data.
public struct SafetensorsFile: Sendable {
    /// The mapped bytes.
    public let file: MappedFile
    /// The text pairs under `__metadata__`.
    public let metadata: [String: String]
    /// The tensors, by name in ascending order of bytes.
    public let tensors: [SafetensorsTensor]
    private let indices: [String: Int]

    /// The format's limit for the header.
    static let maximumHeader = 100_000_000

    /// Maps a file and reads its header.
    ///
    /// - Throws: `unreadableFile`, `truncatedFile`, `badFormat`, `badShape` or `unsupportedType`.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(MappedFile(contentsOf: url))
    }

    /// Reads the header of a mapped file.
    ///
    /// - Throws: `truncatedFile`, `badFormat`, `badShape` or `unsupportedType`.
    public init(_ file: MappedFile) throws(ModelError) {
        var reader = ByteReader(file)
        let announced = try reader.read(UInt64.self, "the length of the header")
        guard announced <= UInt64(Self.maximumHeader) else {
            throw ModelError(
                .badFormat, "this is not a safetensors file: it begins with a header of \(announced) bytes; give one",
                file: file.path, offset: 0)
        }
        let start = reader.offset
        let header = try SafetensorsHeader(reader.bytes(Int(announced), "the header"), at: start, file: file.path)
        self.file = file
        metadata = header.metadata
        tensors = try header.tensors(from: reader.offset, fileSize: file.size)
        indices = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    /// The tensor of a name, or nil.
    public func tensor(named name: String) -> SafetensorsTensor? { indices[name].map { tensors[$0] } }

    /// The tensor of a name.
    ///
    /// - Throws: `missingTensor`.
    public func tensor(_ name: String) throws(ModelError) -> SafetensorsTensor {
        guard let tensor = tensor(named: name) else {
            throw ModelError(
                .missingTensor, "the file has no such tensor; save it again", file: file.path, tensor: name)
        }
        return tensor
    }

    /// The elements of a tensor of type F32, F16 or BF16, rows after one another.
    ///
    /// - Throws: `missingTensor`, `unsupportedType`.
    public func floats(_ name: String) throws(ModelError) -> [Float] {
        let tensor = try tensor(name)
        guard let type = tensor.type.decoded else { throw unreadable(tensor, "F32, F16 and BF16 are read as numbers") }
        return unsafe [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
            file.withBytes(in: tensor.range) { bytes in
                unsafe bytes.withUnsafeBytes { unsafe Dequantization.decode(type, $0, into: buffer) }
            }
            count = tensor.count
        }
    }

    /// The elements of a tensor of type U8 or BOOL.
    ///
    /// - Throws: `missingTensor`, `unsupportedType`.
    public func bytes(_ name: String) throws(ModelError) -> [UInt8] {
        let tensor = try tensor(name)
        guard tensor.type == .u8 || tensor.type == .bool else {
            throw unreadable(tensor, "U8 and BOOL are read as bytes")
        }
        return file.withBytes(in: tensor.range) { bytes in unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) } }
    }

    private func unreadable(_ tensor: SafetensorsTensor, _ hint: String) -> ModelError {
        ModelError(
            .unsupportedType, "the tensor has type \(tensor.type.rawValue); \(hint)", file: file.path,
            tensor: tensor.name)
    }
}
