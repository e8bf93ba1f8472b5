public import Ledger

/// Decides, records, explains and replays over one ledger. Safe to share between threads: what it
/// caches are immutable releases.
public final class Engine: Sendable {
  /// The version that entries name as `engine`: the meaning of decisions, not of the user interface.
  public static let version = "0.1.0"

  /// The ledger that everything is recorded in.
  public let store: any LedgerStore
  /// The releases of the ledger.
  let registry: Registry
  /// What time it is.
  let clock: @Sendable () -> Instant
  /// That many unpredictable bytes.
  let random: @Sendable (Int) -> [UInt8]

  /// An engine over `store`.
  ///
  /// - Parameter clock: what time it is; by default the system's clock.
  /// - Parameter random: that many unpredictable bytes, for salts and case IDs; by default the
  ///   system's generator.
  public init(
    store: any LedgerStore, clock: @escaping @Sendable () -> Instant = { Instant.now() },
    random: @escaping @Sendable (Int) -> [UInt8] = { SystemRandom.bytes($0) }
  ) {
    self.store = store
    self.clock = clock
    self.random = random
    registry = Registry(store: store)
  }
}
