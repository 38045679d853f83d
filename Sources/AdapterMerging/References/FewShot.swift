/// The base model alone, with worked examples of the same composition in the prompt.
///
/// `choice` says which training examples those are: `first`, the same for every question; `random`, drawn anew for each
/// question; `nearest`, those whose inputs are most like the question's by the cosine of their TF-IDF vectors, the most
/// similar last, next to the question. Where the context has no room for all of them, fewer are shown.
///
/// Sources: Brown et al., "Language Models are Few-Shot Learners" (2020), arXiv 2005.14165, "few-shot"; for `nearest`,
/// Liu et al., "What Makes Good In-Context Examples for GPT-3?" (2022), arXiv 2101.06804, which compares sentence
/// embeddings instead of words and finds that the order matters little.
public struct FewShot: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "few-shot", title: "Few-shot", family: .noAdapter,
        reference: "Brown et al. 2020, Language Models are Few-Shot Learners, arXiv 2005.14165; "
            + "Liu et al. 2022, What Makes Good In-Context Examples for GPT-3?, arXiv 2101.06804",
        parameters: [
            ParameterDescription(
                "shots", .integer(1...64), default: 2,
                "how many training examples of the setting the prompt shows, if they fit"),
            ParameterDescription(
                "choice", .choice(ExampleChoice.allCases.map(\.rawValue)), default: "first",
                "whether they are the first, those most like the question, or a draw for each question"),
        ])

    /// `shots` and `choice`.
    public let parameters: MethodParameters
    private let shots: Int
    private let choice: ExampleChoice

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        shots = try self.parameters.integer("shots")
        let word = try self.parameters.string("choice")
        guard let choice = ExampleChoice(rawValue: word) else {
            throw MergeError(
                .badParameter,
                "'\(word)' is not one of \(ExampleChoice.allCases.map(\.rawValue).joined(separator: ", "))",
                key: "choice")
        }
        self.choice = choice
    }

    /// A prompt with `shots` examples.
    public var recipe: CompositionRecipe { .prompt(shots: shots, choice: choice) }
}
