extension String {
    /// Whether more than 256 accents or other marks follow one another, as no writing has them.
    ///
    /// Comparing or hashing such a text sorts them all, in time that grows as the square of their number.
    package var hasMarksWithoutEnd: Bool {
        var run = 0
        for scalar in unicodeScalars {
            run = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered ? run + 1 : 0
            if run > 256 { return true }
        }
        return false
    }
}
