import Foundation

extension SourceFile {
    /// The names, without `.gz`, of the files beside it: in its folder on disk or in its archive.
    var siblingNames: [String] {
        guard spooled == nil || member != nil, !isCollection else { return [] }
        guard let member else {
            let folder = url.deletingLastPathComponent().path(percentEncoded: false)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.map { SourceFile(path: $0, url: url).name }
        }
        func folder(_ path: String) -> [Substring] { path.split(separator: "/").dropLast() }
        let members = (try? ArchiveReader.members(of: self)) ?? nil
        return (members ?? []).filter { folder($0) == folder(member) }.map { SourceFile(path: $0, url: url).name }
    }

    /// The beginning of its documents' keys: its folder and `stem`, unlike that of any other stem or folder.
    func keyPrefix(stem: String) -> String {
        let folders = folder.split { $0 == "/" || $0 == "!" }.map(String.init)
        return (folders.last == stem ? folders : folders + [stem]).joined(separator: "-")
    }
}
