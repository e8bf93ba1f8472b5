import ArgumentParser

/// Where the ledger is: shared by all commands that read or write one.
struct LedgerOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The ledger; LEAFPROOF_LEDGER in the environment names another default. (default:"
        + " leafproof.sqlite)", valueName: "path"), completion: .file(extensions: ["sqlite"]))
  private var ledger: String?

  /// The path of the ledger.
  var path: String {
    if let ledger { return ledger }
    let named = SystemCalls.environment("LEAFPROOF_LEDGER") ?? ""
    return named.isEmpty ? "leafproof.sqlite" : named
  }

  /// A path must name something.
  func validate() throws {
    if ledger?.isEmpty == true { throw ValidationError("--ledger needs a path") }
  }
}

/// The signing key: shared by the commands that write.
struct SigningKeyOptions: ParsableArguments {
  /// The key file named by the user.
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The file with the signing key, which only its owner may read. (default: the ledger's path"
        + " and .key)", valueName: "file"), completion: .file(extensions: ["key"]))
  var key: String?
}

/// The key that is trusted: shared by the commands that check signatures.
struct TrustedKeyOptions: ParsableArguments {
  /// A verifier key, or the file that holds one or a signing key.
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The key that the ledger must be signed with: a verifier key NAME+ID+KEY, or a file that"
        + " holds one, or the signing key's file.", valueName: "key"), completion: .file())
  var key: String?
}
