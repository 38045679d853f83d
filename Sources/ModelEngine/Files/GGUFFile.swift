import Foundation

/// One tensor of a GGUF file: where its bytes are and how to read them.
public struct GGUFTensor: Sendable, Equatable {
    /// The name, such as `blk.0.attn_q.weight`.
    public let name: String
    /// How the elements are stored.
    public let type: GGUFType
    /// Lengths as in the file: the first is the length of a row.
    public let dimensions: [Int]
    /// The bytes in the file.
    public let range: Range<Int>

    /// Elements of one row (the first dimension; 1 for a scalar).
    public var columns: Int { dimensions.first ?? 1 }
    /// How many rows: the product of the other dimensions.
    public var rows: Int { dimensions.dropFirst().reduce(1, *) }
    /// `[rows, columns]`; a vector is one row.
    public var shape: [Int] { [rows, columns] }
    /// How many elements there are.
    public var count: Int { rows * columns }
    /// Bytes of one row.
    public var bytesPerRow: Int { columns / type.blockSize * type.bytesPerBlock }
}

/// A GGUF model file: its metadata, and its tensors read from a memory map.
///
/// Versions 2 and 3, little-endian. Every length, count and offset is checked against the file before use, so a cut or
/// corrupt file gives a `ModelError`.
///
/// ```swift
/// let file = try GGUFFile(contentsOf: URL(filePath: "model.gguf"))
/// let width = try file.metadata.int("llama.embedding_length")
/// let embeddings = try file.dequantized("token_embd.weight")  // [rows × columns], row after row
/// ```
///
/// Source: the GGUF specification in ggml's documentation.
public struct GGUFFile: Sendable {
    /// The mapped bytes.
    public let file: MappedFile
    /// The format's version, 2 or 3.
    public let version: Int
    /// The metadata.
    public let metadata: GGUFMetadata
    /// The tensors in the file's order.
    public let tensors: [GGUFTensor]
    private let indices: [String: Int]

    /// Maps a file and reads its header.
    ///
    /// - Throws: `ModelError` when the file cannot be read, is cut, or breaks the format.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(MappedFile(contentsOf: url))
    }

    /// Reads the header of a mapped file.
    ///
    /// - Throws: `ModelError` when the file is cut or breaks the format.
    public init(_ file: MappedFile) throws(ModelError) {
        let header = try GGUFHeader(file)
        self.file = file
        version = header.version
        metadata = header.metadata
        tensors = header.tensors
        indices = header.indices
    }

    /// The tensor of a name, or nil.
    public func tensor(named name: String) -> GGUFTensor? { indices[name].map { tensors[$0] } }

    /// The tensor of a name.
    ///
    /// - Throws: `missingTensor`.
    public func tensor(_ name: String) throws(ModelError) -> GGUFTensor {
        guard let tensor = tensor(named: name) else {
            throw ModelError(
                .missingTensor, "the file has no such tensor; is it a whole model?", file: file.path, tensor: name)
        }
        return tensor
    }

    /// All elements of a tensor as floats, `[rows, columns]`, rows after one another.
    ///
    /// - Throws: `missingTensor`, `unsupportedType`.
    public func dequantized(_ name: String) throws(ModelError) -> [Float] {
        let tensor = try tensor(name)
        try requireReadable(tensor)
        return unsafe [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
            unsafe decode(tensor, rows: 0..<tensor.rows, into: buffer)
            count = tensor.count
        }
    }

    /// Some rows of a tensor as floats, written to the start of `buffer`, rows after one another.
    ///
    /// - Precondition: `tensor` comes from this file, `rows` lie inside it, and `buffer` has room for them.
    /// - Throws: `unsupportedType`.
    public func dequantize(
        _ tensor: GGUFTensor, rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Float>
    ) throws(ModelError) {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= tensor.rows, "rows \(rows) outside \(tensor.name)")
        precondition(
            buffer.count >= rows.count * tensor.columns, "buffer too small for \(rows.count) rows of \(tensor.name)")
        try requireReadable(tensor)
        unsafe decode(tensor, rows: rows, into: buffer)
    }

    private func requireReadable(_ tensor: GGUFTensor) throws(ModelError) {
        guard tensor.type.isReadable else {
            let names = GGUFType.readable.map(\.description).joined(separator: ", ")
            throw ModelError(
                .unsupportedType,
                "the tensor has type \(tensor.type), which this version does not read; use a file with \(names) only",
                file: file.path, tensor: tensor.name)
        }
    }

    private func decode(_ tensor: GGUFTensor, rows: Range<Int>, into buffer: UnsafeMutableBufferPointer<Float>) {
        let start = tensor.range.lowerBound + rows.lowerBound * tensor.bytesPerRow
        file.withBytes(in: start..<start + rows.count * tensor.bytesPerRow) { bytes in
            unsafe bytes.withUnsafeBytes { source in
                unsafe Dequantization.decode(tensor.type, source, into: buffer)
            }
        }
    }
}
