/// Which training examples of a setting a prompt shows; the raw values are those of profiles.
public enum ExampleChoice: String, Sendable, CaseIterable {
    /// The first ones in the build's drawn order: the same for all questions.
    case first
    /// Those whose inputs are most like the question's, the most similar last.
    case nearest
    /// A draw of its own for every question.
    case random
}
