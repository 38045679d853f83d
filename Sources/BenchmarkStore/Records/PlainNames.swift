/// Names that may become parts of paths, addresses and command lines, whoever gave them.
extension String {
    /// Whether it is `[a-z0-9-]+`.
    package var isSlug: Bool {
        !isEmpty && utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// Whether it is `[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*`: a language as ISO 639 has them.
    package var isLanguageCode: Bool { isLanguageTag && prefix { $0 != "-" }.count <= 3 }

    /// Whether it is `[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*`.
    ///
    /// BCP 47 lets a language have up to eight letters. None that is registered has more than three, but data sets have
    /// some, such as `calv` in the TED talks of 2018.
    package var isLanguageTag: Bool {
        let parts = split(separator: "-", omittingEmptySubsequences: false)
        guard let first = parts.first, (2...8).contains(first.count) else { return false }
        return first.allSatisfy { $0.isASCII && $0.isLetter }
            && parts.dropFirst().allSatisfy { part in
                (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
    }

    /// Whether it is `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}`: a file or folder of that name lies where it is made.
    package var isPlainFileName: Bool {
        guard let first = utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "-"), utf8.count <= 128 else {
            return false
        }
        return utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    /// The text as one word of a command line, in quotes where a shell would make anything of it.
    package var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "/"):
                true
            default: false
            }
        }
        return isPlain && !isEmpty ? self : "'" + replacing("'", with: #"'\''"#) + "'"
    }

    /// Whether a path is relative and never climbs out of the folder that it starts in.
    package var isPathInsideFolder: Bool {
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        return !contains("\\") && parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
