/// What every store's append does besides storing: it lets the tree grow and signs its head.
package struct LogWriter: Sendable {
  /// The key that signs, named like the log.
  package let key: SigningKey
  /// The tree with everything appended so far, stored or about to be.
  package private(set) var frontier: TreeFrontier
  /// The roots of the tiles that were completed and not taken yet.
  private var completed: [TreeFrontier.CompletedTile] = []

  /// A writer that goes on from `frontier`.
  package init(key: SigningKey, frontier: TreeFrontier) {
    self.key = key
    self.frontier = frontier
  }

  /// The index that the next entry gets.
  package var nextIndex: UInt64 { frontier.size }

  /// Lets the tree grow by an entry with this leaf hash.
  package mutating func append(_ leaf: Hash) {
    frontier.append(leaf) { completed.append($0) }
  }

  /// The tiles completed since the last call.
  package mutating func takeCompletedTiles() -> [TreeFrontier.CompletedTile] {
    defer { completed = [] }
    return completed
  }

  /// The signed checkpoint of the tree as it is.
  package func checkpoint() throws(LedgerError) -> String {
    let head = Checkpoint(
      origin: key.verifierKey.name, size: frontier.size, root: frontier.root)
    do {
      return try key.sign(head.text).note
    } catch {
      throw .io("the checkpoint can't be signed: \(error)")
    }
  }
}
