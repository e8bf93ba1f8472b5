"""The files of a bundle, by Sources/DecisionEngine/EVIDENCE.md."""

import hashlib
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import canonical_json
from checking import expect
from proofs import Checkpoint, check_receipt

SIZE_LIMIT = 1 << 30
FIXED = {
    "SHA256SUMS",
    "VERIFY.md",
    "bundle.json",
    "checkpoint",
    "explanation.html",
    "explanation.json",
    "key.vkey",
}


def read_files(path: Path) -> dict[str, bytes]:
    """The files of a bundle: of an archive, or of the folder that one was unpacked into."""
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file()]
        return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}
    with zipfile.ZipFile(path) as archive:
        items = archive.infolist()
        expect(sum(item.file_size for item in items) <= SIZE_LIMIT, "it is larger than 1 GiB")
        files = {item.filename: archive.read(item) for item in items}
    expect(len(files) == len(items), "the archive has two files of one name")
    return files


def check_sums(files: dict[str, bytes]) -> None:
    """SHA256SUMS is the list of all other files, byte for byte."""
    names = sorted(files.keys() - {"SHA256SUMS"}, key=str.encode)
    for line in files["SHA256SUMS"].decode().splitlines():
        digest, _, name = line.partition("  ")
        expect(name in files, f"{name} is missing")
        expect(hashlib.sha256(files[name]).hexdigest() == digest, f"{name} was changed")
    right = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names)
    expect(files["SHA256SUMS"].decode() == right, "the list isn't that of the files")


@dataclass
class Entry:
    """An entry with what lies beside it."""

    folder: str
    body: bytes
    json: dict
    index: int
    payload: dict | None = None
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.json["type"]


def read_entry(folder: str, files: dict[str, bytes], head: Checkpoint) -> Entry:
    """Reads the entry in `folder`, proves it, and checks its payload against it."""
    own = {
        name.removeprefix(folder + "/"): data
        for name, data in files.items()
        if name.startswith(folder + "/")
    }
    body = own.pop("entry.json")
    index = check_receipt(own.pop("receipt.tlog-proof").decode(), body, head)
    entry = Entry(folder, body, canonical_json.parse_canonical(body), index)
    stored = own.pop("payload.json", None)
    if stored is not None:
        entry.payload = canonical_json.parse_canonical(stored)
        salt = bytes.fromhex(entry.payload["salt"])
        expect(len(salt) == 32, "the salt has not 32 bytes")
        digest = hashlib.sha256(salt + stored).hexdigest()
        expect(digest == entry.json["payload_digest"], "the entry commits to another payload")
        expect(entry.payload["type"] == entry.kind, "the payload is of another type")
    entry.files = own
    return entry


def folders(files: dict[str, bytes]) -> list[str]:
    """The folders that hold an entry, in the order of their indexes; the decision first."""
    found = {name.rpartition("/")[0] for name in files.keys() - FIXED}
    for folder in found:
        expect(
            folder == "decision" or folder.split("/")[0] in ("events", "releases"),
            f"{folder or 'a file'} doesn't belong to a bundle",
        )
    others = sorted(found - {"decision"}, key=lambda name: int(name.split("/")[1].split("-")[0]))
    return ["decision"] + others


def check_list(files: dict[str, bytes], entries: list[Entry], head: Checkpoint) -> None:
    """bundle.json says what is there."""
    stated = canonical_json.parse(files["bundle.json"])
    erasures = {
        entry.json["erases"]: canonical_json.Number(entry.index)
        for entry in entries
        if entry.kind == "erasure"
    }

    def item(entry: Entry) -> dict:
        index = canonical_json.Number(entry.index)
        names = [name for name in files if name.startswith(entry.folder + "/")]
        result = {"files": sorted(names), "index": index, "type": entry.kind}
        if entry.payload is None and "payload_digest" in entry.json:
            expect(
                index in erasures, f"the payload of {entry.folder} is missing, and not as erased"
            )
            result["erased_by"] = erasures[index]
        return result

    def items(kind: str) -> list[dict]:
        return [item(entry) for entry in entries if entry.folder.startswith(kind + "/")]

    for listed in [stated["decision"], *stated["events"], *stated["releases"]]:
        listed["files"].sort()
    right = {
        "case_id": entries[0].json["case_id"],
        "decision": item(entries[0]),
        "events": items("events"),
        "format": canonical_json.Number(1),
        "origin": head.origin,
        "releases": items("releases"),
        "tree_size": canonical_json.Number(head.size),
        "type": "evidence",
    }
    expect(stated == right, "it says something else than the files")
