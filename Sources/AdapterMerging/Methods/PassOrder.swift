/// Which task of a composition comes first where each has a pass of its own.
public enum PassOrder: Sendable, Equatable {
    /// The main task on the input, then the auxiliary task on the answer.
    case mainFirst
    /// The auxiliary task on the input, as a whole or line by line, then the main task on what came out.
    case auxiliaryFirst(byLine: Bool)
}
