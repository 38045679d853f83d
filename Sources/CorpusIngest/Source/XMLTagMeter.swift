/// Measures the tag that an XML file is in the middle of, as the file's bytes come.
///
/// Brackets in quotes, comments, CDATA sections and processing instructions open and close nothing. It follows UTF-16 and
/// what keeps ASCII's bytes to itself, as UTF-8 does; `canFollow` says whether an encoding is one of these.
struct XMLTagMeter {
    /// How many bytes of the tag at hand came so far; 0 outside of tags.
    private(set) var length = 0

    private enum Width { case narrow, big, little, unknown }
    private enum Place {
        case text
        /// Behind `<`, `<!` and `<!-`.
        case open, bang, dash
        /// The quote that it is in, 0 for none.
        case tag(quote: UInt8, isDeclaration: Bool)
        /// Until `>` comes behind the mark, which comes so many times before it.
        case section(mark: UInt8, times: Int, seen: Int)
    }

    private var place = Place.text
    private var width = Width.unknown
    /// The file's first four bytes, by which libxml2 goes, too.
    private var head: [UInt8] = []
    /// The first half of a unit of UTF-16.
    private var half: UInt8?

    private static let less = UInt8(ascii: "<")
    private static let greater = UInt8(ascii: ">")
    private static let narrowNames = [
        "utf8", "usascii", "ascii", "iso8859", "latin", "windows125", "cp125", "koi8", "euc", "gb2312",
    ]

    /// Takes the next bytes of the file.
    mutating func add(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        if head.count < 4 {
            let more = rest.prefix(4 - head.count)
            head += more
            rest = rest.dropFirst(more.count)
            guard head.count == 4 else { return }
            width = Self.width(head)
            measure(head[...])
        }
        measure(rest)
    }

    /// Whether libxml2's encoding of the file (nil where the file names none) is one that was followed.
    func canFollow(_ encoding: String?) -> Bool {
        let name = encoding?.lowercased().filter { $0 != "-" && $0 != "_" }
        return switch width {
        case .narrow: name.map { name in Self.narrowNames.contains { name.hasPrefix($0) } } ?? true
        case .big, .little: name?.hasPrefix("utf16") ?? true
        case .unknown: false
        }
    }

    private static func width(_ head: [UInt8]) -> Width {
        switch (head[0], head[1], head[2], head[3]) {
        case (0xFE, 0xFF, _, _), (0, 0x3C, 0, 0x3F): .big
        case (0xFF, 0xFE, _, _), (0x3C, 0, 0x3F, 0): .little
        case (0x3C, _, _, _), (0xEF, 0xBB, 0xBF, _), (0x09...0x20, _, _, _): head.contains(0) ? .unknown : .narrow
        default: .unknown
        }
    }

    private mutating func measure(_ bytes: ArraySlice<UInt8>) {
        guard width == .narrow else {
            for byte in bytes {
                guard let first = half else {
                    half = byte
                    continue
                }
                half = nil
                let (high, low) = width == .big ? (first, byte) : (byte, first)
                // Any character that is no ASCII is as good as another.
                take(high == 0 ? low : 0x80, size: 2)
            }
            return
        }
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if case .text = place {
                // Most of a file.
                guard let next = bytes[index...].firstIndex(of: Self.less) else { return }
                index = next
            }
            take(bytes[index], size: 1)
            index += 1
        }
    }

    private mutating func take(_ character: UInt8, size: Int) {
        length += size
        switch place {
        case .text:
            if character == Self.less { place = .open } else { length = 0 }
        case .open:
            switch character {
            case UInt8(ascii: "!"): place = .bang
            case UInt8(ascii: "?"): leave(for: .section(mark: character, times: 1, seen: 0))
            default: inTag(character, quote: 0, isDeclaration: false)
            }
        case .bang:
            switch character {
            case UInt8(ascii: "-"): place = .dash
            // `<![CDATA[`.
            case UInt8(ascii: "["): leave(for: .section(mark: UInt8(ascii: "]"), times: 2, seen: 0))
            default: inTag(character, quote: 0, isDeclaration: true)
            }
        case .dash:
            if character == UInt8(ascii: "-") {
                leave(for: .section(mark: character, times: 2, seen: 0))
            } else {
                inTag(character, quote: 0, isDeclaration: true)
            }
        case .tag(let quote, let isDeclaration): inTag(character, quote: quote, isDeclaration: isDeclaration)
        case .section(let mark, let times, let seen):
            length = 0
            if character == mark {
                place = .section(mark: mark, times: times, seen: min(seen + 1, times))
            } else if character == Self.greater, seen == times {
                place = .text
            } else {
                place = .section(mark: mark, times: times, seen: 0)
            }
        }
    }

    private mutating func inTag(_ character: UInt8, quote: UInt8, isDeclaration: Bool) {
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let inside = quote == 0 ? character : quote == character ? 0 : quote
            place = .tag(quote: inside, isDeclaration: isDeclaration)
        case Self.greater where quote == 0: leave(for: .text)
        // What a document type declares stands in brackets, with comments among it.
        case UInt8(ascii: "[") where quote == 0 && isDeclaration: leave(for: .text)
        default: place = .tag(quote: quote, isDeclaration: isDeclaration)
        }
    }

    /// Goes where nothing is measured.
    private mutating func leave(for place: Place) { (self.place, length) = (place, 0) }
}
