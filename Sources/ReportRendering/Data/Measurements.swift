/// What was measured while a run was made: when, on what, and how long everything took.
///
/// All else in a report follows from the run's inputs and is the same byte for byte however often, on how many threads
/// and with how many interruptions the run is made. These numbers are not, so they have a file of their own.
public struct Measurements: Hashable, Sendable, Codable {
    /// How long a method took, as means over its settings.
    public struct Times: Hashable, Sendable, Codable {
        /// The method's name.
        public var method: String
        /// Wall-clock seconds of training on compositional data.
        public var trainingSeconds: Double?
        /// Wall-clock seconds of searches; one that serves several settings counts once.
        public var searchSeconds: Double?
        /// Wall-clock seconds for one answer.
        public var secondsPerExample: Double?

        package init(
            method: String, trainingSeconds: Double? = nil, searchSeconds: Double? = nil,
            secondsPerExample: Double? = nil
        ) {
            self.method = method
            self.trainingSeconds = trainingSeconds
            self.searchSeconds = searchSeconds
            self.secondsPerExample = secondsPerExample
        }
    }

    /// CPU and operating system, and the machine as JSON.
    public var cpu, system, machine: String
    /// Threads that the run used.
    public var threads: Int
    /// Commit of Braid's source.
    public var commit: String
    /// First moment of the run, ISO 8601.
    public var startedAt: String
    /// Last moment of the run; nil while it is not complete.
    public var finishedAt: String?
    /// The methods in the order of the register.
    public var times: [Times]

    package init(
        cpu: String, system: String, machine: String = "{}", threads: Int, commit: String, startedAt: String,
        finishedAt: String? = nil, times: [Times] = []
    ) {
        self.cpu = cpu
        self.system = system
        self.machine = machine
        self.threads = threads
        self.commit = commit
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.times = times
    }
}
