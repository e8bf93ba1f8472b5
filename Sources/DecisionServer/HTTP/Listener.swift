#if Server
  import HTTPTypes
  import Hummingbird
  import HummingbirdCore
  import Logging
  import NIOCore

  /// Listens on a port and hands each request to a ``Service``; the one place that knows the HTTP
  /// library.
  public struct Listener: Sendable {
    private let service: Service
    private let settings: ListenerSettings

    /// A listener for `service`.
    public init(_ service: Service, _ settings: ListenerSettings) {
      self.service = service
      self.settings = settings
    }

    /// Serves until the process is told to end (SIGTERM or SIGINT): then no new connection is taken,
    /// and what is being answered is answered.
    ///
    /// - Parameter onStart: called with the port, when connections are taken.
    public func run(onStart: @escaping @Sendable (Int) -> Void) async throws {
      let server = HTTPServerBuilder.http1(
        configuration: .init(idleTimeout: .seconds(Int64(settings.idleSeconds))))
      let application = Application(
        responder: CallbackResponder<ChannelContext> { request, context in
          await self.respond(to: request, on: context.channel)
        },
        server: server,
        configuration: ApplicationConfiguration(
          address: .hostname(settings.host, port: settings.port), serverName: nil,
          availableConnectionsDelegate: MaximumAvailableConnections(settings.connectionLimit)),
        onServerRunning: { channel in onStart(channel.localAddress?.port ?? settings.port) },
        // Requests hold what belongs to people, so nothing of them is logged.
        logger: Logger(label: "leafproof", factory: { _ in SwiftLogNoOpLogHandler() }))
      try await application.runService()
    }

    private func respond(to received: Request, on channel: any Channel) async -> Response {
      var request = ServerRequest(received)
      switch service.admit(request) {
      case .answer(let response):
        // The body of a refused request isn't waited for.
        let hasBody = request.method != "GET" && request.method != "HEAD"
        if hasBody { Self.close(channel) }
        return Response(response, to: request, closes: hasBody)
      case .run(let route, let visitor, let limit):
        if request.method == "POST" {
          do throws(Problem) {
            request.body = try await body(of: received, limit: limit)
          } catch {
            Self.close(channel)
            return Response(service.failed(error, request), to: request, closes: true)
          }
        }
        return Response(await service.run(request, route, visitor), to: request, closes: false)
      }
    }

    /// Closes a connection on which more of a body may come than anybody reads. A little later, so
    /// that the answer arrives before the other side is told that its connection broke.
    private static func close(_ channel: any Channel) {
      _ = channel.eventLoop.scheduleTask(in: .seconds(2)) { channel.close(promise: nil) }
    }

    /// The body, if it arrives whole and in time.
    private func body(of request: Request, limit: Int) async throws(Problem) -> [UInt8] {
      let seconds = settings.bodySeconds
      let result = await withTaskGroup(of: Result<[UInt8], Problem>.self) { group in
        group.addTask { await Self.collect(request.body, limit: limit) }
        group.addTask {
          try? await Task.sleep(for: .seconds(seconds))
          return .failure(.timeout)
        }
        let first = await group.next() ?? .failure(.timeout)
        group.cancelAll()
        return first
      }
      return try result.get()
    }

    private static func collect(_ body: RequestBody, limit: Int) async -> Result<[UInt8], Problem> {
      var bytes: [UInt8] = []
      do {
        for try await part in body {
          guard bytes.count + part.readableBytes <= limit else {
            return .failure(.tooLarge(limit))
          }
          bytes.append(contentsOf: part.readableBytesView)
        }
      } catch {
        return .failure(.timeout)
      }
      return .success(bytes)
    }
  }

  /// What comes along with a request: its connection.
  private struct ChannelContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The connection.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
      coreContext = .init(source: source)
      channel = source.channel
    }
  }

  extension ServerRequest {
    /// A request as the HTTP library received it.
    fileprivate init(_ request: Request) {
      var headers: [String: String] = [:]
      for field in request.headers {
        let name = field.name.canonicalName
        let separator = name == "cookie" ? "; " : ", "
        headers[name] = headers[name].map { $0 + separator + field.value } ?? field.value
      }
      if let host = request.head.authority { headers["host"] = host }
      self.init(method: request.method.rawValue, target: request.head.path ?? "", headers: headers)
    }
  }

  extension Response {
    /// A response for the HTTP library.
    fileprivate init(_ response: ServerResponse, to request: ServerRequest, closes: Bool) {
      var fields = HTTPFields()
      for header in response.headers {
        guard let name = HTTPField.Name(header.name) else { continue }
        fields.append(HTTPField(name: name, value: header.value))
      }
      if closes { fields[.connection] = "close" }
      fields[.contentLength] = "\(response.body.count)"
      let body: ResponseBody =
        request.method == "HEAD"
        ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body))
      self.init(status: .init(code: response.status), headers: fields, body: body)
    }
  }
#endif
