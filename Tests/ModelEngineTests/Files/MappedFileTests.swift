import Foundation
import ModelEngine
import TestSupport
import Testing

struct MappedFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test func theBytesAreThoseOfTheFile() throws {
        let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        try Data(bytes).write(to: folder.path("some.bin"))
        let file = try MappedFile(contentsOf: folder.path("some.bin"))
        #expect(file.size == 10_000)
        #expect(file.withBytes { span in span.withUnsafeBytes { [UInt8]($0) } } == bytes)
        #expect(
            file.withBytes(in: 4990..<5000) { span in span.withUnsafeBytes { [UInt8]($0) } }
                == Array(bytes[4990..<5000]))
        #expect(file.withBytes(in: 10_000..<10_000) { $0.byteCount } == 0)
    }

    @Test func aMissingFileIsNamed() throws {
        let url = folder.path("none é.gguf")
        let error = modelError { _ = try MappedFile(contentsOf: url) }
        #expect(error?.code == .unreadableFile)
        #expect(error?.description == "\(url.path(percentEncoded: false)): there is no such file; is the path right?")
    }

    @Test func aFolderIsNotAFile() {
        let error = modelError { _ = try MappedFile(contentsOf: folder.url) }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.contains("folder") == true)
    }

    @Test func aFileCannotBeAFolderOnTheWay() throws {
        try Data([1]).write(to: folder.path("file"))
        let error = modelError { _ = try MappedFile(contentsOf: folder.path("file/model.gguf")) }
        #expect(error?.code == .unreadableFile)
    }

    @Test func aDeviceIsNotAFile() {
        #expect(modelError { _ = try MappedFile(contentsOf: URL(filePath: "/dev/null")) }?.code == .unreadableFile)
    }

    @Test func anEmptyFileIsTruncated() throws {
        try Data().write(to: folder.path("empty.gguf"))
        #expect(modelError { _ = try MappedFile(contentsOf: folder.path("empty.gguf")) }?.code == .truncatedFile)
    }

    @Test(.enabled(if: getuid() != 0, "the superuser may read everything"))
    func permissionIsNeeded() throws {
        let url = folder.path("secret.gguf")
        try Data([1, 2, 3]).write(to: url)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: url.path)
        let error = modelError { _ = try MappedFile(contentsOf: url) }
        #expect(error?.code == .unreadableFile)
        #expect(error?.message.contains("permission") == true)
    }
}
