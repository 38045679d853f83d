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
                "\(Self.number(clusters, "cluster")) of two documents or more, with "
                    + "\(Self.number(clusteredDocuments, "document")); the largest: \(largest).")
        }
        for group in leftOut {
            lines.append(
                "Left out: \(Self.number(group.documents, "document")) that \(group.corpus) has in \(group.split.rawValue), "
                    + "for repeating what is kept in \(group.keptIn.rawValue).")
        }
        lines.append(proof.text)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func number(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}

extension LeakProof {
    /// The proof in two lines.
    public var text: String {
        let found = [
            (documentsInTwoSplits, "documents"), (inputsInTwoSplits, "inputs"), (clustersInTwoSplits, "clusters"),
            (pairsInTwoSplits, "pairs of alike texts"),
        ].map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        return "In two splits, by all \(examples) examples: \(found).\n"
            + "References of test examples that say the same as a training reference: \(testReferencesInTraining) of "
            + "\(testReferences)."
    }
}
