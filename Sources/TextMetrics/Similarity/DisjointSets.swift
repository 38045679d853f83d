/// A partition of 0 ..< count into sets that can be joined (union–find with path halving).
struct DisjointSets {
    private var parents: [Int]

    /// Every element in a set of its own.
    init(count: Int) { parents = Array(0..<count) }

    /// The element that stands for the set of `element`: its smallest.
    mutating func root(of element: Int) -> Int {
        var element = element
        while parents[element] != element {
            parents[element] = parents[parents[element]]
            element = parents[element]
        }
        return element
    }

    /// Makes one set of the sets of two elements.
    mutating func join(_ first: Int, _ second: Int) {
        let (one, other) = (root(of: first), root(of: second))
        parents[max(one, other)] = min(one, other)
    }
}
