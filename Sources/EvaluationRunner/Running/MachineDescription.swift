import Foundation

/// What a run says of the machine that it ran on.
public struct MachineDescription: Sendable, Equatable {
    /// The processor's name.
    public var processor: String
    public var cores: Int
    /// Bytes of memory.
    public var memory: UInt64
    /// Name and version of the operating system.
    public var system: String

    public init(processor: String, cores: Int, memory: UInt64, system: String) {
        self.processor = processor
        self.cores = cores
        self.memory = memory
        self.system = system
    }

    /// This machine.
    public static func current() -> MachineDescription {
        let info = ProcessInfo.processInfo
        return MachineDescription(
            processor: processorName(), cores: info.activeProcessorCount, memory: info.physicalMemory,
            system: info.operatingSystemVersionString)
    }

    private static func processorName() -> String {
        #if os(Linux)
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("model name") || $0.hasPrefix("Model") }
            let name = line?.split(separator: ":", maxSplits: 1).last.map { $0.drop(while: \.isWhitespace) }
            return name.map(String.init) ?? "unknown"
        #else
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var bytes = [CChar](repeating: 0, count: max(size, 1))
            sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0)
            return String(decoding: bytes.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        #endif
    }
}
