extension Array where Element == Unicode.Scalar {
    /// The text with every occurrence of `pattern` replaced, from left to right.
    func replacing(_ pattern: String, by replacement: String) -> [Unicode.Scalar] {
        let pattern = Array(pattern.unicodeScalars)
        guard let first = pattern.first, count >= pattern.count, contains(first) else { return self }
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            if self[index] == first, self[index...].starts(with: pattern) {
                result.append(contentsOf: replacement.unicodeScalars)
                index += pattern.count
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }

    /// The text with a blank before and after every scalar that fits.
    func padding(where fits: (Unicode.Scalar) -> Bool) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(count + count / 4)
        for scalar in self {
            if fits(scalar) { result += [" ", scalar, " "] } else { result.append(scalar) }
        }
        return result
    }

    /// The text with every neighbouring pair that fits rewritten, from left to right, as a regular expression's
    /// substitution does it: a scalar that was part of one pair cannot begin another.
    func rewritingPairs(
        where fits: (Unicode.Scalar, Unicode.Scalar) -> Bool,
        as rewrite: (Unicode.Scalar, Unicode.Scalar) -> [Unicode.Scalar]
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(count + count / 4)
        var index = 0
        while index < count {
            if index + 1 < count, fits(self[index], self[index + 1]) {
                result += rewrite(self[index], self[index + 1])
                index += 2
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result
    }
}
