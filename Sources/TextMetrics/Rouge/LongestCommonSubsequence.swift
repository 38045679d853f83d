/// The longest common subsequence of two token sequences by bit-parallel dynamic programming.
///
/// With L[i][j] the length for the first i rows and j columns, row i is kept as bits in which a 0 at column j says
/// L[i][j + 1] = L[i][j] + 1. One row needs ⌈columns / 64⌉ additions with carry:
/// V ← (V + (V ∧ M)) ∨ (V ∧ ¬M), M being the columns that hold the row's token.
/// Source: Crochemore, Iliopoulos, Pinzon and Reid, "A fast and practical bit-vector algorithm for the longest common
/// subsequence problem" (2001); the form with ¬M is Hyyrö's (2004).
package struct LongestCommonSubsequence {
    /// The row tokens.
    private let rows: [Int32]
    /// The column tokens.
    private let columns: [Int32]
    /// Words of 64 columns in a row's bits.
    private let width: Int
    /// For each token number, the columns that hold it, `width` words each.
    private let masks: [UInt64]

    /// Prepares two sequences whose tokens are numbered `0 ..< distinctTokens`.
    package init(rows: [Int32], columns: [Int32], distinctTokens: Int) {
        self.rows = rows
        self.columns = columns
        width = (columns.count + 63) / 64
        var masks = [UInt64](repeating: 0, count: width * distinctTokens)
        for (column, token) in columns.enumerated() {
            masks[Int(token) * width + column / 64] |= 1 << UInt64(column % 64)
        }
        self.masks = masks
    }

    /// The length of the longest common subsequence.
    ///
    /// - Complexity: O(rows · columns / 64).
    package var length: Int {
        var bits = [UInt64](repeating: .max, count: width)
        for token in rows { step(&bits, token: token) }
        return zeros(in: bits[...], before: columns.count)
    }

    /// The row indices, ascending, of the one longest common subsequence that `rouge_score` reads out.
    ///
    /// Several may be equally long, and ROUGE-Lsum depends on the choice: walking back from the end, a match is taken,
    /// else the walk leaves the column where L[i][j − 1] > L[i − 1][j], else the row.
    package func rowIndices() -> [Int] {
        var table: [UInt64] = []
        table.reserveCapacity(width * (rows.count + 1))
        var bits = [UInt64](repeating: .max, count: width)
        table.append(contentsOf: bits)
        for token in rows {
            step(&bits, token: token)
            table.append(contentsOf: bits)
        }
        func length(_ row: Int, _ column: Int) -> Int {
            zeros(in: table[row * width..<(row + 1) * width], before: column)
        }
        var row = rows.count
        var column = columns.count
        var indices: [Int] = []
        while row > 0, column > 0 {
            if rows[row - 1] == columns[column - 1] {
                indices.append(row - 1)
                row -= 1
                column -= 1
            } else if length(row, column - 1) > length(row - 1, column) {
                column -= 1
            } else {
                row -= 1
            }
        }
        return indices.reversed()
    }

    private func step(_ bits: inout [UInt64], token: Int32) {
        var carry: UInt64 = 0
        let start = Int(token) * width
        for word in 0..<width {
            let old = bits[word]
            let matches = masks[start + word]
            let (partial, first) = old.addingReportingOverflow(old & matches)
            let (sum, second) = partial.addingReportingOverflow(carry)
            carry = first || second ? 1 : 0
            bits[word] = sum | (old & ~matches)
        }
    }

    private func zeros(in bits: ArraySlice<UInt64>, before column: Int) -> Int {
        var count = 0
        var remaining = column
        for word in bits {
            guard remaining > 0 else { break }
            let used = remaining >= 64 ? UInt64.max : (1 << UInt64(remaining)) - 1
            count += (~word & used).nonzeroBitCount
            remaining -= 64
        }
        return count
    }
}
