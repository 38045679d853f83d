import BenchmarkStore
import Foundation

/// Writes the report of one run into a folder.
///
/// ```swift
/// let database = try BenchmarkDatabase(readingOnly: "benchmark.sqlite")
/// let files = try ReportWriter.write(database: database, to: URL(filePath: "Reports/everyday"))
/// ```
///
/// The same database gives the same bytes: nothing depends on the present moment, the locale or the folder.
public enum ReportWriter {
    /// The names of the files, in the order in which they are written.
    public static let fileNames = repeatableNames + [measurementsName, "measurements.json"]

    /// The files that are the same byte for byte whenever the run is made again.
    public static let repeatableNames = ["index.html", "leaderboard.md", "leaderboard.csv", "results.json"]

    /// The page of times, moments and the machine: with its data file the one part that no second run repeats.
    static let measurementsName = "measurements.md"

    /// Reads a run, computes its results and writes the files.
    ///
    /// Each file is written aside and then renamed, so a reader never meets half of one. Files of the same names are
    /// replaced, others in the folder are left alone. The folder is made where it does not exist.
    ///
    /// - Parameters:
    ///   - run: the run to report on.
    ///   - folder: where the files go.
    ///   - title: what the run is called; nil for its profile's name.
    ///   - description: a sentence on the run, below the title; empty for none.
    ///   - commands: the command lines that reproduce the run, shown in the report; empty for the usual ones.
    /// - Returns: the files in the order of `fileNames`.
    /// - Throws: `ReportError`: `.noRun`, `.unknownRun`, `.cannotWrite`; `StoreError` as the database is read.
    @discardableResult
    public static func write(
        database: BenchmarkDatabase, run: RunSelection = .latest, to folder: URL, title: String? = nil,
        description: String = "", commands: [String] = []
    ) throws -> [URL] {
        let input = try RunReader(database).input(run)
        return try write(
            ReportData(input), input.measurements, to: folder, title: title, description: description,
            commands: commands)
    }

    /// The computed results of a run without writing anything.
    ///
    /// - Throws: as `write`.
    public static func data(database: BenchmarkDatabase, run: RunSelection = .latest) throws -> ReportData {
        ReportData(try RunReader(database).input(run))
    }

    /// Writes results that were computed before.
    ///
    /// - Throws: `ReportError` with code `.cannotWrite`.
    @discardableResult
    public static func write(
        _ data: ReportData, _ measurements: Measurements? = nil, to folder: URL, title: String? = nil,
        description: String = "", commands: [String] = []
    ) throws -> [URL] {
        let page = ReportPage(data, title: title, description: description, commands: commands)
        var texts = [
            try HTMLReport().render(page), MarkdownLeaderboard.render(page), ResultFiles.csv(data),
            try ResultFiles.json(data),
        ]
        if let measurements {
            texts += [
                MarkdownLeaderboard.render(ReportPage(measurements, of: data, title: title)),
                try ResultFiles.json(measurements),
            ]
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw ReportError(.cannotWrite, "the folder cannot be made; give another one", file: folder.path)
        }
        return try zip(fileNames, texts).map { name, text in try write(text, to: folder.appending(path: name)) }
    }

    private static func write(_ text: String, to file: URL) throws -> URL {
        do {
            // Foundation writes an auxiliary file and renames it.
            try Data(text.utf8).write(to: file, options: .atomic)
        } catch {
            throw ReportError(
                .cannotWrite, "cannot be written; check the folder's permissions and free space", file: file.path)
        }
        return file
    }
}
