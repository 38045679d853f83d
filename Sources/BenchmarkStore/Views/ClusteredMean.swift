/// The query for a mean over documents and its standard error, by document and cluster.
///
/// With x_i the value of document i of N, x̄ their mean, and C clusters c of near-duplicates,
/// SE = √(C/(C−1) · Σ_c(Σ_{i∈c}(x_i − x̄))²) / N with C − 1 degrees of freedom. When every cluster is one document this
/// is the usual √(Σ(x_i − x̄)² / (N(N−1))). The mean is found first and the deviations are squared afterwards: sums of
/// squares would lose the digits of small errors.
///
/// Source: the linearised variance of a mean of clusters of unequal size (Cochran, "Sampling Techniques", 1977,
/// section 9A).
enum ClusteredMean {
    /// A query with the keys and `documents`, `clusters`, `mean`, `standard_error`.
    ///
    /// - Parameter source: A query or relation with the keys, `cluster` and `value`, one row a document.
    static func query(of source: String, by keys: [String]) -> String {
        let keys = keys.joined(separator: ", ")
        return """
            SELECT \(keys), max(documents) AS documents, count(*) AS clusters, max(mean) AS mean,
                CASE WHEN count(*) > 1 THEN
                    sqrt(1.0 * count(*) / (count(*) - 1) * sum((total - size * mean) * (total - size * mean)))
                    / max(documents)
                END AS standard_error
            FROM (
                SELECT \(keys), size, total, sum(size) OVER same AS documents,
                    sum(total) OVER same / sum(size) OVER same AS mean
                FROM (
                    SELECT \(keys), cluster, count(*) AS size, sum(value) AS total
                    FROM \(source)
                    GROUP BY \(keys), cluster)
                WINDOW same AS (PARTITION BY \(keys)))
            GROUP BY \(keys)
            """
    }
}
