extension FileProbe {
    /// The name of the XML document's first element; nil for a file that is no XML.
    var xmlRoot: String? {
        let body = head[...].withoutByteOrderMark
        let isWide = head.starts(with: [0xFE, 0xFF]) || head.starts(with: [0xFF, 0xFE])
        guard isWide || body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else { return nil }
        var rest = head
        let reader = try? XMLReader(path: file.path) { () throws(CorpusError) in
            defer { rest = [] }
            return rest
        }
        guard let reader else { return nil }
        while let event = try? reader.next() {
            if case .start(let name) = event { return name }
        }
        return nil
    }
}
