import BenchmarkStore
import Foundation
import TestSupport
import Testing

/// Damaged databases: read, or refused with file and reason; never a crash or a hang. See `Fuzz`.
@Suite(.timeLimit(.minutes(60))) struct ReaderFuzzTests {
    @Test func databases() throws {
        let fuzz = Fuzz("databases", usual: 60)
        let fixture = try StoreFixture()
        try fixture.database.insertCorpus(corpus(keys: ["a", "b"]))
        try fixture.database.close()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: fixture.path)))
        // Pages that hold something; most of the file are empty ones.
        let places = stride(from: 0, to: whole.count, by: 64).filter {
            whole[$0..<min($0 + 64, whole.count)].contains { $0 != 0 }
        }
        let url = fixture.folder.path("damaged.sqlite")
        let names = SchemaDescription.current.relations.map(\.name)
        var (read, refused) = (0, 0)
        let problems = fuzz.problems { mutator in
            var bytes = whole
            for _ in 0...mutator.below(3) {
                let start = mutator.below(3) == 0 ? 0 : mutator.one(of: places)
                let end = min(start + 128, bytes.count)
                guard start < end else { continue }
                var part = Array(bytes[start..<end])
                mutator.mutate(&part)
                // The length stays, so that pages do; the file is cut now and then instead.
                bytes.replaceSubrange(start..<min(start + part.count, end), with: part.prefix(end - start))
            }
            if mutator.below(8) == 0 { bytes.removeSubrange(mutator.below(bytes.count)...) }
            for suffix in ["-wal", "-shm", "-journal"] {
                try? FileManager.default.removeItem(atPath: url.path + suffix)
            }
            try Data(bytes).write(to: url)
            do {
                let query = try ReadOnlyQuery(path: url.path)
                for name in names { _ = try query.run("SELECT * FROM \"\(name)\"", limit: 20) }
                let database = try BenchmarkDatabase(path: url.path)
                try database.insertCorpus(corpus("more", keys: ["c"]))
                try database.close()
                read += 1
                return []
            } catch let error as StoreError {
                refused += 1
                return faults(ofMessage: error.message)
            }
        }
        #expect(problems.isEmpty, "\(problems.count), first: \(problems.prefix(5))")
        if fuzz.isWhole { #expect(read > 0 && refused > 0, "\(read) \(refused)") }
    }
}
