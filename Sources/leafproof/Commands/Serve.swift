#if Server
  import ArgumentParser
  import DecisionEngine
  import DecisionServer
  import Dispatch
  import Synchronization

  /// `leafproof serve`.
  struct Serve: ParsableCommand {
    /// Name, help, examples.
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract: "Serve decisions over HTTP, and pages for people.",
      discussion: """
        Programs ask for decisions and explanations by JSON; people search cases, read why, and \
        try what else would have been decided, in a browser. An answer leaves when its entry is \
        durable in the ledger.

          leafproof serve
          leafproof serve --port 0 --ledger bank.sqlite
          leafproof serve --template letter.txt

        Both need the access token: programs send it as `Authorization: Bearer TOKEN`, people type \
        it once. The first start makes it, in a file that only its owner can read; its path is \
        printed. There is no TLS: to be reached from other machines put a reverse proxy with TLS \
        before it, and name the proxy's host with --allow-host.

        Explanations are given as PDF too where the program WeasyPrint is there at the start.

        SIGTERM and SIGINT end it; what is being answered is answered first.

        Exit codes: 0 ended by a signal; 3 the token file or the template can't be used; 4 the ledger can't be \
        used; 5 the port can't be listened on.
        """)

    @Option(name: .long, help: "The address to listen on.")
    private var host = "127.0.0.1"

    @Option(name: .long, help: "The port to listen on; 0 for any that is free.")
    private var port = 8321

    @Option(
      name: .long,
      help: ArgumentHelp(
        "A name that the server goes by, besides --host and localhost; may be repeated.",
        valueName: "name"))
    private var allowHost: [String] = []

    @Option(
      name: .long,
      help: ArgumentHelp(
        "The file with the access token, which only its owner may read. (default: the ledger's"
          + " path and .token)", valueName: "file"), completion: .file(extensions: ["token"]))
    private var token: String?

    @Option(
      name: .long, help: "The text of letters to subjects.", completion: .file())
    private var template: String?

    @OptionGroup private var ledger: LedgerOptions
    @OptionGroup private var signing: SigningKeyOptions

    /// A port is a number of 16 bits.
    func validate() throws {
      guard (0...65_535).contains(port) else {
        throw ValidationError("--port: \(port) isn't a port; ports go from 0 to 65535")
      }
    }

    /// Serves until a signal ends it.
    func run() throws {
      let letter = try template.map { try LetterFile.read($0) }
      let session = try LedgerSession.writing(ledger.path, keyPath: signing.key)
      let tokenPath = token ?? ledger.path + ".token"
      let secret = try accessToken(tokenPath)
      var settings = ServiceSettings(hosts: allowHost + [host], letter: letter)
      if PDFWriter.isAvailable { settings.pdf = { page in try? PDFWriter.pdf(of: page) } }
      let service = Service(engine: session.engine, token: secret, settings: settings)
      let listener = Listener(service, ListenerSettings(host: host, port: port))
      let address = host.contains(":") ? "[\(host)]" : host
      let failure = Self.wait {
        try await listener.run { port in
          // Whoever waits for this line may connect.
          try? Console.print(
            "listening on http://\(address):\(port)/\naccess token in \(tokenPath)\n")
        }
      }
      if let failure {
        throw Failure(
          .output,
          "error: \(Console.visible(host)):\(port) can't be listened on: \(failure)")
      }
    }

    private func accessToken(_ path: String) throws(Failure) -> AccessToken {
      do {
        return try AccessToken.loadOrCreate(path: path).0
      } catch {
        throw .input("error: " + Console.visible(error.description))
      }
    }

    /// Runs `body` to its end, while this thread waits; gives what it threw.
    private static func wait(
      _ body: @escaping @Sendable () async throws -> Void
    ) -> (any Error)? {
      let ending = Ending()
      Task {
        do {
          try await body()
        } catch {
          ending.failure.withLock { $0 = error }
        }
        ending.done.signal()
      }
      ending.done.wait()
      return ending.failure.withLock { $0 }
    }

    /// How serving ended.
    private final class Ending: Sendable {
      let done = DispatchSemaphore(value: 0)
      let failure = Mutex<(any Error)?>(nil)
    }
  }
#endif
