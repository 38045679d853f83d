import BenchmarkStore
import Foundation
import TestSupport
import Testing

@Suite("The right to run on a database")
struct RunLockTests {
    private let folder: ScratchFolder
    private var database: String { folder.path("b.sqlite").path }
    private var file: URL { folder.path("b.sqlite.running") }

    init() throws { folder = try ScratchFolder() }

    @Test("is one process's at a time, and free again when that lets it go")
    func oneAtATime() throws {
        do {
            let lock = try RunLock(database: database)
            let error = try #require(throws: StoreError.self) { try RunLock(database: database) }
            #expect(error.code == .busy && error.description.contains("another braid is running"))
            #expect(error.description.contains("process \(ProcessInfo.processInfo.processIdentifier), since 2"))
            withExtendedLifetime(lock) {}
        }
        _ = try RunLock(database: database)
        #expect(try Data(contentsOf: file).isEmpty)
    }

    @Test("is the same by whatever link the database is reached")
    func links() throws {
        try Data().write(to: folder.path("b.sqlite"))
        try FileManager.default.createSymbolicLink(
            at: folder.path("link.sqlite"), withDestinationURL: folder.path("b.sqlite"))
        let lock = try RunLock(database: folder.path("link.sqlite").path)
        let error = try #require(throws: StoreError.self) { try RunLock(database: database) }
        #expect(error.code == .busy)
        withExtendedLifetime(lock) {}
    }

    @Test("touches no file that a link in its place leads to")
    func foreignLink() throws {
        let precious = folder.path("precious")
        try Data("text".utf8).write(to: precious)
        try FileManager.default.createSymbolicLink(at: file, withDestinationURL: precious)
        let error = try #require(throws: StoreError.self) { try RunLock(database: database) }
        #expect(error.code == .cannotOpen && error.description.contains("b.sqlite.running"))
        #expect(try String(contentsOf: precious, encoding: .utf8) == "text")
    }

    @Test("waits for no pipe, and is not taken on a folder")
    func otherFiles() throws {
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(throws: StoreError.self) { try RunLock(database: database) }
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(throws: StoreError.self) { try RunLock(database: database) }
    }
}
