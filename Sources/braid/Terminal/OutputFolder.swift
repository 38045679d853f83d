import BenchmarkStore
import Foundation

/// The folder that a command writes to.
enum OutputFolder {
    /// The one that was asked for; else one under `parent` that is called after a build or profile.
    ///
    /// Names come out of profiles and databases, which may be anyone's, so one that would lead elsewhere is refused.
    static func url(_ asked: String?, under parent: String, named name: String) throws -> URL {
        if let asked { return URL(filePath: asked, directoryHint: .isDirectory) }
        guard name.isPlainFileName else {
            throw CommandError(
                .badArgument,
                "\"\(VisibleText.line(name, limit: 60))\" cannot be the name of a folder under \(parent)/: say with --output "
                    + "where to write")
        }
        return URL(filePath: "\(parent)/\(name)", directoryHint: .isDirectory)
    }
}
