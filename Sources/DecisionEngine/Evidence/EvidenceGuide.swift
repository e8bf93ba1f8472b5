import CanonicalJSON

/// `VERIFY.md`: what a bundle holds, and how to check it without us.
struct EvidenceGuide {
  /// The case.
  var caseID: String
  /// The bundle's entries.
  var entries: [EvidenceEntry]

  /// The document.
  var text: String {
    [title, contents, gone, Self.notRedacted, Self.checks, Self.proofs].joined(separator: "\n\n")
      + "\n"
  }

  private var title: String {
    """
    # Evidence for one case

    The case ID, as a JSON string:

        \(VisibleText.of(JSON.string(caseID).compactText))

    This bundle holds what was decided, from what, by which rules, and the proof that the record is
    in the ledger as it was written. Everything can be checked without the program that wrote it, and
    without trusting whoever handed it over. You need one thing from elsewhere: the verifier key of
    the ledger's owner. `key.vkey` is the key as this bundle states it; compare the two.
    """
  }

  private var contents: String {
    let rows = entries.map { item in
      "| `\(item.folder)` | \(Self.words(item)) | \(item.entry.index) |"
    }
    return """
      ## What is in it

      | folder | what | ledger entry |
      |---|---|---|
      \(rows.joined(separator: "\n"))

      In each folder: `entry.json`, the exact bytes of the ledger's entry; `receipt.tlog-proof`, the
      proof that they are in the ledger; `payload.json`, what the entry commits to, if it has any. In
      a release's folder also `source.xml`, the exact source, and what was compiled from it.

      Besides: `checkpoint`, the signed head of the ledger that all receipts lead to;
      `explanation.html` for reading and `explanation.json` for programs; `bundle.json`, the list of
      all this for programs; `SHA256SUMS`, the digest of every other file.
      """
  }

  private static func words(_ item: EvidenceEntry) -> String {
    let json = item.entry.json
    switch (item.role, item.entry.type) {
    case (.release, _):
      let kind = ReleaseKind(rawValue: json["kind"]?.string ?? "")?.words ?? "release"
      return "release of a \(kind)"
    case (.decision, "refusal"): return "the refusal: the request could not be decided"
    case (.decision, _): return "the decision"
    case (_, "refusal"): return "an earlier request of this case ID, refused"
    case (_, "choice"): return "the candidate that the case ended with"
    case (_, "result"): return "what came of the case"
    case (_, "override"): return "a person's decision in the place of this one"
    case (_, "erasure"): return "the erasure of entry \(json["erases"]?.plainText ?? "?")"
    case (_, "replay"): return "a re-execution that was recorded"
    default: return "an entry about the case"
    }
  }

  private var gone: String {
    let lost = entries.filter { $0.erasure != nil }
    guard !lost.isEmpty else { return "Nothing was erased." }
    let lines = lost.map { item in
      "- Entry \(item.entry.index) (`\(item.folder)`): its payload was destroyed, as entry"
        + " \(item.erasure.map { "\($0)" } ?? "?") records."
    }
    return """
      ## What is gone

      On request, personal data were erased. The entries remain, with commitments that tell nothing
      without what was destroyed.

      \(lines.joined(separator: "\n"))

      What lay there can't be shown or re-executed any more: for a decision the inputs, the request,
      the response and the salt. That it was decided, when, by which versions and, as far as its
      entry says, with which outcome, stays proven.
      """
  }

  private static let notRedacted = """
    **Nothing is redacted.** An explanation may withhold trade secrets; evidence can't, since it would
    prove nothing. The rule sets' sources with all thresholds, the scores and the inputs are in here.
    Give it to whoever may see them.
    """

