import CLibArchive
import Foundation
import TestSupport

/// Packs texts as gzip, zip or tar files, for tests of reading them.
enum PackedFiles {
    /// How to pack.
    enum Packing: CaseIterable { case gzip, zip, tarGzip, tar }

    /// Writes members, by path, into a packed file; gzip takes the first alone.
    static func write(_ members: [(path: String, text: String)], as packing: Packing, to url: URL) throws {
        let archive = archive_write_new()
        defer { archive_write_free(archive) }
        switch packing {
        case .gzip:
            archive_write_add_filter_gzip(archive)
            archive_write_set_format_raw(archive)
        case .zip: archive_write_set_format_zip(archive)
        case .tarGzip:
            archive_write_add_filter_gzip(archive)
            archive_write_set_format_ustar(archive)
        case .tar: archive_write_set_format_ustar(archive)
        }
        guard archive_write_open_filename(archive, url.path) == ARCHIVE_OK else { throw Failure() }
        for member in packing == .gzip ? Array(members.prefix(1)) : members {
            let entry = archive_entry_new()
            defer { archive_entry_free(entry) }
            archive_entry_set_pathname(entry, member.path)
            // A path with a slash at its end is a folder.
            archive_entry_set_filetype(entry, member.path.hasSuffix("/") ? 0o040000 : 0o100000)
            archive_entry_set_perm(entry, 0o644)
            let bytes = Array(member.text.utf8)
            archive_entry_set_size(entry, Int64(bytes.count))
            guard archive_write_header(archive, entry) == ARCHIVE_OK,
                archive_write_data(archive, bytes, bytes.count) == bytes.count
            else { throw Failure() }
        }
        guard archive_write_close(archive) == ARCHIVE_OK else { throw Failure() }
    }

    struct Failure: Error {}
}
