/// How a ``Listener`` listens.
public struct ListenerSettings: Sendable {
  /// The address to listen on: a name, or an IPv4 or IPv6 address.
  public var host: String
  /// The port; 0 for any that is free.
  public var port: Int
  /// How long a connection may be idle, in seconds.
  public var idleSeconds: Int
  /// How long a body may take to arrive, in seconds.
  public var bodySeconds: Int
  /// The most connections at once; more wait.
  public var connectionLimit = 800

  /// Listens on `host` and `port`.
  public init(
    host: String = "127.0.0.1", port: Int = 8321, idleSeconds: Int = 60, bodySeconds: Int = 30
  ) {
    self.host = host
    self.port = port
    self.idleSeconds = idleSeconds
    self.bodySeconds = bodySeconds
  }
}
