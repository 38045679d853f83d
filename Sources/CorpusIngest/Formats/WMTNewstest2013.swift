import BenchmarkStore

/// The news test set of WMT 2013: the same 3,000 sentences in several languages.
public struct WMTNewstest2013: ParallelFormat {
    public static let about = FormatDescription(
        name: "wmt-newstest2013", title: "WMT newstest2013", yields: "sentences with translations",
        layout: "Files `newstest2013.en`, `newstest2013.de` and so on, as `parallel`.",
        dataset: DatasetFacts(
            name: "wmt-newstest2013", version: "2013",
            description: "News in several languages, translated by people for the translation task of WMT 2013.",
            licence: "LicenseRef-WMT-research",
            citation: "Bojar et al. Findings of the 2013 Workshop on Statistical Machine Translation. WMT 2013."))

    public static let officialSplit: Split? = .test

    public init(_ options: SourceOptions) {}

    public static func isOwn(_ stem: String, file: SourceFile) -> Bool { stem == "newstest2013" }
}
