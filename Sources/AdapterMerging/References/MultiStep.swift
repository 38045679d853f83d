/// Two passes: the main task with its adapter, then the auxiliary task with its own adapter on the first answer.
///
/// Each adapter does what it was trained for, at the price of a second prompt and a second generation. The paper calls
/// it multi-step LoRA usage. `MultiStepReversed` has the other order.
///
/// Source: arXiv 2507.16083 (EMNLP 2025), a baseline there; the authors' app calls it "two-step LoRA".
public struct MultiStep: CompositionMethod {
    /// Name, family and reference; there are no parameters.
    public static let descriptor = MethodDescriptor(
        name: "multi-step", title: "Multi-step LoRA", family: .costlyReference,
        reference: "arXiv 2507.16083 (EMNLP 2025)")

    /// None.
    public let parameters: MethodParameters

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` if there are any.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
    }

    /// Both passes.
    public var recipe: CompositionRecipe { .twoPasses(.mainFirst) }
}
