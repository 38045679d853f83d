import CorpusIngest
import Foundation
import TestSupport
import Testing

@Suite struct XMLReaderTests {
    private func reader(_ bytes: [UInt8]) throws -> XMLReader {
        var rest = bytes
        return try XMLReader(path: "a.xml") { () throws(CorpusError) in
            defer { rest = [] }
            return rest
        }
    }

    private func events(_ text: String) throws -> [XMLReader.Event] { try events(Array(text.utf8)) }

    private func events(_ bytes: [UInt8]) throws -> [XMLReader.Event] {
        let reader = try reader(bytes)
        var events: [XMLReader.Event] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    private func texts(_ bytes: [UInt8]) throws -> String {
        try events(bytes).reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }

    private func fault(_ text: String) throws -> CorpusError {
        try #require(throws: CorpusError.self) { _ = try events(text) }
    }

    @Test func givesElementsAndTextsInOrderWithoutCommentsAndInstructions() throws {
        let found = try events(
            "<?xml version=\"1.0\"?><a><!-- no --><b/>x &lt;&amp;&#233; <?no no?><![CDATA[<c>]]></a>")
        #expect(
            found == [
                .start("a"), .start("b"), .end("b"), .text("x <&é "), .text("<c>"), .end("a"),
            ])
    }

    @Test func givesAttributesDecodedWithTheirPrefixes() throws {
        let reader = try reader(Array("<a id='1 &amp; &#233;' xml:lang=\"de\"/>".utf8))
        #expect(try reader.next() == .start("a"))
        #expect(try reader.attribute("id") == "1 & é")
        #expect(try reader.attribute("xml:lang") == "de")
        #expect(try reader.attribute("lang") == nil)
    }

    @Test func passesOverADocumentTypeWithoutReadingIt() throws {
        let folder = try ScratchFolder()
        let dtd = folder.path("a.dtd")
        try Data("<!ATTLIST a kind CDATA \"from the DTD\"><!ENTITY e \"from the DTD\">".utf8).write(to: dtd)
        let head = "<!DOCTYPE a SYSTEM \"\(dtd.absoluteString)\">"
        let reader = try reader(Array("\(head)<a>x</a>".utf8))
        #expect(try reader.next() == .start("a"))
        #expect(try reader.attribute("kind") == nil)
        #expect(try fault("\(head)<a>&e;</a>").message.contains("the entity &e;"))
    }

    @Test func fetchesNothingFromTheNetwork() throws {
        let server = try #require(LocalServer())
        let url = "http://127.0.0.1:\(server.port)/a"
        #expect(try events("<!DOCTYPE a SYSTEM \"\(url).dtd\"><a>x</a>").contains(.text("x")))
        _ = try fault("<!DOCTYPE a [<!ENTITY % p SYSTEM \"\(url).ent\"> %p;]><a>x</a>")
        _ = try fault("<!DOCTYPE a [<!ENTITY e SYSTEM \"\(url).txt\">]><a>&e;</a>")
        let include = "<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='\(url)'/></a>"
        #expect(try events(include).contains(.start("include")))
        #expect(!server.wasAsked)
    }

    @Test func readsNoOtherFile() throws {
        let folder = try ScratchFolder()
        let secret = folder.path("secret.txt")
        try Data("not for you".utf8).write(to: secret)
        for url in [secret.absoluteString, secret.path] {
            let error = try fault("<!DOCTYPE a [<!ENTITY e SYSTEM \"\(url)\">]><a>&e;</a>")
            #expect(error.message.contains("the entity &e;") && !error.description.contains("not for you"))
        }
    }

