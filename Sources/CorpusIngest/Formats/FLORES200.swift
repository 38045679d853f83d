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
