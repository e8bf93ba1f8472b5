// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .strictMemorySafety(),
]

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "leafproof", path: "..")],
  targets: [
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "CSQLite",
        .product(name: "RuleProgram", package: "leafproof"),
        .product(name: "RuleCompiler", package: "leafproof"),
        .product(name: "Ledger", package: "leafproof"),
        .product(name: "DecisionEngine", package: "leafproof"),
        // The command itself is measured, too, so it is built with the benchmarks.
        .product(name: "leafproof", package: "leafproof"),
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
