import CLibXML2

/// Looks through what stands before the first element of an XML file, ahead of the reader that goes on from there.
///
/// The reader expands parameter entities as it meets them, ten of a thousand bytes into an hour's work. This parser keeps
/// none, so that nothing is expanded, and says whether there is one; it understands encodings as the reader does.
final class XMLPrologue {
    /// Whether the file declares a parameter entity.
    private(set) var declaresParameterEntities = false

    private let parser: xmlParserCtxtPtr
    private let declare: entityDeclSAXFunc?
    private var isOver = false

    /// Nil where no memory is left.
    init?() {
        guard let parser = xmlCreatePushParserCtxt(nil, nil, nil, 0, nil) else { return nil }
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        xmlCtxtUseOptions(parser, Int32(options))
        self.parser = parser
        declare = parser.pointee.sax.pointee.entityDecl
        parser.pointee._private = Unmanaged.passUnretained(self).toOpaque()
        parser.pointee.sax.pointee.entityDecl = { context, name, type, publicID, systemID, content in
            guard let prologue = XMLPrologue.of(context) else { return }
            if type == Int32(XML_INTERNAL_PARAMETER_ENTITY.rawValue)
                || type == Int32(XML_EXTERNAL_PARAMETER_ENTITY.rawValue)
            {
                prologue.declaresParameterEntities = true
                prologue.stop()
            } else {
                prologue.declare?(context, name, type, publicID, systemID, content)
            }
        }
        parser.pointee.sax.pointee.startElementNs = { context, _, _, _, _, _, _, _, _ in
            XMLPrologue.of(context)?.stop()
        }
    }

    deinit {
        if let document = parser.pointee.myDoc { xmlFreeDoc(document) }
        xmlFreeParserCtxt(parser)
    }

    /// Takes the next bytes of the file; false once the first element was seen or the file is known to be damaged.
    func goesOn(with bytes: UnsafeRawBufferPointer) -> Bool {
        let text = bytes.bindMemory(to: CChar.self)
        return !isOver && xmlParseChunk(parser, text.baseAddress, Int32(text.count), 0) == 0 && !isOver
    }

    private func stop() {
        isOver = true
        xmlStopParser(parser)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> XMLPrologue? {
        let parser = context?.assumingMemoryBound(to: xmlParserCtxt.self)
        return parser?.pointee._private.map { Unmanaged<XMLPrologue>.fromOpaque($0).takeUnretainedValue() }
    }
}
