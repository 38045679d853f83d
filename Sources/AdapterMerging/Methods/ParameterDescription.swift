/// One hyper-parameter of a method: its type, range, default and meaning.
public struct ParameterDescription: Sendable, Equatable {
    /// The type of a parameter with the values it may take.
    public enum Kind: Sendable, Equatable {
        /// A whole number within bounds, both included.
        case integer(ClosedRange<Int>)
        /// A number above the first and at most the second bound.
        case number(above: Double, atMost: Double)
        /// A number within bounds, both included.
        case closed(ClosedRange<Double>)
        /// One of some words.
        case choice([String])
        /// True or false.
        case flag
        /// A list of finite numbers, one for each adapter that is merged.
        case weights
    }

    /// The name that profiles use, e.g. `density`.
    public var name: String
    /// Type and range.
    public var kind: Kind
    /// The value where a profile gives none.
    public var defaultValue: ParameterValue
    /// What it does, in a sentence without a full stop.
    public var explanation: String
    /// Whether runs were made before the method had it: they were made with what is its default now.
    private(set) var isLater = false

    /// Describes a parameter.
    public init(_ name: String, _ kind: Kind, default defaultValue: ParameterValue, _ explanation: String) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.explanation = explanation
    }

    /// The same parameter, of a method that had runs without it: its default is not written down, so that those go on.
    func addedLater() -> ParameterDescription {
        var later = self
        later.isLater = true
        return later
    }

    /// The allowed values in words, e.g. `a number above 0 and at most 1`.
    public var range: String {
        switch kind {
        case .integer(let bounds): "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .number(let low, let high):
            "a number above \(ParameterValue.number(low)) and at most \(ParameterValue.number(high))"
        case .closed(let bounds):
            "a number from \(ParameterValue.number(bounds.lowerBound)) to \(ParameterValue.number(bounds.upperBound))"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        case .flag: "true or false"
        case .weights: "a list of numbers, one for each adapter"
        }
    }

    /// Name, range and default on one line.
    var summary: String { "\(name) (\(range); default \(defaultValue))" }

    /// What is wrong with a value, or `nil` if it may be used.
    func fault(of value: ParameterValue) -> String? {
        isAllowed(value) ? nil : "\(name) is \(value), but must be \(range)"
    }

    private func isAllowed(_ value: ParameterValue) -> Bool {
        switch (kind, value) {
        case (.integer(let bounds), .number(let number)): Int(exactly: number).map(bounds.contains) ?? false
        case (.number(let low, let high), .number(let number)): number > low && number <= high
        case (.closed(let bounds), .number(let number)): bounds.contains(number)
        case (.choice(let words), .string(let word)): words.contains(word)
        case (.flag, .bool): true
        case (.weights, .numbers(let numbers)): !numbers.isEmpty && numbers.allSatisfy(\.isFinite)
        default: false
        }
    }
}
