import Yams

/// The text of a YAML file, looked at for what would take the reader for ever, before it is read.
///
/// A profile may be anyone's. Aliases of aliases make a few lines stand for billions, and a number in base 60 that overflows
/// ends the process inside Yams 6.2.2. Nesting needs no check: libyaml goes 1,000 deep and no further.
struct YAMLText {
    /// A longer file is refused.
    static let longest = 1 << 18
    /// The most copies that aliases may make of anything.
    private static let mostCopies = 1_000

    private let bytes: [UInt8]

    init(_ text: String) { bytes = Array(text.utf8) }

    /// Refuses a text that is too long, or whose aliases may make too many copies of something.
    ///
    /// An anchor with u aliases stands for itself and u copies. Where each lies within the next one, the copies multiply; so
    /// nothing is there more often than the product of all u + 1.
    ///
    /// - Throws: `ProfileFile.Fault`.
    func check() throws(ProfileFile.Fault) {
        guard bytes.count <= Self.longest else {
            throw ProfileFile.Fault(message: "has \(bytes.count) bytes; a profile has at most \(Self.longest)")
        }
        let anchors = Set(names(after: UInt8(ascii: "&")))
        guard !anchors.isEmpty else { return }
        var uses: [ArraySlice<UInt8>: Int] = [:]
        for alias in names(after: UInt8(ascii: "*")) where anchors.contains(alias) { uses[alias, default: 0] += 1 }
        let copies = uses.values.reduce(1.0) { $0 * Double($1 + 1) }
        guard copies <= Double(Self.mostCopies) else {
            let aliases = uses.values.reduce(0, +)
            throw ProfileFile.Fault(
                message:
                    "has \(aliases) aliases (*) of \(uses.count) anchors, which may make more than \(Self.mostCopies) copies of "
                    + "something; write some of them out")
        }
    }

    /// Refuses numbers in base 60 that a plain scalar may be taken for, wherever they stand.
    ///
    /// - Throws: `ProfileFile.Fault` with the number.
    static func checkNumbers(in node: Node) throws(ProfileFile.Fault) {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain || scalar.style == .any, scalar.string.contains(":"),
                scalar.string.allSatisfy({ $0.isNumber || ":_+-".contains($0) })
            else { return }
            // Three parts of nine digits stay below 2⁶³.
            let parts = scalar.string.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count > 3 || parts.contains(where: { $0.count > 9 }) else { return }
            throw ProfileFile.Fault(
                message: "\"\(scalar.string.prefix(40))\" would be a number in base 60; put it in quotes if it is text")
        case .sequence(let sequence): for item in sequence { try checkNumbers(in: item) }
        case .mapping(let mapping):
            for (key, value) in mapping {
                try checkNumbers(in: key)
                try checkNumbers(in: value)
            }
        case .alias: return
        }
    }

    /// The names that follow a mark, as libyaml takes them; marks inside texts come too.
    private func names(after mark: UInt8) -> [ArraySlice<UInt8>] {
        // [0-9A-Za-z_-]+
        func isNamed(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return bytes.indices.filter { bytes[$0] == mark }.compactMap { start in
            let name = bytes[(start + 1)...].prefix(while: isNamed)
            return name.isEmpty ? nil : name
        }
    }
}
