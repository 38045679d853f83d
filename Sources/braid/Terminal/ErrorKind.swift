import AdapterMerging
import BenchmarkBuilder
import BenchmarkStore
import CorpusIngest
import EvaluationRunner
import ModelEngine
import ReportRendering
import TextMetrics

/// A type of error with the codes that the program prints, such as `store.busy`, and docs/errors.md explains.
package struct ErrorKind: Sendable {
    /// The codes in the order of their type.
    package let codes: [String]
    private let code: @Sendable (any Error) -> String?

    /// The codes of what is printed but never thrown.
    private init(_ name: String, printed codes: [some CustomStringConvertible]) {
        self.codes = codes.map { "\(name).\($0)" }
        code = { _ in nil }
    }

    private init<Failure: Error, Code: CustomStringConvertible & Sendable>(
        _ name: String, _ codes: [Code], _ code: @escaping @Sendable (Failure) -> Code
    ) {
        self.codes = codes.map { "\(name).\($0)" }
        self.code = { error in (error as? Failure).map { "\(name).\(code($0))" } }
    }

    /// All types, in the order of the table.
    package static let all = [
        ErrorKind("command", CommandError.Code.allCases) { (error: CommandError) in error.code },
        ErrorKind("store", StoreError.Code.all) { (error: StoreError) in error.code },
        ErrorKind("corpus", CorpusError.Code.all) { (error: CorpusError) in error.code },
        ErrorKind("problem", printed: CorpusProblem.Code.all),
        ErrorKind("build", BuildError.Code.all) { (error: BuildError) in error.code },
        ErrorKind("run", RunError.Code.all) { (error: RunError) in error.code },
        ErrorKind("model", ModelError.Code.all) { (error: ModelError) in error.code },
        ErrorKind("merge", MergeError.Code.all) { (error: MergeError) in error.code },
        ErrorKind("report", ReportError.Code.all) { (error: ReportError) in error.code },
        ErrorKind("metric", TextMetricsError.Code.all) { (error: TextMetricsError) in error.code },
    ]

    /// The code of an error, nil for one of none of the types.
    static func code(of error: any Error) -> String? { all.lazy.compactMap { $0.code(error) }.first }
}
