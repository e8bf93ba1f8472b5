"""Writes a bundle of evidence anew as the owner of the ledger's key could: texts are replaced, and
every digest, commitment, receipt and signature is made again. Only deciding again can still tell.

Usage: forge_evidence.py FOLDER KEYFILE OLD NEW [FILE-PATTERN]

FOLDER holds an unpacked bundle with all entries of its ledger. OLD becomes NEW in the files that
the pattern names (by default those of the decision)."""

import base64
import fnmatch
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> None:
    folder, key_file, old, new = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
    pattern = sys.argv[5] if len(sys.argv) > 5 else "decision/*"
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    for name in fnmatch.filter(files, pattern):
        files[name] = files[name].replace(old.encode(), new.encode())
    for name in sorted(files, key=lambda name: not name.startswith("releases/")):
        if name.endswith("/entry.json"):
            bind(files, name.rpartition("/")[0])
    sign(files, key_file)
    names = sorted(files.keys() - {"SHA256SUMS"})
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names)
    files["SHA256SUMS"] = sums.encode()
    for name, data in files.items():
        (folder / name).write_bytes(data)


def bind(files: dict, folder: str) -> None:
    """Makes the digests of an entry those of what lies beside it, and renames them everywhere."""
    entry = json.loads(files[f"{folder}/entry.json"])
    fresh = {}
    if f"{folder}/source.xml" in files:
        run = ["xmllint", "--c14n", "-"]
        form = subprocess.run(
            run, input=files[f"{folder}/source.xml"], capture_output=True, check=True
        )
        fresh["source_digest"] = hashlib.sha256(form.stdout).hexdigest()
    payload = files[f"{folder}/payload.json"]
    salt = bytes.fromhex(json.loads(payload)["salt"])
    fresh["payload_digest"] = hashlib.sha256(salt + payload).hexdigest()
    if "inputs_commitment" in entry:
        # The forged inputs stand in the payload in canonical form.
        inputs = payload[payload.index(b'"inputs":') + 9 : payload.index(b',"request":')]
        fresh["inputs_commitment"] = hashlib.sha256(salt + inputs).hexdigest()
    for member, digest in fresh.items():
        for name in files:
            if name.endswith(("entry.json", "explanation.json")):
                files[name] = files[name].replace(entry[member].encode(), digest.encode())


def sign(files: dict, key_file: Path) -> None:
    """Makes the tree of all entries, its checkpoint and the receipts."""
    names = [name for name in files if name.endswith("/entry.json")]
    index = {name: position(files, name) for name in names}
    names.sort(key=index.get)
    assert list(index[name] for name in names) == list(range(len(names))), "entries are missing"
    leaves = [hashlib.sha256(b"\x00" + files[name]).digest() for name in names]
    note = checkpoint(root(leaves), len(leaves), key_file)
    files["checkpoint"] = note.encode()
    for name in names:
        lines = ["c2sp.org/tlog-proof@v1", f"extra {encoded(files[name])}", f"index {index[name]}"]
        lines += [encoded(value) for value in path(leaves, index[name])]
        receipt = "\n".join(lines) + "\n\n" + note
        files[name.replace("entry.json", "receipt.tlog-proof")] = receipt.encode()


def position(files: dict, name: str) -> int:
    receipt = files[name.replace("entry.json", "receipt.tlog-proof")].decode()
    return int(receipt.split("\nindex ")[1].split("\n")[0])


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def cut(leaves: list) -> int:
    """The largest power of two below the number of leaves (RFC 6962, section 2.1)."""
    return 1 << (len(leaves) - 1).bit_length() - 1


def root(leaves: list) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    middle = cut(leaves)
    return hashlib.sha256(b"\x01" + root(leaves[:middle]) + root(leaves[middle:])).digest()


def path(leaves: list, index: int) -> list:
    if len(leaves) == 1:
        return []
    middle = cut(leaves)
    if index < middle:
        return path(leaves[:middle], index) + [root(leaves[middle:])]
    return path(leaves[middle:], index - middle) + [root(leaves[:middle])]


def checkpoint(tree: bytes, size: int, key_file: Path) -> str:
    _, _, name, key_id, data = key_file.read_text().strip().split("+", 4)
    text = f"{name}\n{size}\n{encoded(tree)}\n"
    # PKCS #8 of RFC 8410, around the seed.
    der = bytes.fromhex("302e020100300506032b657004220420") + base64.b64decode(data)[1:]
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "key").write_bytes(der)
        (Path(place) / "text").write_text(text)
        run = [
            "openssl",
            "pkeyutl",
            "-sign",
            "-keyform",
            "DER",
            "-inkey",
            "key",
            "-rawin",
            "-in",
            "text",
        ]
        signature = subprocess.run(run, cwd=place, capture_output=True, check=True).stdout
    return f"{text}\n— {name} {encoded(bytes.fromhex(key_id) + signature)}\n"


main()
