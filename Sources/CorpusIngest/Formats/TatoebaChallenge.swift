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
