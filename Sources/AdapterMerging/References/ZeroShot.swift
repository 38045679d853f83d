/// The base model alone: the prompt holds the input and the instruction, no adapter is active.
///
/// Source: Brown et al., "Language Models are Few-Shot Learners" (2020), arXiv 2005.14165, "zero-shot".
public struct ZeroShot: CompositionMethod {
    /// Name, family and reference; there are no parameters.
    public static let descriptor = MethodDescriptor(
        name: "zero-shot", title: "Zero-shot", family: .noAdapter, reference: "The base model without adapters")

    /// None.
    public let parameters: MethodParameters

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` if there are any.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
    }

    /// A prompt without examples.
    public var recipe: CompositionRecipe { .prompt(shots: 0, choice: .first) }
}
