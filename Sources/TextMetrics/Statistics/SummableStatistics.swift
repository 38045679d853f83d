/// Counts that may be added over texts before a score is taken from the sum, as corpus metrics want it.
public protocol SummableStatistics: Sendable {
    /// The counts of no text.
    static var zero: Self { get }
    /// Adds the counts of further texts.
    static func += (left: inout Self, right: Self)
}

extension Sequence where Element: SummableStatistics {
    /// The counts of all texts together.
    public func summed() -> Element { reduce(into: .zero) { $0 += $1 } }
}
