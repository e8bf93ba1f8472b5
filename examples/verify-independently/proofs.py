"""What is hashed and signed (Sources/Ledger/FORMAT.md): RFC 6962, C2SP signed-note,
tlog-checkpoint, tlog-proof, Ed25519."""

import base64
import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from checking import NotChecked, expect


def decode_base64(text: str) -> bytes:
    """The bytes of a base 64 text in its one canonical form."""
    data = base64.b64decode(text, validate=True)
    expect(base64.b64encode(data).decode() == text, "base 64 isn't in canonical form")
    return data


@dataclass(frozen=True)
class VerifierKey:
    """A key that signs checkpoints: `NAME+ID+BASE64(0x01, public key)`."""

    name: str
    key_id: bytes
    public_key: bytes

    @staticmethod
    def parse(text: str) -> "VerifierKey":
        name, key_id, data = text.split("+", 2)
        key = decode_base64(data)
        expect(key[:1] == b"\x01" and len(key) == 33, "the verifier key is no Ed25519 key")
        right = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        expect(key_id == right.hex(), "the verifier key's ID isn't that of its name and key")
        return VerifierKey(name, right, key[1:])


@dataclass(frozen=True)
class Checkpoint:
    """A tree head, and the note that signs it."""

    note: str
    origin: str
    size: int
    root: bytes

    @staticmethod
    def verified(note: str, key: VerifierKey) -> "Checkpoint":
        """The checkpoint of a note that `key` signed."""
        text, blank, signatures = note.rpartition("\n\n")
        text += "\n"
        expect(bool(blank) and signatures.endswith("\n"), "the note has no signature lines")
        signed = False
        for line in signatures[:-1].split("\n"):
            dash, name, data = line.split(" ")
            expect(dash == "—", "a signature line doesn't begin with an em dash")
            signature = decode_base64(data)
            if name == key.name and signature[:4] == key.key_id:
                expect(
                    verify_ed25519(key.public_key, signature[4:], text.encode()),
                    "the signature isn't the key's",
                )
                signed = True
        expect(signed, "the key didn't sign it")
        origin, size, root, *_ = text.split("\n")
        expect(origin == key.name, "it is another log's")
        expect(size == str(int(size)) and int(size) >= 0, "its size isn't a decimal number")
        return Checkpoint(note, origin, int(size), decode_base64(root))


def verify_ed25519(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether it is the signature; by the package `cryptography`, else by the program openssl."""
    if len(signature) != 64:
        return False
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return _verify_by_openssl(public_key, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _verify_by_openssl(public_key: bytes, signature: bytes, message: bytes) -> bool:
    # SubjectPublicKeyInfo of RFC 8410.
    der = bytes.fromhex("302a300506032b6570032100") + public_key
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in [("key", der), ("signature", signature), ("message", message)]:
            (folder / file).write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
        command += ["-inkey", "key", "-sigfile", "signature", "-in", "message"]
        try:
            run = subprocess.run(command, cwd=folder, capture_output=True, check=False)
        except FileNotFoundError:
            raise NotChecked(
                "Ed25519 needs Python's `cryptography` or the program `openssl`; both are missing"
            ) from None
    return run.returncode == 0


def leaf_hash(entry: bytes) -> bytes:
    """The leaf hash of an entry (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def root_of_path(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that an audit path leads to (RFC 9162, section 2.1.3.2)."""
    expect(0 <= index < size, "the index lies outside of the tree")
    at, last, value = index, size - 1, leaf
    for sibling in path:
        expect(last > 0, "the proof is too long")
        if at % 2 == 1 or at == last:
            value = hashlib.sha256(b"\x01" + sibling + value).digest()
            while at % 2 == 0 and at > 0:
                at, last = at >> 1, last >> 1
        else:
            value = hashlib.sha256(b"\x01" + value + sibling).digest()
        at, last = at >> 1, last >> 1
    expect(last == 0, "the proof is too short")
    return value


def check_receipt(text: str, entry: bytes, head: Checkpoint) -> int:
    """Checks that a receipt proves `entry` in the tree of `head`, and gives the entry's index. The
    receipt is built anew from what was read: nothing else may stand in it."""
    top, _, note = text.partition("\n\n")
    lines = top.split("\n")
    extra, index, path = decode_base64(lines[1][6:]), int(lines[2][6:]), lines[3:]
    expect(extra == entry, "the receipt holds another entry")
    expect(note == head.note, "the receipt leads to another checkpoint")
    hashes = [decode_base64(line) for line in path]
    expect(all(len(value) == 32 for value in hashes), "a hash of the receipt has not 32 bytes")
    root = root_of_path(leaf_hash(entry), index, head.size, hashes)
    expect(root == head.root, "the entry is not in the tree that was signed")
    built = [
        "c2sp.org/tlog-proof@v1",
        "extra " + base64.b64encode(entry).decode(),
        f"index {index}",
    ]
    expect(text == "\n".join(built + path) + "\n\n" + note, "the receipt isn't in its one form")
    return index
