/// Reads little-endian values one after another from a mapped file; every read is checked against the end.
struct ByteReader {
    let file: MappedFile
    /// Bytes from the file's start to the next value.
    private(set) var offset: Int
    /// Reads stop here.
    let end: Int
    /// The metadata key or the tensor that is being read, for errors.
    var key: String?
    var tensor: String?
    /// How many elements the arrays so far have, for a limit on all of them.
    var elements = 0

    init(_ file: MappedFile, from offset: Int = 0, to end: Int? = nil) {
        self.file = file
        self.offset = offset
        self.end = min(end ?? file.size, file.size)
    }

    /// How many bytes are left.
    var remaining: Int { end - offset }

    private func truncated(_ what: String) -> ModelError {
        ModelError(
            .truncatedFile, "the file ends inside \(what); get the whole file again", file: file.path, key: key,
            tensor: tensor, offset: offset)
    }

    /// The next integer, in little-endian order.
    ///
    /// - Parameters:
    ///   - type: The integer's width and sign.
    ///   - what: What is being read, for the error.
    /// - Returns: The integer.
    /// - Throws: `truncatedFile`.
    mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(
        _ type: Value.Type, _ what: @autoclosure () -> String
    ) throws(ModelError) -> Value {
        let width = MemoryLayout<Value>.size
        guard remaining >= width else { throw truncated(what()) }
        let raw = file.withBytes { bytes in unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self) }
        offset += width
        return Value(littleEndian: raw)
    }

    /// An unsigned 64-bit count that must fit what is left of the file, each item taking at least `bytesEach` bytes.
    mutating func count(bytesEach: Int, _ what: @autoclosure () -> String) throws(ModelError) -> Int {
        let start = offset
        let value = try read(UInt64.self, what())
        guard value <= UInt64(remaining / bytesEach) else {
            throw ModelError.damaged(
                .truncatedFile, "\(what()) is \(value), more than the \(remaining) bytes left in the file can hold",
                file: file.path, key: key, tensor: tensor, offset: start)
        }
        return Int(value)
    }

    /// The next `count` bytes.
    mutating func bytes(_ count: Int, _ what: @autoclosure () -> String) throws(ModelError) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw truncated(what()) }
        let range = offset..<offset + count
        offset += count
        return file.withBytes(in: range) { span in unsafe span.withUnsafeBytes { unsafe [UInt8]($0) } }
    }
}
