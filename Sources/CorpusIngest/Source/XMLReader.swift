import BenchmarkStore
import CLibXML2
import TextSafety

/// Reads an XML file piece by piece through libxml2, in a fixed amount of memory, and never looks beyond the file.
///
/// Nothing is fetched: no network, no external entity, no document type, no inclusion. A reference to an entity that the
/// file declares itself is an error rather than its expansion, so that no small file becomes a large one; `&amp;` and its
/// like and character references are text. libxml2's own limits hold: 256 elements one in another, 10 MB a text or value;
/// and where it has none, there are some here: for a tag, for what stands before the first element, for what one record may
/// take of the file, and for the attributes that a document type adds to elements.
package final class XMLReader {
    /// What comes next in the file; comments and processing instructions are passed over.
    package enum Event: Hashable, Sendable {
        /// An element begins; its name without prefix.
        case start(String)
        /// An element ends.
        case end(String)
        /// A text, or a part of one.
        case text(String)
    }

    /// A tag may be so long: with every attribute libxml2 compares all the others.
    package static let longestTag = 1 << 15
    /// All that stands before the first element may be so long.
    package static let longestHead = 1 << 17
    /// What makes one record may take so many bytes of the file.
    package static let longestRecord = 1 << 24
    /// A document type may give elements so many attributes that they do not have themselves.
    private static let mostDefaults = 16
    /// A tag may declare so many namespaces.
    private static let mostNamespaces = 16

    private let reader: xmlTextReaderPtr
    private let input: XMLInput
    private let path: String
    /// The end of an element without content, which libxml2 does not report.
    private var pendingEnd: String?

    // libxml2 sets up its tables once, before threads use it.
    private static let isReady: Void = xmlInitParser()

    /// A reader of a file's bytes.
    package convenience init(_ file: SourceFile) throws(CorpusError) {
        let stream = try file.open()
        try self.init(path: file.path) { () throws(CorpusError) in try stream.read() }
    }

    /// A reader of whatever `next` gives, until that is empty.
    package init(path: String, _ next: @escaping () throws(CorpusError) -> [UInt8]) throws(CorpusError) {
        _ = Self.isReady
        self.path = path
        input = XMLInput(path: path, next)
        let context = Unmanaged.passUnretained(input).toOpaque()
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_BIG_LINES.rawValue
        let reader = xmlReaderForIO(
            { context, buffer, length in
                guard let context, let buffer else { return -1 }
                return Unmanaged<XMLInput>.fromOpaque(context).takeUnretainedValue().fill(buffer, length)
            }, nil, context, nil, nil, Int32(options))
        guard let reader else { throw CorpusError(.unreadable, "no memory is left to read it", file: path) }
        self.reader = reader
        xmlTextReaderSetStructuredErrorHandler(
            reader,
            { context, error in
                guard let context, let error else { return }
                Unmanaged<XMLInput>.fromOpaque(context).takeUnretainedValue().note(error.pointee)
            }, context)
    }

    deinit { xmlFreeTextReader(reader) }

    /// How many bytes were taken from the file so far.
    package var bytesTaken: Int { input.taken }

    /// The line of the element or text that came last.
    package var line: Int {
        let line = xmlTextReaderCurrentNode(reader).map { xmlGetLineNo($0) } ?? 0
        // A node keeps 16 bits of its line where no text near it knows better; the parser stands a little after it.
        return (1..<65535).contains(line) || line > 65535 ? line : Int(xmlTextReaderGetParserLineNumber(reader))
    }

    /// The next event; nil at the end of the document.
    ///
    /// - Throws: `CorpusError.unreadable` with line and column where the file is not well-formed, cut short or refers to
    ///   an entity.
    package func next() throws(CorpusError) -> Event? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name)
        }
        while true {
            let result = xmlTextReaderRead(reader)
            guard result == 1 else {
                if let failure = input.failure { throw failure }
                // Faults that do not end reading, such as an undeclared prefix, do no harm to texts.
                if result == 0, input.fault?.isFatal != true { return nil }
                let fault = input.fault ?? XMLInput.Fault(message: "cannot be read", line: line, column: 1)
                throw error(fault.message, line: fault.line, column: fault.column)
            }
            switch xmlReaderTypes(rawValue: UInt32(xmlTextReaderNodeType(reader))) {
            case XML_READER_TYPE_DOCUMENT_TYPE: try checkDefaults()
            case XML_READER_TYPE_ELEMENT:
                try begin()
                try checkNamespaces()
                let name = try text(xmlTextReaderConstLocalName(reader))
                if xmlTextReaderIsEmptyElement(reader) == 1 { pendingEnd = name }
                return .start(name)
            case XML_READER_TYPE_END_ELEMENT: return .end(try text(xmlTextReaderConstLocalName(reader)))
            case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_WHITESPACE,
                XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
                return .text(try text(xmlTextReaderConstValue(reader)))
            case XML_READER_TYPE_ENTITY_REFERENCE: throw entityError(try text(xmlTextReaderConstName(reader)))
            default: continue
            }
        }
    }

    /// The text up to the end of the element that began last, its inner elements' included.
    package func innerText() throws(CorpusError) -> String {
        var inner = ""
        var depth = 1
        let start = bytesTaken
        while depth > 0, let event = try next() {
            try check(since: start)
            switch event {
            case .start: depth += 1
            case .end: depth -= 1
            case .text(let text): inner += text
            }
        }
        return inner
    }

    /// Refuses to go on where what began at a place of the file takes more of it than any record does.
    ///
    /// - Parameter start: `bytesTaken` as it began.
    /// - Throws: `CorpusError.unreadable`.
    package func check(since start: Int) throws(CorpusError) {
        guard bytesTaken - start > Self.longestRecord + ByteStream.pieceSize else { return }
        throw error(
            "a record that ends here is longer than \(Self.longestRecord >> 20) MiB: no corpus needs that", line: line,
            column: nil)
    }

    /// Notes that an element begins; before the first nothing but its bytes is limited.
    private func begin() throws(CorpusError) {
        guard !input.hasBegun else { return }
        input.hasBegun = true
        let encoding = xmlTextReaderConstEncoding(reader).map { String(cString: $0) }
        guard !input.meter.canFollow(encoding) else { return }
        throw error(
            "is written in \(encoding ?? "another encoding than it says"): convert it to UTF-8", line: 1, column: nil)
    }

    /// Looks through the namespaces that the element at hand declares: libxml2 searches them all for every prefix within.
    private func checkNamespaces() throws(CorpusError) {
        var next = xmlTextReaderCurrentNode(reader)?.pointee.nsDef
        var count = 0
        while let declaration = next?.pointee, count <= Self.mostNamespaces {
            count += 1
            next = declaration.next
        }
        guard count > Self.mostNamespaces else { return }
        throw error(
            "a tag declares more than \(Self.mostNamespaces) namespaces: no corpus needs that", line: line, column: nil)
    }

    /// Looks through the document type that the reader is at.
    private func checkDefaults() throws(CorpusError) {
        var next = xmlTextReaderCurrentNode(reader)?.pointee.children
        var count = 0
        while let node = next {
            next = node.pointee.next
            guard node.pointee.type == XML_ATTRIBUTE_DECL else { continue }
            let declaration = UnsafeRawPointer(node).assumingMemoryBound(to: xmlAttribute.self)
            if declaration.pointee.defaultValue != nil { count += 1 }
        }
        guard count > Self.mostDefaults else { return }
        throw error(
            "its document type adds \(count) attributes to elements, more than any needs: take that out", line: line,
            column: nil)
    }

    /// The value of an attribute of the element that just began, by its name with prefix; nil where it has none.
    package func attribute(_ name: String) throws(CorpusError) -> String? {
        // libxml2's own access to values would put entities in their places, without any limit.
        var next = xmlTextReaderCurrentNode(reader)?.pointee.properties
        while let attribute = next?.pointee {
            next = attribute.next
            let prefix = try text(attribute.ns?.pointee.prefix)
            guard try (prefix.isEmpty ? "" : prefix + ":") + text(attribute.name) == name else { continue }
            var value = ""
            var part = attribute.children
            while let node = part?.pointee {
                if node.type == XML_ENTITY_REF_NODE { throw entityError(try text(node.name)) }
                value += try text(node.content)
                part = node.next
            }
            return value
        }
        return nil
    }

    private func text(_ bytes: UnsafePointer<xmlChar>?) throws(CorpusError) -> String {
        guard let bytes else { return "" }
        let text = String(cString: bytes)
        guard !text.hasEndlessMarks else { throw error(CorpusText.endlessMarks, line: line, column: nil) }
        return text
    }

    private func entityError(_ name: String) -> CorpusError {
        error(
            "refers to the entity &\(name);, and entities other than &amp; &lt; &gt; &quot; &apos; are not expanded: "
                + "write the text itself", line: line, column: nil)
    }

    private func error(_ message: String, line: Int, column: Int?) -> CorpusError {
        CorpusError(.unreadable, message, file: "\(path):\(line)" + (column.map { ":\($0)" } ?? ""))
    }
}

