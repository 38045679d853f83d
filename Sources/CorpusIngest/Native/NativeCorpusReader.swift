import BenchmarkStore
import Foundation

/// Reads a corpus folder in Braid's own format: a manifest, `corpus.json`, and JSON Lines files of records.
///
/// Nothing is dropped in silence: every line that is not kept has a problem of its own, and all problems of a corpus
/// are collected before anyone decides what to do with them. A byte order mark and CR LF line ends are accepted.
public struct NativeCorpusReader: Sendable {
    /// The corpus's folder.
    public let folder: URL

    /// A reader of a folder that holds `corpus.json`.
    public init(folder: URL) {
        self.folder = folder
    }

    /// Reads everything.
    ///
    /// - Returns: the corpus with its problems; documents with an error are left out of `documents`.
    /// - Throws: `CorpusError` of code `unreadable` where there is no manifest, or `refused` where the manifest itself
    ///   is at fault, since no record can be judged without it.
    public func read() throws(CorpusError) -> Corpus {
        let manifestBytes = try manifestBytes()
        let (found, manifestProblems) = Self.manifest(manifestBytes)
        guard let manifest = found else { throw CorpusError(refusing: folder.relativePath, for: manifestProblems) }
        var problems = manifestProblems
        var files: [CorpusFile] = []
        var documents: [CorpusDocument] = []
        var places: [String: String] = [:]
        for entry in manifest.files {
            guard let data = try? Data(contentsOf: folder.appending(path: entry.path)) else {
                problems.append(
                    CorpusProblem(
                        .missingFile, file: entry.path,
                        message: "the manifest names this file, but it cannot be read: add it or take it out"))
                continue
            }
            let bytes = [UInt8](data)
            let content = readFile(entry, bytes: bytes, manifest: manifest, places: &places)
            problems += content.problems
            documents += content.documents
            files.append(
                CorpusFile(
                    path: entry.path, kind: entry.kind, sha256: ContentHash(of: bytes).hex, bytes: bytes.count,
                    records: content.documents.count, rejects: content.rejects))
        }
        return Corpus(
            folder: folder.relativePath, manifest: manifest, files: files, documents: documents, problems: problems,
            contentHash: Self.contentHash(manifest: manifestBytes, files: files))
    }

    private func manifestBytes() throws(CorpusError) -> [UInt8] {
        let url = folder.appending(path: ManifestReader.fileName)
        do {
            return [UInt8](try Data(contentsOf: url))
        } catch {
            throw CorpusError(
                .unreadable,
                "there is no readable \(ManifestReader.fileName) here: name a corpus folder, such as Corpora/everyday",
                file: folder.relativePath)
        }
    }

    /// The manifest in the bytes of `corpus.json`.
    package static func manifest(_ bytes: [UInt8]) -> (manifest: CorpusManifest?, problems: [CorpusProblem]) {
        let body = bytes[...].withoutByteOrderMark
        switch parse(body, file: ManifestReader.fileName, lineOffset: 0) {
        case .success(let value): return ManifestReader.read(value)
        case .failure(let problem): return (nil, [problem])
        }
    }

    /// What one file holds.
    struct Content {
        var documents: [CorpusDocument] = []
        var problems: [CorpusProblem] = []
        var rejects: [CorpusReject] = []

        /// Leaves a line out for the errors among its problems, or for all of them where none is an error.
        mutating func reject(_ line: ArraySlice<UInt8>, number: Int, problems: [CorpusProblem]) {
            let errors = problems.filter { $0.severity == .error }
            let beginning = String(decoding: line.prefix(60), as: UTF8.self)
            rejects.append(
                CorpusReject(
                    line: number, record: problems.compactMap(\.record).first ?? beginning,
                    reason: (errors.isEmpty ? problems : errors).map(\.message).joined(separator: "; ")))
        }
    }

    /// Reads the lines of a file; `places` says where each id was seen, over all files.
    private func readFile(
        _ entry: CorpusManifest.File, bytes: [UInt8], manifest: CorpusManifest, places: inout [String: String]
    ) -> Content {
        var content = Content()
        var lines = bytes[...].withoutByteOrderMark.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if lines.isEmpty {
            content.problems.append(
                CorpusProblem(.empty, .warning, file: entry.path, message: "the file holds no record"))
        }
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
                let problem = CorpusProblem(
                    .blankLine, .warning, file: entry.path, line: number,
                    message: "the line is blank: it is passed over")
                content.problems.append(problem)
                content.reject(line, number: number, problems: [problem])
                continue
            }
            var (document, problems) = Self.record(line, entry: entry, manifest: manifest, number: number)
            if let key = document?.key {
                let place = "\(entry.path):\(number)"
                if let first = places[key] {
                    document = nil
                    problems.append(
                        CorpusProblem(
                            .duplicateID, file: entry.path, line: number, record: key, key: "id",
                            message: "the id \"\(key)\" is taken by \(first): give this record another"))
                } else {
                    places[key] = place
                }
            }
            content.problems += problems
            if let document {
                content.documents.append(document)
            } else {
                content.reject(line, number: number, problems: problems)
            }
        }
        return content
    }

    private static func record(
        _ line: ArraySlice<UInt8>, entry: CorpusManifest.File, manifest: CorpusManifest, number: Int
    ) -> (document: CorpusDocument?, problems: [CorpusProblem]) {
        switch parse(line, file: entry.path, lineOffset: number - 1) {
        case .failure(let problem): (nil, [problem])
        case .success(let value):
            RecordReader.read(value, kind: entry.kind, manifest: manifest, file: entry.path, line: number)
        }
    }

    /// Parses a value after a check that the bytes are UTF-8.
    private static func parse(
        _ bytes: ArraySlice<UInt8>, file: String, lineOffset: Int
    ) -> ParseResult {
        if let offset = bytes.firstInvalidUTF8 {
            let place = TextPosition(of: offset, in: bytes)
            return .failure(
                CorpusProblem(
                    .encoding, file: file, line: lineOffset + place.line, column: place.column,
                    message: "the text is not UTF-8 from here on: save the file as UTF-8"))
        }
        do {
            return .success(try JSONParser.parse(bytes))
        } catch {
            return .failure(
                CorpusProblem(
                    .syntax, file: file, line: lineOffset + error.line, column: error.column,
                    message: "not JSON: \(error.message)"))
        }
    }

    private enum ParseResult {
        case success(JSONValue)
        case failure(CorpusProblem)
    }

    /// One hash over the hashes of all files, each with its path, in the manifest's order.
    private static func contentHash(manifest: [UInt8], files: [CorpusFile]) -> String {
        let lines =
            ["\(ContentHash(of: manifest).hex)  \(ManifestReader.fileName)"] + files.map { "\($0.sha256)  \($0.path)" }
        return ContentHash(of: lines.map { $0 + "\n" }.joined()).hex
    }
}

extension ArraySlice<UInt8> {
    /// The bytes after a UTF-8 byte order mark, if there is one.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self
    }
}
