/// What people are told about a format, and what is known about a data set that has one of its own.
public struct FormatDescription: Sendable {
    /// The name for `--format`: lower-case letters, digits and hyphens.
    public let name: String
    /// What it is, one line: `DialogSum JSON Lines`.
    public let title: String
    /// What it yields, a few words: `dialogues, 1 or 3 summaries`.
    public let yields: String
    /// What the files look like, a few sentences of Markdown for the documentation.
    public let layout: String
    /// What is known about the data set; nil for formats that any corpus may be in.
    public let dataset: DatasetFacts?

    /// A description.
    public init(name: String, title: String, yields: String, layout: String, dataset: DatasetFacts? = nil) {
        self.name = name
        self.title = title
        self.yields = yields
        self.layout = layout
        self.dataset = dataset
    }
}

/// Provenance of a known data set: used where the user says nothing else.
public struct DatasetFacts: Hashable, Sendable {
    /// Name for the corpus: lower-case letters, digits and hyphens.
    public let name: String
    /// Version, as its authors give it or by the date of the release.
    public let version: String
    /// One sentence on what it holds.
    public let description: String
    /// SPDX identifier of its licence.
    public let licence: String
    /// How to cite it.
    public let citation: String
    /// BCP 47 code of the source text.
    public let language: String
    /// Who wrote the references: `person`, `post-edited` (a person corrected a machine) or `model:<name>`.
    public let origin: String

    /// Facts about a data set.
    public init(
        name: String, version: String, description: String, licence: String, citation: String, language: String = "en",
        origin: String = "person"
    ) {
        self.name = name
        self.version = version
        self.description = description
        self.licence = licence
        self.citation = citation
        self.language = language
        self.origin = origin
    }
}
