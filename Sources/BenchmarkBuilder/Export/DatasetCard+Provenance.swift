import BenchmarkStore

extension DatasetCard {
    /// Each corpus with its licence, how to cite it, and the hashes of the files that it was read from.
    static func provenance(_ contents: ExportContents, _ manifest: BuildManifest) -> String {
        let kinds = DocumentKind.allCases.map { $0.rawValue + "s" }
        let counts = manifest.corpora.map { corpus in
            ["\(corpus.name) \(corpus.version)", corpus.licence]
                + DocumentKind.allCases.map { String(corpus.documents[$0.rawValue] ?? 0) }
        }
        let corpora = zip(contents.corpora, manifest.corpora).map { corpus($0, $1) }
        return """
            ## Corpora

            \(table(["corpus", "licence"] + kinds, counts, numbersFrom: 2))

            \(corpora.joined(separator: "\n"))
            """
    }

    private static func corpus(_ record: CorpusRecord, _ corpus: BuildManifest.Corpus) -> String {
        let link = HubLicence(corpus.licence).url.map { ", <\($0)>" } ?? ""
        let sources = (corpus.sources ?? []).map { source in
            [
                "`\(source.path)`", String(source.bytes), String(source.records), String(source.rejected),
                "`\(source.sha256)`",
            ]
        }
        let files =
            sources.isEmpty
            ? ""
            : "\n"
                + table(
                    ["source file", "bytes", "records", "rejected", "SHA-256"], sources, numbersFrom: 1, before: 4)
                + "\n"
        let title = [record.title, record.description].filter { !$0.isEmpty }.map(prose).joined(separator: ". ")
        return """
            ### \(corpus.name) \(corpus.version)

            \(title)

            - Licence: \(record.licenceWithTerms)\(link)
            - To cite: \(corpus.citation.isEmpty ? "the corpus says nothing" : prose(corpus.citation))
            - Language of the source texts: \(corpus.language)
            - References by: `\(corpus.origin)`, where none is named
            - Content hash: `\(corpus.contentHash)`
            \(files)
            """
    }
}
