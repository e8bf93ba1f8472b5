// swift-tools-version: 6.2
import PackageDescription

/// One set of strict settings for every target of ours.
///
/// `LEAFPROOF_STRICT=1` (set by `.ci/run`) turns each warning of our own code into an error;
/// it is off otherwise, so that a newer compiler's new warnings never stop a user's build.
let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .strictMemorySafety(),
  ] + (Context.environment["LEAFPROOF_STRICT"] == "1" ? [.treatAllWarnings(as: .error)] : [])

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "leafproof",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "leafproof", targets: ["leafproof"]),
    .library(name: "RuleProgram", targets: ["RuleProgram"]),
    .library(name: "RuleCompiler", targets: ["RuleSyntax", "RuleCompiler"]),
    .library(name: "Ledger", targets: ["Ledger", "LedgerSQLite"]),
    .library(name: "DecisionEngine", targets: ["DecisionEngine"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
    .target(name: "RuleSyntax", dependencies: ["CLibXML2"], swiftSettings: strict),
    .target(
      name: "RuleProgram", dependencies: [crypto],
      exclude: ["ByteFormat/FORMAT.md"], swiftSettings: strict),
    .target(name: "RuleAnalysis", dependencies: ["RuleProgram"], swiftSettings: strict),
    .target(
      name: "RuleCompiler", dependencies: ["RuleSyntax", "RuleProgram", "RuleAnalysis"],
      swiftSettings: strict),
    .target(
      name: "RuleBackends", dependencies: ["RuleProgram"], exclude: ["SQL/COLUMNS.md"],
      swiftSettings: strict),
    .target(name: "CanonicalJSON", swiftSettings: strict),
    .target(
      name: "Ledger", dependencies: [crypto], exclude: ["FORMAT.md"], swiftSettings: strict),
    .target(
      name: "LedgerSQLite",
      dependencies: ["Ledger", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["SCHEMA.md"], swiftSettings: strict),
    .target(
      name: "DecisionEngine",
      dependencies: ["RuleProgram", "RuleAnalysis", "Ledger", "CanonicalJSON", crypto],
      exclude: ["ENTRIES.md", "VIEWS.md"], swiftSettings: strict),
    .executableTarget(
      name: "leafproof",
      dependencies: [
        "RuleSyntax", "RuleProgram", "RuleAnalysis", "RuleCompiler", "RuleBackends",
        "CanonicalJSON",
        "Ledger", "LedgerSQLite", "DecisionEngine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RuleSyntaxTests", dependencies: ["RuleSyntax"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "RuleProgramTests", dependencies: ["RuleProgram"],
      exclude: ["Values/decimal-golden.tsv"], swiftSettings: strict),
    .testTarget(
      name: "RuleAnalysisTests", dependencies: ["RuleAnalysis", "RuleProgram"],
      swiftSettings: strict),
    .testTarget(
      name: "RuleCompilerTests",
      dependencies: ["RuleSyntax", "RuleProgram", "RuleAnalysis", "RuleCompiler"],
      exclude: ["Golden"], swiftSettings: strict),
    .testTarget(
      name: "RuleBackendsTests",
      dependencies: ["RuleBackends", "RuleSyntax", "RuleProgram", "RuleCompiler"],
      swiftSettings: strict),
    .testTarget(
      name: "CanonicalJSONTests", dependencies: ["CanonicalJSON"], swiftSettings: strict),
    .target(
      name: "LedgerConformance", dependencies: ["Ledger"], path: "Tests/LedgerConformance",
      swiftSettings: strict),
    .testTarget(
      name: "LedgerTests",
      dependencies: ["Ledger", "LedgerConformance", "CanonicalJSON", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "LedgerSQLiteTests",
      dependencies: [
        "Ledger", "LedgerSQLite", "LedgerConformance",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DecisionEngineTests",
      dependencies: ["DecisionEngine", "RuleProgram", "Ledger", "CanonicalJSON", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "ProjectTests",
      dependencies: ["RuleSyntax", "DecisionEngine", "Ledger", "LedgerSQLite"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["leafproof"], exclude: ["Golden"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
