import TextSafety

/// Everything of a GGUF file before its tensor data, checked.
///
/// ```
/// file     = "GGUF" version:u32 tensorCount:u64 pairCount:u64 pair* tensor* padding data
/// pair     = string type:u32 value            string = length:u64 byte*
/// tensor   = string rank:u32 length:u64{rank} type:u32 offset:u64     (offset from the start of the data)
/// ```
struct GGUFHeader {
    var version = 0
    var metadata: GGUFMetadata
    var tensors: [GGUFTensor] = []
    var indices: [String: Int] = [:]

    private static let magic: UInt32 = 0x4655_4747
    private static let maximumRank = 4
    private static let maximumType: UInt32 = 12
    private static let maximumDepth = 8
    private static let defaultAlignment = 32
    /// More elements in all arrays than any vocabulary has; a corrupt length must not ask for gigabytes.
    private static let maximumElements = 1 << 24
    /// The specification's limit for keys; names are no longer, so that every message stays readable.
    private static let maximumName = 65_535

    init(_ file: MappedFile) throws(ModelError) {
        metadata = GGUFMetadata(file: file.path)
        var reader = ByteReader(file)
        try readVersion(&reader)
        // A tensor entry takes at least 24 bytes, a key-value pair at least 13.
        let tensorCount = try reader.count(bytesEach: 24, "the number of tensors")
        let pairCount = try reader.count(bytesEach: 13, "the number of metadata keys")
        for index in 0..<pairCount { try readPair(index, &reader) }
        try readTensors(tensorCount, &reader)
    }

    private mutating func readVersion(_ reader: inout ByteReader) throws(ModelError) {
        let path = reader.file.path
        guard reader.remaining >= 4, try reader.read(UInt32.self, "the magic number") == Self.magic else {
            throw ModelError(
                .badFormat, "this is not a GGUF file: it does not begin with 'GGUF'; give one", file: path, offset: 0)
        }
        let number = try reader.read(UInt32.self, "the version")
        if (2...3).contains(number.byteSwapped) {
            throw ModelError(
                .unsupportedVersion, "the version is that of a big-endian file; convert it to little-endian",
                file: path,
                offset: 4)
        }
        guard (2...3).contains(number) else {
            throw ModelError(
                .unsupportedVersion,
                "the file has GGUF version \(number); versions 2 and 3 are read, so convert it again", file: path,
                offset: 4)
        }
        version = Int(number)
    }

    private mutating func readPair(_ index: Int, _ reader: inout ByteReader) throws(ModelError) {
        let start = reader.offset
        let key = try Self.name(&reader, "the name of metadata key \(index)")
        reader.key = key
        defer { reader.key = nil }
        let type = try reader.read(UInt32.self, "the value's type")
        metadata.offsets[key] = reader.offset
        let value = try Self.value(of: type, key: key, depth: 0, &reader)
        guard metadata.values.updateValue(value, forKey: key) == nil else {
            throw ModelError.damaged(
                .badFormat, "the key appears twice", file: reader.file.path, key: key, offset: start)
        }
    }

