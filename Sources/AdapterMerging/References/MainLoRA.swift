/// The adapter of the main task alone, asked for both tasks: what merging has to beat.
///
/// Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models" (2021), arXiv 2106.09685: W + (alpha/r) B A,
/// as PEFT 0.21.2 has it; arXiv 2507.16083 (EMNLP 2025), the baseline "main-task LoRA".
public struct MainLoRA: CompositionMethod {
    /// Name, family and reference; there are no parameters.
    public static let descriptor = MethodDescriptor(
        name: "main-lora", title: "Main-task LoRA", family: .oneAdapter,
        reference: "Hu et al. 2021, LoRA: Low-Rank Adaptation of Large Language Models, arXiv 2106.09685")

    /// None.
    public let parameters: MethodParameters

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` if there are any.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
    }

    /// The main adapter as it is.
    public var recipe: CompositionRecipe { .mainAdapter }
}
