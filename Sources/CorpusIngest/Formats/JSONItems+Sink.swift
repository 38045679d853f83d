extension JSONItems {
    /// How many bytes of elements a thread takes at a time.
    static let blockSize = 1 << 18

    /// Reads a whole file into a sink: elements are made into documents by several threads at once, in order.
    ///
    /// Elements that are not JSON, not UTF-8 or of another type than the reader asks for are rejected with their place.
    ///
    /// - Throws: as `init` and `next`.
    static func read(
        _ file: SourceFile, into sink: RecordSink,
        _ record: @Sendable (_ key: String?, JSONValue, inout FieldReader) -> [CorpusDocument]
    ) throws {
        var items = try JSONItems(file)
        var isEmpty = true
        var isOpen = true
        while isOpen {
            var blocks: [[Item]] = []
            while isOpen, blocks.count < ParallelBlocks.width {
                var block: [Item] = []
                var size = 0
                while size < blockSize {
                    guard let item = try items.next() else {
                        isOpen = false
                        break
                    }
                    size += item.bytes.count
                    block.append(item)
                }
                if !block.isEmpty { blocks.append(block) }
            }
            let (path, isStrict) = (sink.file, sink.isStrict)
            isEmpty = isEmpty && blocks.isEmpty
            try sink.add(blocks) { block, batch in
                for item in block {
                    var fields = FieldReader(file: path, line: item.line, number: item.number, isStrict: isStrict)
                    let documents =
                        fields.json(item.bytes[...], column: item.column).map { record(item.key, $0, &fields) } ?? []
                    batch.add(
                        documents, fields, raw: item.key ?? String(decoding: item.bytes.prefix(60), as: UTF8.self))
                }
            }
        }
        if isEmpty { sink.note(CorpusProblem(.empty, .warning, file: sink.file, message: "the file holds no record")) }
    }
}
