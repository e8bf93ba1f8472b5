/// Why a ledger could not do what was asked.
public enum LedgerError: Error, Sendable, Equatable {
  /// The system refused to read or write.
  case io(String)
  /// What is stored contradicts itself at `place`; nothing was written.
  case corrupt(place: String, reason: String)
  /// No room is left on the disk.
  case full(String)
  /// Another writer held the ledger longer than the time allowed.
  case busy(String)
  /// There is no ledger at this path.
  case missing(path: String)
  /// The file is something other than a ledger.
  case notALedger(path: String)
  /// The ledger was written by a newer program, in a format that this one doesn't know.
  case newerFormat(found: Int, supported: Int)
  /// The signing key isn't the one that this ledger's checkpoints are signed with.
  case keyMismatch(expected: String, found: String)
  /// The file that holds the signing key can't be used; the text says why and names the mend.
  case keyFile(path: String, reason: String)
  /// The ledger was opened for reading only.
  case readOnly
  /// An entry's body is larger than ``Submission/bodyLimit``.
  case entryTooLarge(bytes: Int, limit: Int)
  /// A payload is larger than ``Payload/sizeLimit``.
  case payloadTooLarge(bytes: Int, limit: Int)
  /// A submission that no ledger can take; the text says why.
  case invalidSubmission(String)
  /// The append's condition doesn't hold: the entry at `index` came in between.
  case conflict(index: UInt64)
  /// There is no entry at this index.
  case noEntry(index: UInt64)
  /// The entry at this index has no payload that could be erased.
  case noPayload(index: UInt64)
}

extension LedgerError: CustomStringConvertible {
  /// What went wrong, and where it is known, the mend; it holds no entry's or payload's content.
  public var description: String {
    switch self {
    case .io(let reason): "the ledger can't be read or written: \(reason)"
    case .corrupt(let place, let reason): "the ledger is damaged at \(place): \(reason)"
    case .full(let reason): "no room is left for the ledger: \(reason)"
    case .busy(let reason): "the ledger is held by another writer: \(reason)"
    case .missing(let path): "there is no ledger at \(path)"
    case .notALedger(let path): "\(path) isn't a ledger"
    case .newerFormat(let found, let supported):
      "the ledger has format \(found), this program knows formats up to \(supported);"
        + " use a newer program"
    case .keyMismatch(let expected, let found):
      "the ledger is signed with the key \(expected), but the key given is \(found)"
    case .keyFile(let path, let reason): "the key file \(path) can't be used: \(reason)"
    case .readOnly: "the ledger was opened for reading only"
    case .entryTooLarge(let bytes, let limit):
      "an entry of \(bytes) bytes; at most \(limit) are allowed"
    case .payloadTooLarge(let bytes, let limit):
      "a payload of \(bytes) bytes; at most \(limit) are allowed"
    case .invalidSubmission(let reason): "an entry that can't be recorded: \(reason)"
    case .conflict(let index): "another writer recorded entry \(index) in the meantime"
    case .noEntry(let index): "there is no entry \(index)"
    case .noPayload(let index): "entry \(index) has no payload"
    }
  }
}

/// Why a proof, a note, a checkpoint, a receipt or a key is not valid.
public enum ProofError: Error, Sendable, Equatable {
  /// The text isn't of the form that its format prescribes.
  case malformed(what: String, reason: String)
  /// The kind of key or signature isn't supported: only Ed25519 (type 1) is.
  case unsupportedAlgorithm(UInt8)
  /// No signature by the key with this name is present.
  case notSigned(by: String)
  /// A signature that names a trusted key doesn't verify.
  case badSignature(by: String)
  /// The checkpoint is another log's.
  case wrongOrigin(expected: String, found: String)
  /// The proof is for an index that the tree doesn't have.
  case indexBeyondSize(index: UInt64, size: UInt64)
  /// The later tree is smaller than the earlier one.
  case sizesReversed(size1: UInt64, size2: UInt64)
  /// The earlier tree is empty: every tree is a later state of it, and no proof says anything.
  case emptyTree
  /// The proof has too many or too few hashes.
  case wrongLength(expected: Int, found: Int)
  /// The hashes don't lead to the root: what is claimed to be in the log isn't.
  case wrongRoot
}

extension ProofError: CustomStringConvertible {
  /// What isn't valid.
  public var description: String {
    switch self {
    case .malformed(let what, let reason): "not a valid \(what): \(reason)"
    case .unsupportedAlgorithm(let type): "keys of type \(type) aren't supported, only Ed25519"
    case .notSigned(let name): "no signature by \(name)"
    case .badSignature(let name): "the signature by \(name) doesn't verify"
    case .wrongOrigin(let expected, let found):
      "the checkpoint is of the log \(found), not of \(expected)"
    case .indexBeyondSize(let index, let size):
      "the proof is for index \(index) of a tree with \(size) entries"
    case .sizesReversed(let size1, let size2):
      "the later tree has \(size2) entries, the earlier one \(size1)"
    case .emptyTree: "the earlier tree is empty, so there is nothing to prove"
    case .wrongLength(let expected, let found):
      "the proof has \(found) hashes, it needs \(expected)"
    case .wrongRoot: "the proof doesn't lead to the checkpoint's root hash"
    }
  }
}
