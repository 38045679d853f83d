/// The header of a safetensors file, checked against the size of the file.
struct SafetensorsHeader {
    let metadata: [String: String]
    private let entries: [SafetensorsHeaderParser.Entry]
    private let file: String

    /// Parses a header that lies `start` bytes from the beginning of its file.
    init(_ json: [UInt8], at start: Int, file: String) throws(ModelError) {
        let parser = try SafetensorsHeaderParser(json, at: start, file: file)
        metadata = parser.metadata
        entries = parser.entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.file = file
    }

    /// The tensors, placed in a file whose data begins at `start`.
    func tensors(from start: Int, fileSize: Int) throws(ModelError) -> [SafetensorsTensor] {
        var tensors: [SafetensorsTensor] = []
        tensors.reserveCapacity(entries.count)
        for entry in entries { tensors.append(try tensor(entry, from: start, fileSize: fileSize)) }
        try checkCoverage(tensors, start..<fileSize)
        return tensors
    }

    private func tensor(
        _ entry: SafetensorsHeaderParser.Entry, from start: Int, fileSize: Int
    ) throws(ModelError) -> SafetensorsTensor {
        func damaged(_ code: ModelError.Code, _ what: String) -> ModelError {
            .damaged(code, what, file: file, tensor: entry.name, offset: entry.place)
        }
        guard let type = SafetensorsType(rawValue: entry.dtype) else {
            let names = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
            throw ModelError(
                .unsupportedType,
                "the tensor has the unknown type '\(entry.dtype.prefix(20))'; save it as one of \(names)", file: file,
                tensor: entry.name, offset: entry.place)
        }
        var size = type.bytesPerElement
        for length in entry.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else { throw damaged(.badShape, "the shape \(entry.shape) is impossible") }
            size = product
        }
        let offsets = entry.dataOffsets
        guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
            throw damaged(.badFormat, "the offsets \(offsets) are not a beginning and an end")
        }
        let (first, last) = (offsets[0], offsets[1])
        guard last - first == size else {
            throw damaged(
                .badShape,
                "shape \(entry.shape) of \(type.rawValue) needs \(size) bytes, but the tensor has \(last - first)")
        }
        guard last <= fileSize - start else {
            throw damaged(
                .truncatedFile, "the tensor ends \(last - (fileSize - start)) bytes past the end of the file")
        }
        return SafetensorsTensor(name: entry.name, type: type, shape: entry.shape, range: start + first..<start + last)
    }

    private func checkCoverage(_ tensors: [SafetensorsTensor], _ data: Range<Int>) throws(ModelError) {
        var end = data.lowerBound
        let ordered = tensors.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        for tensor in ordered {
            guard tensor.range.lowerBound == end else {
                let what =
                    tensor.range.lowerBound < end ? "the tensor overlaps another" : "there is a gap before the tensor"
                throw ModelError.damaged(
                    .badFormat, what, file: file, tensor: tensor.name, offset: tensor.range.lowerBound)
            }
            end = tensor.range.upperBound
        }
        guard end == data.upperBound else {
            throw ModelError.damaged(
                .badFormat, "\(data.upperBound - end) bytes at the end belong to no tensor of the header", file: file,
                offset: end)
        }
    }
}
