/// Gives every distinct token a small whole number, so that what follows compares and counts integers only.
package struct TokenInterner<Token: Hashable> {
    private var numbers: [Token: Int32] = [:]

    /// An interner that knows no token yet.
    package init() {}

    /// How many distinct tokens have been seen; their numbers are `0 ..< count`.
    package var count: Int { numbers.count }

    /// The token's number, new ones counting up from 0 in order of appearance.
    package mutating func number(of token: Token) -> Int32 {
        let next = Int32(truncatingIfNeeded: numbers.count)
        if let known = numbers[token] { return known }
        numbers[token] = next
        return next
    }

    /// The numbers of a text's tokens.
    package mutating func numbers(of tokens: some Sequence<Token>) -> [Int32] {
        tokens.map { number(of: $0) }
    }
}