    /// A key or a tensor's name, which must be UTF-8 and not empty.
    private static func name(_ reader: inout ByteReader, _ what: @autoclosure () -> String) throws(ModelError) -> String
    {
        let start = reader.offset
        let count = try reader.count(bytesEach: 1, "the length of \(what())")
        guard (1...maximumName).contains(count) else {
            throw ModelError.damaged(
                .badFormat, "\(what()) has \(count) bytes; 1 to \(maximumName) are allowed", file: reader.file.path,
                offset: start)
        }
        let bytes = try reader.bytes(count, what())
        guard let name = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 32 || $0 == 127 })
        else {
            throw ModelError.damaged(
                .badFormat, "\(what()) is not UTF-8 or has control characters", file: reader.file.path, offset: start)
        }
        guard !name.hasEndlessMarks else {
            throw ModelError.damaged(
                .badFormat, "\(what()) has more than 256 accents on one character", file: reader.file.path,
                offset: start)
        }
        return name
    }

    private static func value(
        of type: UInt32, key: String, depth: Int, _ reader: inout ByteReader
    ) throws(ModelError) -> GGUFValue {
        func what() -> String { "the value" }
        switch type {
        case 0: return .unsigned(UInt64(try reader.read(UInt8.self, what())))
        case 1: return .signed(Int64(try reader.read(Int8.self, what())))
        case 2: return .unsigned(UInt64(try reader.read(UInt16.self, what())))
        case 3: return .signed(Int64(try reader.read(Int16.self, what())))
        case 4: return .unsigned(UInt64(try reader.read(UInt32.self, what())))
        case 5: return .signed(Int64(try reader.read(Int32.self, what())))
        case 6: return .float(Double(Float(bitPattern: try reader.read(UInt32.self, what()))))
        case 7: return .bool(try reader.read(UInt8.self, what()) != 0)
        case 8:
            let count = try reader.count(bytesEach: 1, "the length of \(what())")
            return .string(String(decoding: try reader.bytes(count, what()), as: UTF8.self))
        case 9: return try array(key: key, depth: depth + 1, &reader)
        case 10: return .unsigned(try reader.read(UInt64.self, what()))
        case 11: return .signed(try reader.read(Int64.self, what()))
        case 12: return .float(Double(bitPattern: try reader.read(UInt64.self, what())))
        default:
            throw ModelError.damaged(
                .badFormat, "the value's type \(type) is not one of GGUF's (0 to \(maximumType))",
                file: reader.file.path, key: key, offset: reader.offset - 4)
        }
    }

    private static func array(key: String, depth: Int, _ reader: inout ByteReader) throws(ModelError) -> GGUFValue {
        guard depth <= maximumDepth else {
            throw ModelError.damaged(
                .badFormat, "arrays are nested more than \(maximumDepth) deep", file: reader.file.path, key: key,
                offset: reader.offset)
        }
        let start = reader.offset
        let type = try reader.read(UInt32.self, "the type of the array's elements")
        guard type <= maximumType else {
            throw ModelError.damaged(
                .badFormat, "the elements' type \(type) is not one of GGUF's (0 to \(maximumType))",
                file: reader.file.path, key: key, offset: start)
        }
        let bytesEach =
            switch type {
            case 2, 3: 2
            case 4, 5, 6: 4
            case 8, 10, 11, 12: 8
            case 9: 12
            default: 1
            }
        let count = try reader.count(bytesEach: bytesEach, "the length of the array")
        reader.elements += count
        guard reader.elements <= maximumElements else {
            throw ModelError.damaged(
                .badFormat, "arrays of \(reader.elements) values are longer than the \(maximumElements) that are read",
                file: reader.file.path, key: key, offset: start + 4)
        }
        var values: [GGUFValue] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try value(of: type, key: key, depth: depth, &reader)) }
        return .array(values)
    }

    private mutating func readTensors(_ count: Int, _ reader: inout ByteReader) throws(ModelError) {
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        for index in 0..<count {
            let start = reader.offset
            let entry = try Entry(index, &reader)
            guard indices.updateValue(index, forKey: entry.name) == nil else {
                throw ModelError.damaged(
                    .badFormat, "the tensor appears twice", file: reader.file.path, tensor: entry.name, offset: start)
            }
            entries.append(entry)
        }
        let alignment = try metadata.int("general.alignment", default: Self.defaultAlignment)
        guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 1 << 30 else {
            throw ModelError.damaged(
                .badValue, "the alignment \(alignment) is not a power of two", file: reader.file.path,
                key: "general.alignment", offset: metadata.offsets["general.alignment"])
        }
        let start = (reader.offset + alignment - 1) / alignment * alignment
        for entry in entries {
            tensors.append(try entry.placed(after: start, alignment: alignment, in: reader.file))
        }
        try checkOverlaps(reader.file)
    }

    private func checkOverlaps(_ file: MappedFile) throws(ModelError) {
        let ordered = tensors.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for (first, second) in zip(ordered, ordered.dropFirst()) where second.range.lowerBound < first.range.upperBound
        {
            throw ModelError.damaged(
                .badFormat, "the tensor's bytes overlap those of '\(first.name)'", file: file.path, tensor: second.name,
                offset: second.range.lowerBound)
        }
    }

    /// A tensor as the header describes it, before its place in the file is known.
    private struct Entry {
        let name: String
        let dimensions: [Int]
        let type: GGUFType
        let offset: UInt64
        /// Where in the file `offset` itself lies.
        let place: Int
        let byteCount: Int

        init(_ index: Int, _ reader: inout ByteReader) throws(ModelError) {
            let path = reader.file.path
            let name = try GGUFHeader.name(&reader, "the name of tensor \(index)")
            reader.tensor = name
            defer { reader.tensor = nil }
            let place = reader.offset
            let rank = try reader.read(UInt32.self, "the number of dimensions")
            guard rank <= maximumRank else {
                throw ModelError.damaged(
                    .badShape, "the tensor has \(rank) dimensions; at most \(maximumRank) are allowed", file: path,
                    tensor: name, offset: place)
            }
            var dimensions: [Int] = []
            var count = 1
            for _ in 0..<rank {
                let place = reader.offset
                let length = try reader.read(UInt64.self, "the shape")
                let (product, overflow) = count.multipliedReportingOverflow(by: Int(truncatingIfNeeded: length))
                guard length > 0, length <= UInt64(Int.max), !overflow else {
                    throw ModelError.damaged(
                        .badShape, "the length \(length) of a dimension is impossible", file: path, tensor: name,
                        offset: place)
                }
                dimensions.append(Int(length))
                count = product
            }
            let number = try reader.read(UInt32.self, "the type")
            guard let type = GGUFType(rawValue: number) else {
                throw ModelError(
                    .unsupportedType,
                    "the tensor's type number \(number) is unknown to this version; take a file of another quantisation",
                    file: path,
                    tensor: name, offset: reader.offset - 4)
            }
            guard (dimensions.first ?? 1).isMultiple(of: type.blockSize) else {
                throw ModelError.damaged(
                    .badShape,
                    "rows of \(dimensions.first ?? 1) elements do not divide into \(type) blocks of \(type.blockSize)",
                    file: path, tensor: name, offset: place)
            }
            let (byteCount, overflow) = (count / type.blockSize).multipliedReportingOverflow(by: type.bytesPerBlock)
            guard !overflow else {
                throw ModelError.damaged(
                    .badShape, "the tensor's size overflows", file: path, tensor: name, offset: place)
            }
            self.name = name
            self.dimensions = dimensions
            self.type = type
            self.byteCount = byteCount
            self.place = reader.offset
            offset = try reader.read(UInt64.self, "the offset")
        }

        func placed(after start: Int, alignment: Int, in file: MappedFile) throws(ModelError) -> GGUFTensor {
            guard offset.isMultiple(of: UInt64(alignment)) else {
                throw ModelError.damaged(
                    .badFormat, "the tensor's offset \(offset) is not a multiple of the alignment \(alignment)",
                    file: file.path, tensor: name, offset: place)
            }
            let room = file.size - start
            guard room >= byteCount, offset <= UInt64(room - byteCount) else {
                throw ModelError(
                    .truncatedFile,
                    "the tensor's \(byteCount) bytes reach past the file's end at \(file.size); get the whole file again",
                    file: file.path, tensor: name, offset: place)
            }
            let first = start + Int(offset)
            return GGUFTensor(name: name, type: type, dimensions: dimensions, range: first..<first + byteCount)
        }
    }
}
