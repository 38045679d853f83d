import BenchmarkStore

/// Refuses to write out text whose licence restricts that, until the user says that they may.
///
/// Examples are derived from their corpora. A licence that forbids derivatives or commercial use, or whose terms nobody
/// knows, leaves it to the user whether the folder may be written, kept and passed on: `--i-may` is their word for it.
public enum LicenceGate {
    /// The option by which the user says that they may.
    public static let option = "--i-may"

    /// Refuses corpora with restricting licences.
    ///
    /// - Parameters:
    ///   - corpora: those whose text would be written.
    ///   - isAllowed: whether the user said that they may.
    /// - Throws: `BuildError` of code `licence` that names each such corpus, its licence and the terms.
    public static func check(_ corpora: [CorpusRecord], isAllowed: Bool) throws(BuildError) {
        let restricted = corpora.filter { LicenceTerms($0.licence).restrictsExport }
        guard let first = restricted.first, !isAllowed else { return }
        throw BuildError(
            .licence,
            "\(list(restricted)): nothing was written; give \(option) if you may use and keep text under these terms",
            key: first.name)
    }

    /// What the user answers for who said that they may: one line for each corpus with a restricting licence.
    public static func reminders(_ corpora: [CorpusRecord]) -> [String] {
        corpora.filter { LicenceTerms($0.licence).restrictsExport }.map {
            "\(list([$0])): whoever gets the files must know"
        }
    }

    private static func list(_ corpora: [CorpusRecord]) -> String {
        corpora.map { "the licence of \($0.reference), \($0.licenceWithTerms)" }.joined(separator: "; ")
    }
}

extension CorpusRecord {
    /// The licence with its terms in words, such as `CC-BY-NC-4.0 (no commercial use)`.
    package var licenceWithTerms: String { LicenceTerms.described(licence) }
}
