import BenchmarkStore

/// An SPDX licence identifier in the words of dataset hubs and of metadata.
///
/// Hubs sort datasets by a list of identifiers of their own: SPDX's in lower case for the most part, `other` with a
/// name and a link for what is not on it.
struct HubLicence: Hashable {
    /// The hub's identifier, such as `apache-2.0`.
    let id: String
    /// The licence's own name in hyphenated lower case; nil where the identifier says it.
    let name: String?
    /// SPDX's page about the licence; nil where SPDX has none.
    let url: String?

    /// The licence of an SPDX identifier, or of a `LicenseRef-` name.
    init(_ spdx: String) {
        let key = spdx.lowercased()
        let isListed =
            !LicenceTerms(spdx).isUnknown && !key.hasPrefix("licenseref-")
            && key.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E
            }
        url = isListed ? "https://spdx.org/licenses/\(spdx).html" : nil
        let base = ["-only", "-or-later"].first { key.hasSuffix($0) }.map { String(key.dropLast($0.count)) } ?? key
        if let id = isListed ? Self.renamed[base] ?? (Self.same.contains(base) ? base : nil) : nil {
            self.id = id
            name = nil
        } else {
            id = "other"
            let parts = key.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".")) }
            name = parts.isEmpty ? "unknown" : parts.joined(separator: "-")
        }
    }

    /// Licences whose identifiers differ by more than the case.
    private static let renamed = [
        "odc-by-1.0": "odc-by", "odbl-1.0": "odbl", "pddl-1.0": "pddl", "lgpllr": "lgpl-lr", "c-uda-1.0": "c-uda",
        "gfdl-1.1": "gfdl", "gfdl-1.2": "gfdl", "gfdl-1.3": "gfdl",
    ]

    /// Licences of the hubs' list that SPDX names alike.
    private static let same: Set = [
        "apache-2.0", "mit", "afl-3.0", "artistic-2.0", "bsl-1.0", "bsd-2-clause", "bsd-3-clause",
        "bsd-3-clause-clear", "cc0-1.0", "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0",
        "cc-by-sa-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-3.0",
        "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cdla-sharing-1.0",
        "cdla-permissive-1.0", "cdla-permissive-2.0", "wtfpl", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0",
        "eupl-1.1", "eupl-1.2", "agpl-3.0", "gpl-2.0", "gpl-3.0", "lgpl-2.1", "lgpl-3.0", "isc", "lppl-1.3c", "ms-pl",
        "mpl-2.0", "osl-3.0", "postgresql", "ofl-1.1", "ncsa", "unlicense", "zlib",
    ]
}