    // Ten entities of ten references each: 10 GB of text, were it written out.
    private static let bomb =
        "<!DOCTYPE a [<!ENTITY e0 \"ha\">"
        + (1...10).map { level in
            "<!ENTITY e\(level) \"\(String(repeating: "&e\(level - 1);", count: 10))\">"
        }.joined() + "]>"

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            "\(bomb)<a>&e10;</a>", "\(bomb)<a k=\"&e10;\"/>",
            "<!DOCTYPE a [<!ENTITY e \"&e;\">]><a>&e;</a>",
            "<!DOCTYPE a [<!ENTITY e \"\(String(repeating: "ha", count: 50_000))\">]><a>"
                + String(repeating: "&e;", count: 50_000) + "</a>",
        ])
    func stopsEntityBombs(document: String) throws {
        let reader = try reader(Array(document.utf8))
        let error = #expect(throws: CorpusError.self) {
            while let event = try reader.next() {
                if case .text(let text) = event { #expect(text.utf8.count < 200_000) }
                _ = try reader.attribute("k")
            }
        }
        #expect(error?.code == .unreadable)
        #expect(error?.message.contains("entit") == true)
    }

    // Each says the one before it ten times: a thousand million declarations, were they read.
    private static let parameters =
        "<!ENTITY % p0 \"<!ATTLIST a k CDATA #IMPLIED>\">"
        + (1...9).map { level in
            "<!ENTITY % p\(level) \"\(String(repeating: "&#37;p\(level - 1);", count: 10))\">"
        }.joined()

    @Test(arguments: ["UTF-8", "UTF-16", "UTF-7"])
    func expandsNoParameterEntities(encoding: String) throws {
        let text = "<?xml version='1.0' encoding='\(encoding)'?><!DOCTYPE a [\(Self.parameters) %p9;]><a>x</a>"
        let bytes: [UInt8] =
            switch encoding {
            case "UTF-16": try [0xFF, 0xFE] + [UInt8](#require(text.data(using: .utf16LittleEndian)))
            case "UTF-7": Array(text.replacing("<!ENTITY %", with: "<+ACE-ENTITY +ACU-").utf8)
            default: Array(text.utf8)
            }
        let error = #expect(throws: CorpusError.self) { _ = try events(bytes) }
        #expect(error?.message.contains("parameter entities") == true, "\(String(describing: error))")
        // A sign of per cent where it means nothing.
        let plain = "<!DOCTYPE a [<!-- <!ENTITY % p 'x'> --><!ENTITY e '<!ENTITY &#37; 100'>]><a k='%p9;'>100 %p;</a>"
        #expect(try texts(Array(plain.utf8)) == "100 %p;")
    }

    @Test func takesFewNamespaces() throws {
        func document(_ count: Int) -> String {
            "<a \((0..<count).map { "xmlns:n\($0)='u'" }.joined(separator: " "))>x</a>"
        }
        #expect(try texts(Array(document(16).utf8)) == "x")
        #expect(try fault(document(17)).message.contains("more than 16 namespaces"))
    }

    @Test func takesAFileWhoseOwnEntitiesAreNotUsed() throws {
        #expect(try events("<!DOCTYPE a [<!ENTITY e \"ha\">]><a>x</a>").contains(.text("x")))
    }

    @Test(arguments: [
        ("<a>\n<b>x</a>", "a.xml:2:9"), ("<a>\n<b>x</b>", "a.xml:2:9"), ("<a>\n <b k=></b></a>", "a.xml:2:7"),
        ("<a/>\n<b/>", "a.xml:2:1"), ("<a>x & y</a>", "a.xml:1:7"), ("", "a.xml:1:1"), ("{\"a\": 1}", "a.xml:1:1"),
    ])
    func saysWhereAFileIsDamaged(document: String, place: String) throws {
        let error = try fault(document)
        #expect(error.code == .unreadable)
        #expect(error.file == place)
        #expect(error.message.hasPrefix("is not well-formed XML"))
    }

    @Test func findsEveryCutOfAFile() throws {
        let whole = Array("<?xml version=\"1.0\"?><a k=\"v\">\n<b>xé &amp; y</b><c/></a>".utf8)
        for end in 0..<whole.count {
            #expect(throws: CorpusError.self, "cut after \(end) bytes") { _ = try events(Array(whole[..<end])) }
        }
        #expect(try texts(whole) == "\nxé & y")
    }

    @Test func goesNoDeeperThanTheParsersLimit() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + "x" + String(repeating: "</a>", count: depth)
        }
        #expect(try events(nested(250)).contains(.text("x")))
        for depth in [300, 100_000] { #expect(try fault(nested(depth)).message.contains("limits")) }
    }

    @Test func takesNoEndlessValue() throws {
        let value = String(repeating: "x", count: 11_000_000)
        for document in ["<a k='\(value)'/>", "<a>\(value)</a>"] {
            #expect(try fault(document).code == .unreadable)
        }
    }

    @Test func convertsWhatTheFileSaysItIsWrittenIn() throws {
        let text = String(repeating: "Grüße aus Łódź; ", count: 2_000)
        let latin = String(repeating: "Grüße, señor; ", count: 2_000)
        func document(_ name: String, _ text: String) -> String {
            "<?xml version='1.0' encoding='\(name)'?><a>\(text)</a>"
        }
        func bytes(_ text: String, _ encoding: String.Encoding) throws -> [UInt8] {
            Array(try #require(text.data(using: encoding)))
        }
        #expect(try texts(bytes(document("ISO-8859-1", latin), .isoLatin1)) == latin)
        #expect(try texts(bytes(document("windows-1252", latin + "€"), .windowsCP1252)) == latin + "€")
        #expect(try texts(bytes(document("ISO-8859-2", text), .isoLatin2)) == text)
        #expect(try texts([0xFF, 0xFE] + bytes(document("UTF-16", text), .utf16LittleEndian)) == text)
        #expect(try texts([0xFE, 0xFF] + bytes(document("UTF-16", text), .utf16BigEndian)) == text)
        #expect(try texts([0xEF, 0xBB, 0xBF] + bytes(document("UTF-8", text), .utf8)) == text)
    }

    /// Tags could not be measured in these: brackets are halves of other characters, or no bytes of their own.
    @Test(arguments: ["Shift_JIS", "Big5", "ISO-2022-JP", "UTF-7", "UTF-16"])
    func refusesEncodingsThatUseTheBytesOfBracketsOtherwise(name: String) throws {
        #expect(try fault("<?xml version='1.0' encoding='\(name)'?><a>x</a>").code == .unreadable)
    }

    @Test func refusesFourBytesACharacterAndAChangeOfWidth() throws {
        let text = "<?xml version='1.0'?><a>x</a>"
        for encoding in [String.Encoding.utf32LittleEndian, .utf32BigEndian] {
            let bytes = try [UInt8](#require(text.data(using: encoding)))
            #expect(throws: CorpusError.self) { _ = try events(bytes) }
        }
        // libxml2 goes over to the encoding that is named, in the middle of UTF-16.
        let head = "<?xml version='1.0' encoding='ISO-8859-1'?>"
        let wide = try [0xFF, 0xFE] + [UInt8](#require(head.data(using: .utf16LittleEndian)))
        #expect(throws: CorpusError.self) { _ = try events(wide + Array("<a>x</a>".utf8)) }
    }

    @Test func measuresTagsInUTF16() throws {
        func document(_ count: Int) throws -> [UInt8] {
            let attributes = (0..<count).map { "a\($0)='>'" }.joined(separator: " ")
            let text = "<a><b>\u{3E3C}\u{3C3E}</b><b \(attributes)/></a>"
            return try [0xFF, 0xFE] + [UInt8](#require(text.data(using: .utf16LittleEndian)))
        }
        #expect(try events(document(1_000)).contains(.text("\u{3E3C}\u{3C3E}")))
        let error = #expect(throws: CorpusError.self) { _ = try events(document(4_000)) }
        #expect(error?.message.hasPrefix("a tag is longer than 32 KiB") == true)
    }

    @Test func refusesBytesThatAreNotInTheEncodingOfTheFile() throws {
        let wrong = Array("<a>\nGr".utf8) + [0xFC] + Array("ße</a>".utf8)
        let error = #expect(throws: CorpusError.self) { _ = try events(wrong) }
        #expect(error?.file?.hasPrefix("a.xml:2:") == true)
        #expect(try fault("<?xml version='1.0' encoding='klingon'?><a>x</a>").code == .unreadable)
    }

    @Test func readsPackedFilesAndNoticesWhereTheyAreCut() throws {
        let folder = try ScratchFolder()
        let text = String(repeating: "many words, ", count: 30_000)
        try PackedFiles.write([("a.xml", "<a>\(text)</a>")], as: .gzip, to: folder.path("a.xml.gz"))
        let packed = try Data(contentsOf: folder.path("a.xml.gz"))
        let file = SourceFile(path: "a.xml.gz", url: folder.path("a.xml.gz"))
        let reader = try XMLReader(file)
        #expect(try reader.next() == .start("a"))
        #expect(try reader.innerText() == text)
        #expect(try reader.next() == nil)
        try packed.dropLast(20).write(to: folder.path("a.xml.gz"))
        let error = #expect(throws: CorpusError.self) {
            let reader = try XMLReader(file)
            while try reader.next() != nil {}
        }
        #expect(error?.message.contains("cannot be unpacked") == true)
    }

    @Test func knowsTheLineOfEveryElementInLongFiles() throws {
        let lines = 140_000
        let reader = try reader(Array("<a>\n\(String(repeating: "<b>x</b>\n", count: lines))</a>".utf8))
        var line = 1
        while let event = try reader.next() {
            guard event == .start("b") else { continue }
            line += 1
            // Beyond 65,535 libxml2 may only know where its parser stands, at most 512 bytes further on.
            #expect(line < 65_535 ? reader.line == line : (line...line + 60).contains(reader.line))
        }
        #expect(line == lines + 1)
    }

    @Test func takesNoMoreOfAFileThanItNeeds() throws {
        let folder = try ScratchFolder()
        let url = folder.path("a.xml")
        let unit = "<b k=\"0\">\(String(repeating: "a good sentence, ", count: 60))</b>\n"
        let (size, count) = (unit.utf8.count, 30_000)
        try Data("<a>\(String(repeating: unit, count: count))</a>".utf8).write(to: url)
        let reader = try XMLReader(SourceFile(path: "a.xml", url: url))
        var seen = 0
        while let event = try reader.next() {
            guard event == .start("b") else { continue }
            // One piece of the file, 256 KiB, and what the parser has in hand.
            #expect(reader.bytesTaken <= seen * size + (1 << 18) + 8192)
            seen += 1
        }
        #expect(seen == count && reader.bytesTaken == size * count + 7)
    }
}

/// A server on this machine that only knows whether anyone came.
private final class LocalServer {
    let port: UInt16
    private let socket: Int32

    init?() {
        #if os(Linux)
            let kind = Int32(SOCK_STREAM.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let number = Foundation.socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, length) == 0 && listen(number, 4) == 0 && getsockname(number, $0, &length) == 0
            }
        }
        socket = number
        port = UInt16(bigEndian: address.sin_port)
        guard number >= 0, isBound else { return nil }
    }

    deinit { close(socket) }

    /// Whether a connection waits.
    var wasAsked: Bool {
        var look = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&look, 1, 0) > 0
    }
}
