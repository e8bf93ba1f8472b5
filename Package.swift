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
    .library(name: "DecisionServer", targets: ["DecisionServer"]),
  ],
  traits: [
    .trait(name: "Server", description: "`leafproof serve`, and the packages that it needs."),
    .default(enabledTraits: ["Server"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibXML2", pkgConfig: "libxml-2.0",
      providers: [.apt(["libxml2-dev"]), .brew(["libxml2"])]),
    .target(
      name: "RuleSyntax", dependencies: ["CLibXML2"], resources: [.embedInCode("Schemas")],
      swiftSettings: strict),
    .target(
      name: "RuleProgram", dependencies: [crypto],
      exclude: ["ByteFormat/FORMAT.md"], swiftSettings: strict),
    .target(name: "RuleAnalysis", dependencies: ["RuleProgram"], swiftSettings: strict),
    .target(
      name: "RuleCompiler", dependencies: ["RuleSyntax", "RuleProgram", "RuleAnalysis"],
      resources: [.embedInCode("Findings")], swiftSettings: strict),
    .target(
      name: "RuleBackends", dependencies: ["RuleProgram"], exclude: ["SQL/COLUMNS.md"],
      swiftSettings: strict),
    .target(name: "CanonicalJSON", swiftSettings: strict),
    .target(
      name: "Ledger", dependencies: [crypto], exclude: ["FORMAT.md"], swiftSettings: strict),
    .target(
      name: "LedgerSQLite",
      dependencies: [
        "Ledger", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      exclude: ["SCHEMA.md"], swiftSettings: strict),
    .target(
      name: "DecisionEngine",
      dependencies: ["RuleProgram", "RuleAnalysis", "Ledger", "CanonicalJSON", crypto],
      exclude: ["ENTRIES.md", "EVIDENCE.md", "VIEWS.md", "explanation.schema.json"],
      swiftSettings: strict),
    .target(
      name: "DecisionServer",
      dependencies: [
        "DecisionEngine", "RuleSyntax", "RuleProgram", "RuleCompiler", "Ledger", "CanonicalJSON",
        crypto,
        .product(
          name: "Hummingbird", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(
          name: "HummingbirdCore", package: "hummingbird", condition: .when(traits: ["Server"])),
        .product(
          name: "HTTPTypes", package: "swift-http-types", condition: .when(traits: ["Server"])),
        .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Server"])),
        .product(name: "NIOCore", package: "swift-nio", condition: .when(traits: ["Server"])),
      ],
      exclude: ["API.md"], swiftSettings: strict),
    .executableTarget(
      name: "leafproof",
      dependencies: [
        "RuleSyntax", "RuleProgram", "RuleAnalysis", "RuleCompiler", "RuleBackends",
        "CanonicalJSON",
        "Ledger", "LedgerSQLite", "DecisionEngine",
        .target(name: "DecisionServer", condition: .when(traits: ["Server"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RuleSyntaxTests", dependencies: ["RuleSyntax", "SeededRandom"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "RuleProgramTests", dependencies: ["RuleProgram", "SeededRandom"],
      exclude: ["Values/decimal-golden.tsv"], swiftSettings: strict),
    .testTarget(
      name: "RuleAnalysisTests", dependencies: ["RuleAnalysis", "RuleProgram", "SeededRandom"],
      swiftSettings: strict),
    .testTarget(
      name: "RuleCompilerTests",
      dependencies: [
        "RuleSyntax", "RuleProgram", "RuleAnalysis", "RuleCompiler", "NaiveEvaluation",
        "SeededRandom",
      ],
      exclude: ["Golden"], swiftSettings: strict),
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: strict),
    .target(
      name: "NaiveEvaluation", dependencies: ["RuleSyntax", "RuleProgram"],
      path: "Tests/NaiveEvaluation", swiftSettings: strict),
    .testTarget(
      name: "RuleBackendsTests",
      dependencies: [
        "RuleBackends", "RuleSyntax", "RuleProgram", "RuleCompiler", "NaiveEvaluation",
        "SeededRandom",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "CanonicalJSONTests", dependencies: ["CanonicalJSON", "SeededRandom"],
      swiftSettings: strict),
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
      dependencies: [
        "DecisionEngine", "RuleSyntax", "RuleCompiler", "RuleProgram", "Ledger", "CanonicalJSON",
        crypto, "SeededRandom",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DecisionServerTests",
      dependencies: [
        .target(name: "DecisionServer", condition: .when(traits: ["Server"])),
        "RuleSyntax", "RuleProgram", "RuleCompiler", "DecisionEngine", "Ledger", "LedgerSQLite",
        "CanonicalJSON", crypto,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ProjectTests",
      dependencies: ["RuleSyntax", "DecisionEngine", "Ledger", "LedgerSQLite"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests", dependencies: ["leafproof", "RuleSyntax", "SeededRandom"],
      exclude: ["Golden"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