  private static let checks = """
    ## How to check it

    **All of it at once**: `examples/verify-independently` of Leafproof is a verifier in Python. It
    was written from the format documents and shares no code with the program that wrote this.

        python3 verify.py BUNDLE.zip --key OWNERS-KEY.vkey

    It exits with 0 only if it could check everything. **With standard tools**, in the folder that
    the bundle was unpacked into:

    1. No file was damaged on the way.
       ```sh
       sha256sum --check SHA256SUMS
       ```
    2. The checkpoint is signed by the key. The note's text is signed with Ed25519; the signature is
       the last 64 bytes of what the last line holds in base 64.
       ```sh
       parts=$(mktemp -d)
       sed '/^$/,$d' checkpoint > "$parts/text"
       sed -n 's/^— [^ ]* //p' checkpoint | base64 -d | tail -c 64 > "$parts/signature"
       (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'
         cut -d+ -f3- key.vkey | base64 -d | tail -c 32) > "$parts/key"
       openssl pkeyutl -verify -pubin -keyform DER -inkey "$parts/key" -rawin \\
         -in "$parts/text" -sigfile "$parts/signature"
       ```
    3. An entry is in the ledger (RFC 6962, section 2.1.1). Its leaf hash is the SHA-256 of a zero byte
       and the entry's bytes; with the hashes of the receipt it gives the root, the checkpoint's third
       line.
       ```sh
       python3 - decision <<'END'
       from base64 import b64decode, b64encode
       from hashlib import sha256
       from sys import argv
       folder = argv[1]
       hash = sha256(b"\\0" + open(folder + "/entry.json", "rb").read()).digest()
       head, note = open(folder + "/receipt.tlog-proof", encoding="utf-8").read().split("\\n\\n", 1)
       lines = [line for line in head.split("\\n")[1:] if not line.startswith("extra ")]
       index, size = int(lines[0].split()[1]), int(note.split("\\n")[1])
       at, last = index, size - 1
       for line in lines[1:]:
           other = b64decode(line)
           right = at % 2 == 1 or at == last
           hash = sha256(b"\\1" + (other + hash if right else hash + other)).digest()
           while right and at % 2 == 0 and at:
               at, last = at // 2, last // 2
           at, last = at // 2, last // 2
       assert note == open("checkpoint", encoding="utf-8").read() and last == 0
       assert b64encode(hash).decode() == note.split("\\n")[2], "not in the ledger"
       print("in the ledger, at", index, "of", size)
       END
       ```
    4. A payload is the one that its entry commits to: `payload_digest` is the SHA-256 of the salt's
       bytes and the payload's bytes. (Nothing to do where the payload is gone.)
       ```sh
       python3 - decision <<'END'
       from hashlib import sha256
       from json import load, loads
       from os.path import exists
       from sys import argv
       folder = argv[1]
       if exists(folder + "/payload.json"):
           payload = open(folder + "/payload.json", "rb").read()
           salt = bytes.fromhex(loads(payload)["salt"])
           digest = load(open(folder + "/entry.json", encoding="utf-8"))["payload_digest"]
           assert sha256(salt + payload).hexdigest() == digest, "another payload"
           print("the payload that the entry commits to")
       END
       ```
    5. The sources and programs are those that the entries name. The digest of a source is that of its
       Canonical XML form. Compare the digests with `source_digest`, `program_digest` and
       `definition_digest` in the release's `entry.json`, and with those in `decision/entry.json`.
       ```sh
       for folder in releases/*; do
         grep -o '"[a-z]*_digest":"[0-9a-f]*"' "$folder/entry.json"
         xmllint --c14n "$folder/source.xml" | sha256sum
         (cd "$folder" && sha256sum *.lprg *.lpwd definition.bin 2> /dev/null || true)
       done
       ```
    6. The decision follows from the sources and the inputs: read `source.xml` with the `inputs` of
       `decision/payload.json`, from the top of the tree to the leaf; or let the verifier do it.
    """

  private static let proofs = """
    ## What proves what

    - **The signature** binds the checkpoint to the key, and by the receipts every `entry.json`. None
      can be changed, added or left out of the tree without the key.
    - **An entry** binds its payload by `payload_digest`, and the releases by their digests. So
      inputs, request, response, sources, programs and definitions can't be changed either.
    - **`SHA256SUMS`** shows damage. It is not signed: whoever changes `explanation.html`, this file
      or `bundle.json` on purpose can write it anew. The digest of the whole bundle, as its maker
      tells it by another way, covers them; and whoever has the ledger can make the same bytes again.
    - **The explanation** proves nothing by itself. The verifier compares `explanation.json` with
      what it finds when it decides again; `explanation.html` says the same in words.
    - **Not proven**: that the score was right, that the inputs were true, that the bundle holds all
      that was recorded later about the case, and that the ledger's owner signed no other history.
    """
}
