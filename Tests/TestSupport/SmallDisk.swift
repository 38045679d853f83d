import Foundation

/// A disk of a given size in memory, for tests of a disk that is full; only the superuser of a Linux can make one.
public final class SmallDisk: Sendable {
    /// Whether one can be made here.
    public static let isPossible = (try? SmallDisk(kilobytes: 64)) != nil

    private struct Failure: Error {}
    private let folder: ScratchFolder

    /// Where the disk is.
    public var url: URL { folder.path("disk") }

    /// Makes the disk.
    public init(kilobytes: Int) throws {
        folder = try ScratchFolder()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", url.path) else { throw Failure() }
    }

    deinit { _ = Self.run("umount", "-l", url.path) }

    /// Gives the disk another size.
    public func resize(kilobytes: Int) throws {
        guard Self.run("mount", "-o", "remount,size=\(kilobytes)k", url.path) else { throw Failure() }
    }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
