/// Two passes in the other order: the auxiliary task with its adapter on the input, then the main task on what came out.
///
/// The dialogue is translated or rewritten first, and summarised or answered after that, so the main adapter works on
/// text in the target language or tone and answers in that of its input, although it was trained on the source language
/// alone; nothing in its prompt names the target. What the first pass makes is as long as the input: it may have 1.5
/// times the input's tokens and 16 more instead of the limit of answers, as far as the model's context goes.
///
/// `first-pass` says whether the auxiliary adapter, which was trained on single sentences and messages, gets the
/// dialogue as a whole or line by line. Lines keep the dialogue's form, at the price of a prompt for each.
///
/// Source: the sequence of `MultiStep` (arXiv 2507.16083) with its two steps exchanged; the paper runs the main task
/// first.
public struct MultiStepReversed: CompositionMethod {
    /// Name, family, reference and parameters.
    public static let descriptor = MethodDescriptor(
        name: "multi-step-reversed", title: "Multi-step LoRA, reversed", family: .costlyReference,
        reference: "arXiv 2507.16083 (EMNLP 2025), with the auxiliary task first",
        parameters: [
            ParameterDescription(
                "first-pass", .choice(["whole", "lines"]), default: "whole",
                "whether the auxiliary task is given the whole input or each line of it by itself")
        ])

    /// `first-pass`.
    public let parameters: MethodParameters
    private let byLine: Bool

    /// Makes the method.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`.
    public init(parameters: MethodParameters = [:]) throws(MergeError) {
        self.parameters = try Self.descriptor.resolve(parameters)
        byLine = try self.parameters.string("first-pass") == "lines"
    }

    /// Both passes.
    public var recipe: CompositionRecipe { .twoPasses(.auxiliaryFirst(byLine: byLine)) }
}
