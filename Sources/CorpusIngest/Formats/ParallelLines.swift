/// Line-aligned text files, one a language, as Moses, WMT and OPUS have them.
public struct ParallelLines: ParallelFormat {
    public static let about = FormatDescription(
        name: "parallel", title: "line-aligned text files, one a language",
        yields: "sentences with translations, several references where the source repeats",
        layout: """
            Two or more text files with as many lines each, in which lines of one number say the same. The names share a stem \
            and end in the language: `news.en`, `news.de`, `news.es`; or begin with it and end in the split: \
            `eng_Latn.dev`, `deu_Latn.dev`. ISO 639-1, ISO 639-3, FLORES and BCP 47 codes are known. Which language is the \
            source is chosen (English by default), whichever comes first in a name; lines with the same source text become \
            one document with several references.
            """)

    public init(_ options: SourceOptions) {}

    public static func isOwn(_ stem: String, file: SourceFile) -> Bool { true }
}
