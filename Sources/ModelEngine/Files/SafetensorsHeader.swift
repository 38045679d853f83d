import Foundation

/// The header of a safetensors file: JSON, decoded and checked.
struct SafetensorsHeader {
    let metadata: [String: String]
    private let entries: [(name: String, entry: Entry)]
    private let file: String

    /// What the header says of one tensor.
    private struct Entry: Decodable {
        var dtype: String
        var shape: [Int]
        var data_offsets: [Int]
    }

    /// A value of the header's object: a tensor, or under one name the metadata.
    private struct Content: Decodable {
        var metadata: [String: String] = [:]
        var entries: [String: Entry] = [:]

        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for key in container.allKeys {
                if key.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: key)
                } else {
                    entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
                }
            }
        }
    }

    init(_ json: [UInt8], file: String) throws(ModelError) {
        let content: Content
        do {
            content = try JSONDecoder().decode(Content.self, from: Data(json))
        } catch {
            throw ModelError(
                .badFormat, "the header is not what safetensors prescribes: \(Self.reason(error))", file: file)
        }
        metadata = content.metadata
        entries = content.entries.map { (name: $0.key, entry: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.file = file
    }

    private static func reason(_ error: any Error) -> String {
        let context =
            switch error as? DecodingError {
            case .dataCorrupted(let context): context
            case .keyNotFound(let key, let context):
                DecodingError.Context(
                    codingPath: context.codingPath, debugDescription: "'\(key.stringValue)' is missing")
            case .typeMismatch(_, let context), .valueNotFound(_, let context): context
            default: DecodingError.Context(codingPath: [], debugDescription: "it cannot be read")
            }
        let path = context.codingPath.map(\.stringValue).joined(separator: " › ")
        return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    }

    /// The tensors, placed in a file whose data begins at `start`.
    func tensors(from start: Int, fileSize: Int) throws(ModelError) -> [SafetensorsTensor] {
        var tensors: [SafetensorsTensor] = []
        tensors.reserveCapacity(entries.count)
        for (name, entry) in entries {
            tensors.append(try tensor(name, entry, from: start, fileSize: fileSize))
        }
        try checkCoverage(tensors, start..<fileSize)
        return tensors
    }

    private func tensor(
        _ name: String, _ entry: Entry, from start: Int, fileSize: Int
    ) throws(ModelError) -> SafetensorsTensor {
        guard let type = SafetensorsType(rawValue: entry.dtype) else {
            let names = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
            throw ModelError(
                .unsupportedType, "the tensor has the unknown type '\(entry.dtype)'; known are \(names)", file: file,
                tensor: name)
        }
        var size = type.bytesPerElement
        for length in entry.shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            guard length >= 0, !overflow else {
                throw ModelError(.badShape, "the shape \(entry.shape) is impossible", file: file, tensor: name)
            }
            size = product
        }
        guard entry.data_offsets.count == 2, entry.data_offsets[0] >= 0, entry.data_offsets[0] <= entry.data_offsets[1]
        else {
            throw ModelError(
                .badFormat, "the offsets \(entry.data_offsets) are not a beginning and an end", file: file, tensor: name
            )
        }
        let (first, last) = (entry.data_offsets[0], entry.data_offsets[1])
        guard last - first == size else {
            throw ModelError(
                .badShape,
                "shape \(entry.shape) of \(type.rawValue) needs \(size) bytes, but the tensor has \(last - first)",
                file: file, tensor: name)
        }
        guard last <= fileSize - start else {
            throw ModelError(
                .truncatedFile,
                "the tensor ends \(last - (fileSize - start)) bytes past the end of the file; get the whole file again",
                file: file, tensor: name)
        }
        return SafetensorsTensor(name: name, type: type, shape: entry.shape, range: start + first..<start + last)
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
                throw ModelError(.badFormat, what, file: file, tensor: tensor.name, offset: tensor.range.lowerBound)
            }
            end = tensor.range.upperBound
        }
        guard end == data.upperBound else {
            throw ModelError(
                .badFormat, "\(data.upperBound - end) bytes at the end belong to no tensor", file: file, offset: end)
        }
    }
}
