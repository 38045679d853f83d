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

/// FLORES-200: the same sentences of Wikimedia projects in 200 languages.
public struct FLORES200: ParallelFormat {
    public static let about = FormatDescription(
        name: "flores200", title: "FLORES-200", yields: "sentences with translations",
        layout: "Files `eng_Latn.devtest`, `deu_Latn.devtest` and so on (or `.dev`), as `parallel`.",
        dataset: DatasetFacts(
            name: "flores200", version: "200",
            description: "Sentences of Wikinews, Wikijunior and Wikivoyage, translated by people.",
            licence: "CC-BY-SA-4.0",
            citation: "NLLB Team. No Language Left Behind. 2022; Goyal et al. The FLORES-101 Evaluation Benchmark for "
                + "Low-Resource and Multilingual Machine Translation. TACL 2022."))

    public init(_ options: SourceOptions) {}

    public static func isOwn(_ stem: String, file: SourceFile) -> Bool {
        // `eng_Latn.devtest`: three letters, a script, the split.
        let code = file.name.prefix { $0 != "." }.split(separator: "_").map(\.count)
        return ["dev", "devtest"].contains(stem) && code == [3, 4] && file.name.hasSuffix("." + stem)
    }
}

/// The test sets of the Tatoeba Challenge: short everyday sentences, several translations of many.
public struct TatoebaChallenge: ParallelFormat {
    public static let about = FormatDescription(
        name: "tatoeba", title: "Tatoeba Challenge test sets",
        yields: "sentences with translations, several references",
        layout: """
            A folder for each pair with `tatoeba-test-v2021-08-07.eng`, `tatoeba-test-v2021-08-07.spa` and so on, as \
            `parallel`; the `.labels` files are not needed.
            """,
        dataset: DatasetFacts(
            name: "tatoeba", version: "2021-08-07",
            description: "Short everyday sentences from tatoeba.org, translated by people.",
            licence: "CC-BY-NC-SA-4.0",
            citation: "Tiedemann. The Tatoeba Translation Challenge: Realistic Data Sets for Low Resource and "
                + "Multilingual MT. WMT 2020."))

    public init(_ options: SourceOptions) {}

    public static func isOwn(_ stem: String, file: SourceFile) -> Bool { stem == "tatoeba-test-v2021-08-07" }
}