/// The bytes that libxml2 asks for, and the faults that it finds in them.
private final class XMLInput {
    private let path: String
    private let next: () throws(CorpusError) -> [UInt8]
    private var piece: ArraySlice<UInt8> = []
    private(set) var taken = 0
    /// Whether the first element was seen.
    var hasBegun = false
    /// Bytes that libxml2 was given.
    private var given = 0
    private(set) var meter = XMLTagMeter()
    /// Nil once the first element is near.
    private var prologue = XMLPrologue()
    /// What went wrong when the bytes were fetched.
    private(set) var failure: CorpusError?
    /// The first fault of the text; one that ends reading goes before others.
    private(set) var fault: Fault?

    struct Fault {
        let message: String
        let line: Int
        let column: Int
        var isFatal = true
    }

    init(path: String, _ next: @escaping () throws(CorpusError) -> [UInt8]) {
        self.path = path
        self.next = next
    }

    /// Copies the next bytes, at most `length`; 0 at the end, −1 where they cannot be read.
    func fill(_ buffer: UnsafeMutablePointer<CChar>, _ length: Int32) -> Int32 {
        if piece.isEmpty {
            do {
                piece = try next()[...]
            } catch {
                failure = error
                return -1
            }
            taken += piece.count
        }
        // Few at a time, so that no tag of any length begins and ends among them.
        let count = min(Int(length), piece.count, 1 << 12)
        let target = UnsafeMutableRawBufferPointer(start: buffer, count: count)
        target.copyBytes(from: piece.prefix(count))
        if let prologue, !prologue.goesOn(with: UnsafeRawBufferPointer(target)) {
            guard !prologue.declaresParameterEntities else {
                failure = CorpusError(
                    .unreadable,
                    "its document type declares parameter entities (<!ENTITY % …>), which are not expanded: take them out",
                    file: path)
                return -1
            }
            self.prologue = nil
        }
        meter.add(piece.prefix(count))
        given += count
        piece.removeFirst(count)
        let limit = hasBegun ? XMLReader.longestTag : XMLReader.longestHead
        guard (hasBegun ? meter.length : given) <= limit else {
            let what = hasBegun ? "a tag" : "what stands before the first element"
            failure = CorpusError(
                .unreadable, "\(what) is longer than \(limit >> 10) KiB: no corpus needs that", file: path)
            return -1
        }
        return Int32(count)
    }

    func note(_ error: xmlError) {
        let isFatal = error.level == XML_ERR_FATAL
        guard error.level != XML_ERR_WARNING, fault == nil || isFatal && fault?.isFatal == false else { return }
        var words = error.message.map { String(cString: $0) } ?? ""
        words = words.split(whereSeparator: \.isNewline).first.map(String.init) ?? "the bytes make no sense"
        // Its limits come with advice to programmers.
        let message =
            words.contains("XML_PARSE_HUGE") || error.code == Int32(XML_ERR_ENTITY_LOOP.rawValue)
            ? "goes beyond the limits of the XML reader (elements too deep, a value too long, or entities in a loop): "
                + "no corpus needs that"
            : "is not well-formed XML (\(words)): mend it or fetch it again"
        fault = Fault(message: message, line: Int(error.line), column: Int(error.int2), isFatal: isFatal)
    }
}
