import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Names of files and folders in the making: `.NAME.partial-PROCESS-UNIQUE` beside the place of the finished one.
///
/// The number of the process tells later ones whether whoever made it is still at work.
package enum AsideName {
    /// A name that nothing else has.
    ///
    /// - Parameters:
    ///   - name: what it is to be called in the end.
    ///   - purpose: one word, `partial` or `replaced`.
    package static func make(for name: String, _ purpose: Purpose = .partial) -> String {
        ".\(name).\(purpose)-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
    }

    /// What stands under the name.
    package enum Purpose: String {
        /// What is being written.
        case partial
        /// What is about to go, once the new one is in its place.
        case replaced
    }

    /// Whether a process that is no more left a file or folder of this name.
    package static func isAbandoned(_ name: String) -> Bool {
        guard let match = name.wholeMatch(of: #/\..+\.(?:partial|replaced)-(\d+)-[0-9A-F-]{36}/#),
            let process = pid_t(match.1)
        else { return false }
        return kill(process, 0) != 0 && errno == ESRCH
    }

    /// Removes what dead processes left in a folder; what cannot be removed stays.
    ///
    /// - Parameter name: only what was to be called so; nil is everything.
    package static func removeAbandoned(in folder: URL, for name: String? = nil) {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        for found in names where isAbandoned(found) {
            if let name, !found.hasPrefix(".\(name).") { continue }
            try? files.removeItem(at: folder.appending(path: found))
        }
    }
}
