import ModelEngine

/// A way of answering a composition: how single-task adapters become an answer to two tasks at once.
///
/// A method is a value with its hyper-parameters. To add one, write a type in a file of its own and list it in
/// `MethodRegister.all`.
///
/// ```swift
/// let method = try MethodRegister.make(name: "ties", parameters: ["density": 0.3])
/// if case .merge(let merge) = method.recipe {
///     let adapter = try merge([summarize, translate], 1)
/// }
/// ```
public protocol CompositionMethod: Sendable {
    /// Name, family, reference and parameters of the method.
    static var descriptor: MethodDescriptor { get }

    /// Makes the method with the given parameters and the defaults for the others.
    ///
    /// - Throws: `MergeError` with `unknownParameter` or `badParameter`; the message lists the known ones.
    init(parameters: MethodParameters) throws

    /// All parameters of the method, defaults filled in: what a run records.
    var parameters: MethodParameters { get }

    /// What to do at run time.
    var recipe: CompositionRecipe { get }
}

/// How an answer to a composition comes about.
public enum CompositionRecipe: Sendable {
    /// The base model alone, with at most this many worked examples in the prompt.
    case prompt(shots: Int, choice: ExampleChoice)
    /// The adapter of the main task alone.
    case mainAdapter
    /// One task with its adapter, then the other with its own adapter on the first answer.
    case twoPasses(PassOrder)
    /// One adapter made of the single-task ones, given as [main, auxiliary], and a seed.
    ///
    /// It depends on nothing else, so the merged adapter need never be stored.
    case merge(@Sendable ([LoRAAdapter], UInt64) throws -> LoRAAdapter)
    /// One adapter made of the single-task ones and of parameters that are searched for without gradients.
    case searched(SearchRecipe)
    /// A frozen merge with a few parameters beside it that are trained on compositional examples.
    case learned(LearnedRecipe)
}
