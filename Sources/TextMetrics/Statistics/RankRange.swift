/// The places a method may hold, given which differences are significant: "2–5".
public struct RankRange: Hashable, Sendable, CustomStringConvertible {
    /// 1 + the number of methods significantly better.
    public let best: Int
    /// n − the number of methods significantly worse.
    public let worst: Int

    /// A range of places, counted from 1.
    public init(best: Int, worst: Int) {
        self.best = best
        self.worst = worst
    }

    /// The ranges of `count` methods; nil for a method that is not complete and so has no rank.
    ///
    /// - Parameters:
    ///   - count: how many methods there are, numbered from 0.
    ///   - isComplete: whether a method has all its cells; the others are left out of every count.
    ///   - isBetter: whether the first method is significantly better than the second.
    /// - Returns: one range a method.
    public static func ranges(
        count: Int, isComplete: (Int) -> Bool = { _ in true }, isBetter: (Int, Int) -> Bool
    ) -> [RankRange?] {
        let ranked = (0..<count).filter(isComplete)
        return (0..<count).map { method in
            guard isComplete(method) else { return nil }
            return RankRange(
                best: 1 + ranked.count { $0 != method && isBetter($0, method) },
                worst: ranked.count - ranked.count { $0 != method && isBetter(method, $0) })
        }
    }

    /// The places in a sorted table after which a line is drawn: every row above beats every row below.
    ///
    /// - Parameters:
    ///   - order: the methods as the table lists them.
    ///   - isBetter: whether the first method is significantly better than the second.
    /// - Returns: numbers of rows; `[2]` means a line between rows 2 and 3.
    public static func separators(order: [Int], isBetter: (Int, Int) -> Bool) -> [Int] {
        guard order.count > 1 else { return [] }
        return (1..<order.count).filter { place in
            order[..<place].allSatisfy { above in order[place...].allSatisfy { isBetter(above, $0) } }
        }
    }

    /// `2–5`, or `3` where there is one place only.
    public var description: String { best == worst ? "\(best)" : "\(best)–\(worst)" }
}
