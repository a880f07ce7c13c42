// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every Swift target: the newest language mode, and nothing unsafe that is not spelt out.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableExperimentalFeature("Lifetimes"),
]

let package = Package(
  name: "downlinkd",
  products: [
    .executable(name: "downlinkd", targets: ["downlinkd"]),
    .executable(name: "downlinkctl", targets: ["downlinkctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    // What the system has, made visible to Swift.
    .systemLibrary(name: "CLibpcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CMath"),
    .target(name: "CLinux"),
    .target(name: "CPage"),
    .target(name: "CKernels"),

    // The core: pure, without a clock, a socket or a file.
    .target(name: "CCSDSWire", swiftSettings: settings),
    .target(name: "CCSDSCoding", dependencies: ["CCSDSWire", "CKernels"], swiftSettings: settings),
    .target(name: "CCSDSLink", dependencies: ["CCSDSWire", "CCSDSCoding"], swiftSettings: settings),
    .target(name: "LinkHealth", dependencies: ["CCSDSLink", "CCSDSCoding", "CCSDSWire"], swiftSettings: settings),
    .target(name: "MissionDatabase", dependencies: ["CCSDSWire", "CExpat", "CMath"], swiftSettings: settings),

    // The edges: they know the operating system.
    .target(
      name: "StationConfiguration",
      dependencies: ["CCSDSLink", "CCSDSCoding", "CCSDSWire", "CYaml"], swiftSettings: settings),
    .target(name: "Ingest", dependencies: ["CLibpcap", "CLinux"], swiftSettings: settings),
    .target(name: "Publish", dependencies: ["LinkHealth", "CLinux", "CZlib"], swiftSettings: settings),
    .target(
      name: "Web",
      dependencies: [
        "LinkHealth", "Publish", "CPage",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      exclude: ["Page", "OpenAPI/documents.json"], swiftSettings: settings),
    .target(name: "SpacecraftSimulator", swiftSettings: settings),
    .target(
      name: "DownlinkService",
      dependencies: [
        "CCSDSWire", "CCSDSCoding", "CCSDSLink", "LinkHealth", "MissionDatabase", "StationConfiguration", "Ingest",
        "Publish", "SpacecraftSimulator", "CLinux",
      ], swiftSettings: settings),
    .executableTarget(
      name: "downlinkd",
      dependencies: [
        "DownlinkService", "StationConfiguration", "LinkHealth", "CCSDSLink", "Publish", "Web",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "downlinkctl",
      dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
      swiftSettings: settings),

    // The proof.
    .testTarget(name: "CCSDSWireTests", dependencies: ["TestSupport", "CCSDSWire"], swiftSettings: settings),
    .testTarget(
      name: "CCSDSCodingTests",
      dependencies: [
        "TestSupport", "AllocationCounter", "CCSDSCoding", "CCSDSWire", "CKernels", "CLibfec", "SpacecraftSimulator",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CCSDSLinkTests", dependencies: ["TestSupport", "CCSDSLink", "CCSDSCoding", "CCSDSWire"],
      swiftSettings: settings),
    .testTarget(
      name: "LinkHealthTests", dependencies: ["TestSupport", "LinkHealth", "CCSDSLink", "CCSDSCoding", "CCSDSWire"],
      swiftSettings: settings),
    .testTarget(
      name: "MissionDatabaseTests", dependencies: ["TestSupport", "AllocationCounter", "MissionDatabase", "CCSDSWire"],
      swiftSettings: settings),
    .testTarget(
      name: "StationConfigurationTests",
      dependencies: ["StationConfiguration", "CCSDSLink", "CCSDSCoding", "CCSDSWire"], swiftSettings: settings),
    .testTarget(name: "IngestTests", dependencies: ["TestSupport", "Ingest", "CLinux"], swiftSettings: settings),
    .testTarget(
      name: "PublishTests",
      dependencies: ["TestSupport", "Publish", "LinkHealth", "CLinux", "DiskFaults", "downlinkctl"],
      swiftSettings: settings),
    .testTarget(
      name: "DownlinkctlTests", dependencies: ["downlinkctl", "downlinkd"], swiftSettings: settings),
    .testTarget(
      name: "WebTests", dependencies: ["TestSupport", "Web", "Publish", "LinkHealth", "CLinux"], swiftSettings: settings
    ),
    .testTarget(
      name: "SpacecraftSimulatorTests", dependencies: ["TestSupport", "SpacecraftSimulator"], swiftSettings: settings),
    .testTarget(
      name: "DownlinkServiceTests",
      dependencies: [
        "DownlinkService", "SpacecraftSimulator", "StationConfiguration", "LinkHealth", "CCSDSLink", "CCSDSCoding",
        "CCSDSWire", "Ingest", "Publish", "CLinux", "AllocationCounter", "TestSupport", "downlinkd",
      ],
      swiftSettings: settings),
    .testTarget(name: "TidyTests", swiftSettings: settings),
    .systemLibrary(name: "CLibfec", path: "Tests/CLibfec", providers: [.apt(["libfec-dev"])]),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .target(name: "DiskFaults", path: "Tests/DiskFaults"),
    .target(name: "TestSupport", dependencies: ["Publish"], path: "Tests/TestSupport", swiftSettings: settings),

    // The measure: what the hot paths cost, and the same work in plain C.
    .target(
      name: "CReference", dependencies: ["CKernels", "CLibpcap", "CLibfec"], path: "Tests/Benchmarks/CReference"),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CCSDSWire", "CCSDSCoding", "CCSDSLink", "LinkHealth", "MissionDatabase", "Ingest", "DownlinkService",
        "SpacecraftSimulator", "CKernels", "CReference", "CLibfec",
      ],
      path: "Tests/Benchmarks", exclude: ["CReference"], swiftSettings: settings),
  ]
)

// The fuzzers need a sanitizer and coverage, which `.ci/fuzz` switches on for a build folder of its own.
if Context.environment["DOWNLINKD_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzz", path: "Tests/Fuzz/CFuzz"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "CFuzz", "CCSDSWire", "CCSDSCoding", "CCSDSLink", "LinkHealth", "MissionDatabase", "StationConfiguration",
        "Ingest", "Publish", "DownlinkService",
      ],
      path: "Tests/Fuzz", exclude: ["CFuzz"], swiftSettings: settings, linkerSettings: [.linkedLibrary("stdc++")]),
  ]
}
