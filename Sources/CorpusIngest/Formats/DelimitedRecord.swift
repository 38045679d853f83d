/// The names of the columns of a delimited file.
package struct DelimitedHeader: Sendable {
    /// The names, in the order of the file, without blanks at their ends.
    package let names: [String]
    private let places: [String: Int]

    /// A header; of columns with one name the first counts.
    package init(_ names: [String]) {
        self.names = names.map { CorpusText.cleaned($0) }
        places = Dictionary(zip(self.names, 0...), uniquingKeysWith: { first, _ in first })
    }

    /// The place of a column, from 0.
    package subscript(name: String) -> Int? { places[name] }
}

/// One record of a delimited file.
package struct DelimitedRecord: Sendable {
    /// What keeps a record from being read.
    package struct Fault: Hashable, Sendable {
        /// `encoding`, `syntax` for a quote without end, `badValue` for a wrong number of fields.
        package let code: CorpusProblem.Code
        /// The line in the file, from 1.
        package let line: Int
        /// The column in Unicode scalars, from 1.
        package let column: Int
        /// What is wrong and what to do.
        package let message: String
    }

    /// The names of the columns; none without a header.
    package let header: DelimitedHeader
    /// The fields as they stand, without quotes.
    package let fields: [String]
    /// The place among the records, from 1, the header and blank lines not counted.
    package let number: Int
    /// The line that it begins in, from 1.
    package let line: Int
    /// Whether it is a line without anything.
    package let isBlank: Bool
    /// Whether a quote stands where the rules allow none.
    package let hasLooseQuotes: Bool
    /// What is wrong with it; nil for a sound record.
    package internal(set) var fault: Fault?

    /// The field of a column; nil where there is no such column, or the record ends before it.
    package subscript(column: String) -> String? {
        header[column].flatMap { fields.indices.contains($0) ? fields[$0] : nil }
    }
}
