// swift-tools-version: 6.1
import PackageDescription

// Arrows point up: a target imports only what is listed for it, and `make test` lets SwiftPM check that.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]
let math: [LinkerSetting] = [.linkedLibrary("m", .when(platforms: [.linux]))]
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
// BLAS and LAPACK.
let lapack: [LinkerSetting] = [
    .linkedLibrary("openblas", .when(platforms: [.linux])), .linkedFramework("Accelerate", .when(platforms: [.macOS])),
]
let crypto = Target.Dependency.target(name: "CLibCrypto", condition: .when(platforms: [.linux]))

let package = Package(
    name: "Braid",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "braid", targets: ["braid"]),
        .library(name: "ModelEngine", targets: ["ModelEngine"]),
        .library(name: "AdapterMerging", targets: ["AdapterMerging"]),
        .library(name: "TextMetrics", targets: ["TextMetrics"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .target(name: "CKernels", linkerSettings: math),
        .systemLibrary(name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"]), .brew(["libarchive"])]),
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
        // Declarations alone; AdapterMerging links what defines them.
        .systemLibrary(name: "CLibLAPACK"),
        .target(name: "SeededRandom", swiftSettings: strict),
        .target(name: "TextSafety", swiftSettings: strict),
        .target(name: "TextMetrics", dependencies: ["SeededRandom"], swiftSettings: strict, linkerSettings: math),
        .target(
            name: "BenchmarkStore", dependencies: ["TextMetrics", grdb, sqlite, crypto], swiftSettings: strict),
        .target(
            name: "CorpusIngest",
            dependencies: ["BenchmarkStore", "TextMetrics", "TextSafety", "CLibArchive", "CLibXML2"],
            swiftSettings: strict),
        .target(
            name: "BenchmarkBuilder", dependencies: ["BenchmarkStore", "SeededRandom", "TextMetrics"],
            swiftSettings: strict),
        .target(name: "ModelEngine", dependencies: ["CKernels", "SeededRandom", "TextSafety"], swiftSettings: strict),
        .target(
            name: "AdapterMerging",
            dependencies: ["CKernels", "ModelEngine", "SeededRandom", "TextSafety", "CLibLAPACK"],
            swiftSettings: strict, linkerSettings: lapack),
        .target(
            name: "EvaluationRunner",
            dependencies: [
                "TextMetrics", "BenchmarkStore", "BenchmarkBuilder", "ModelEngine", "AdapterMerging", "SeededRandom",
                "TextSafety",
                "Yams", .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),
        .target(
            name: "ReportRendering",
            dependencies: [
                "BenchmarkStore", "TextMetrics", "SeededRandom", .product(name: "Mustache", package: "swift-mustache"),
            ], swiftSettings: strict),
        .executableTarget(
            name: "braid",
            dependencies: [
                "CorpusIngest", "BenchmarkBuilder", "EvaluationRunner", "ReportRendering", "BenchmarkStore",
                "ModelEngine", "AdapterMerging", "TextMetrics", "SeededRandom",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),
        .target(
            name: "TestSupport", dependencies: ["SeededRandom"], path: "Tests/TestSupport", swiftSettings: strict),
        .target(
            name: "EvaluationSupport",
            dependencies: ["EvaluationRunner", "BenchmarkStore", "ModelEngine", "TestSupport"],
            path: "Tests/EvaluationSupport", swiftSettings: strict),
        .testTarget(
            name: "TextMetricsTests", dependencies: ["TextMetrics", "SeededRandom", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "BenchmarkStoreTests", dependencies: ["BenchmarkStore", "TestSupport", grdb], swiftSettings: strict),
        .testTarget(
            name: "CorpusIngestTests",
            dependencies: [
                "CorpusIngest", "BenchmarkStore", "TextMetrics", "TextSafety", "TestSupport", "CLibArchive", grdb,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "BenchmarkBuilderTests",
            dependencies: ["BenchmarkBuilder", "BenchmarkStore", "TextMetrics", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ModelEngineTests", dependencies: ["ModelEngine", "CKernels", "SeededRandom", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "AdapterMergingTests",
            dependencies: ["AdapterMerging", "ModelEngine", "SeededRandom", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "EvaluationRunnerTests",
            dependencies: [
                "EvaluationRunner", "BenchmarkStore", "CorpusIngest", "BenchmarkBuilder", "AdapterMerging",
                "ModelEngine", "ReportRendering", "TestSupport", "EvaluationSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ReportRenderingTests", dependencies: ["ReportRendering", "BenchmarkStore", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "braid", "AdapterMerging", "BenchmarkStore", "EvaluationSupport", "ModelEngine", "SeededRandom",
                "TestSupport", grdb,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RealModelTests", dependencies: ["ModelEngine", "AdapterMerging", "TestSupport"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11
)
