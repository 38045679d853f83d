/// The base model alone, with worked examples of the same composition in the prompt.
///
/// Source: Brown et al., "Language Models are Few-Shot Learners" (2020), section 2.
public struct FewShot: CompositionMethod {
    /// Name, family, reference and the number of examples.
    public static let descriptor = MethodDescriptor(
        name: "few-shot", title: "Few-shot", family: .noAdapter,
        reference: "Brown et al. 2020, Language Models are Few-Shot Learners, arXiv 2005.14165",
        parameters: [
            ParameterDescription(
                "shots", .integer(1...64), default: 2, "how many training examples of the setting the prompt shows")
        ])

    /// `shots`.
    public let parameters: MethodParameters
    private let shots: Int

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        shots = try self.parameters.integer("shots")
    }

    /// A prompt with `shots` examples.
    public var recipe: CompositionRecipe { .prompt(shots: shots) }
}
