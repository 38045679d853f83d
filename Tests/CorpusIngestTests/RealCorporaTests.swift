import CorpusIngest
import Foundation
import TestSupport
import Testing

/// Reads the field's real files and compares what comes in with what is known of them; numbers only, no text.
@Suite(.enabled(if: Fixtures.realCorpora != nil, "the corpora lie beside the checkout only where they were fetched"))
struct RealCorporaTests {
    /// The paths of some files or folders among the corpora.
    func paths(_ names: [String]) throws -> [String] {
        let root = try #require(Fixtures.realCorpora)
        return names.map { root.appending(path: $0).path(percentEncoded: false) }
    }

    /// Reads some files or folders as one corpus.
    func read(_ names: String..., options: SourceOptions = SourceOptions()) throws -> Corpus {
        try CorpusSource(try paths(names), options).readAll()
    }
}

extension CorpusFile {
    /// The numbers of the records that have an irregularity.
    func records(with name: String) -> [Int] {
        irregularities.kinds.filter { $0.name == name }.flatMap { irregularities.records[$0] ?? [] }
    }
}
