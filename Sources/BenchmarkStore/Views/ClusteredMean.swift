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
    /// All steps are window functions over the keys, because SQLite hands a condition such as `run_id = 1` down through
    /// windows whose partition has the column, but through one GROUP BY only (with nested GROUP BYs one pair of methods
    /// out of 380 took 15 s, like all of them; so it takes 0.06 s).
    ///
    /// - Parameter source: A query with the keys, `cluster` and `value`, one row a document.
    static func query(of source: String, by keys: [String]) -> String {
        let keys = keys.joined(separator: ", ")
        return """
            SELECT \(keys), documents, clusters, mean,
                CASE WHEN clusters > 1 THEN
                    sqrt(1.0 * clusters / (clusters - 1) * squares) / documents
                END AS standard_error
            FROM (
                SELECT \(keys), documents, mean, count(deviation) OVER same AS clusters,
                    sum(deviation * deviation) OVER same AS squares, row_number() OVER same AS number
                FROM (
                    SELECT \(keys), documents, mean,
                        CASE row_number() OVER alike WHEN 1 THEN sum(value - mean) OVER alike END AS deviation
                    FROM (
                        SELECT \(keys), cluster, value, count(*) OVER same AS documents, avg(value) OVER same AS mean
                        FROM (
                            \(source)
                        )
                        WINDOW same AS (PARTITION BY \(keys)))
                    WINDOW alike AS (PARTITION BY \(keys), cluster))
                WINDOW same AS (PARTITION BY \(keys)))
            WHERE number = 1
            """
    }
}
