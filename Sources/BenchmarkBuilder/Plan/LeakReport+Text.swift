import BenchmarkStore

extension LeakReport {
    /// The report for a terminal.
    public var text: String {
        var lines: [String] = []
        if overlaps.isEmpty {
            lines.append("No two documents are the same or nearly so.")
        } else {
            let rows = overlaps.map { overlap -> [QueryValue] in
                let counts = [documents[overlap.corpus] ?? 0, overlap.same, overlap.nearly, overlap.bySummary]
                let other = overlap.other == overlap.corpus ? "itself" : overlap.other
                return [.text(overlap.corpus), .text(other)] + counts.map { .integer(Int64($0)) }
            }
            let columns = ["corpus", "repeats", "of its documents", "the same", "nearly", "by a summary or reply"]
            lines.append(QueryFormat.table.render(QueryResult(columns: columns, rows: rows)))
            let largest = largestClusters.map { "\($0.documents) (\($0.example))" }.joined(separator: ", ")
            lines.append(
                "\(clusters) clusters of two documents or more hold \(clusteredDocuments) documents; the largest: \(largest)."
            )
        }
        for group in leftOut {
            lines.append(
                "\(group.documents) documents of \(group.corpus) that its source puts into \(group.split.rawValue) are left "
                    + "out: they repeat documents kept in \(group.keptIn.rawValue).")
        }
        lines.append(proof.text)
        return lines.joined(separator: "\n") + "\n"
    }
}

extension LeakProof {
    /// The proof in a sentence or two.
    public var text: String {
        let found = [
            (documentsInTwoSplits, "documents"), (inputsInTwoSplits, "inputs"), (clustersInTwoSplits, "clusters"),
            (pairsInTwoSplits, "pairs of alike texts"),
        ].map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return "In two splits, of \(examples) examples: \(found).\n"
            + "Of \(testReferences) references of test examples \(testReferencesInTraining) say the same as a training "
            + "reference."
    }
}
