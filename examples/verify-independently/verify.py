#!/usr/bin/env python3
"""Checks an evidence bundle of Leafproof without Leafproof.

Written from the format documents alone: Sources/DecisionEngine/EVIDENCE.md and ENTRIES.md,
Sources/Ledger/FORMAT.md, Sources/RuleProgram/ByteFormat/FORMAT.md, and README.md."""

import argparse
import hashlib
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import canonical_json
import explanation
from bundle import Entry, check_list, check_sums, folders, read_entry, read_files
from canonical_xml import source_digest
from checking import Failed, NotChecked, Report, expect, visible
from pipeline import Pipeline, Run
from proofs import Checkpoint, VerifierKey
from record import Recorder, same, without_texts
from ruleset import RuleSet


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Checks an evidence bundle. Exit codes: 0 all was checked and is right; 1"
        " something is wrong; 2 wrong usage; 3 nothing is wrong, but something was not checked."
    )
    parser.add_argument("bundle", type=Path, help="the archive, or the folder it was unpacked into")
    parser.add_argument(
        "--key", help="the owner's verifier key NAME+ID+KEY, or a file with it; not from the bundle"
    )
    options = parser.parse_args()
    report = Report()
    Verifier(report, options.key).verify(options.bundle)
    code = report.exit_code()
    print({0: "verified", 1: "NOT VERIFIED", 3: "NOT WHOLLY CHECKED"}[code])
    return code


class Verifier:
    """Goes from the files to the decision; each step rests on the ones before it."""

    def __init__(self, report: Report, key: str | None) -> None:
        self.report = report
        self.key_option = key
        self.files: dict[str, bytes] = {}
        self.entries: list[Entry] = []

    def verify(self, path: Path) -> None:
        check = self.report.check
        files = check("the bundle can be read", lambda: read_files(path))
        if files is None:
            return
        self.files = files
        check("SHA256SUMS lists every file, and none was changed", lambda: check_sums(files))
        key = check("key.vkey is a verifier key", self.read_key)
        if key is None:
            return
        check("the key is the owner's, known from elsewhere", lambda: self.check_key(key))
        head = check("the checkpoint is signed by the key", lambda: self.read_head(key))
        if head is None:
            return
        for folder in check("the files are those of a bundle", lambda: folders(files)) or []:
            entry = check(
                f"{folder}: in the ledger, with its payload",
                lambda: read_entry(folder, files, head),
            )
            if entry is None:
                return
            self.entries.append(entry)
        if not self.entries:
            return
        check("bundle.json lists what is there", lambda: check_list(files, self.entries, head))
        for entry in self.entries:
            if entry.kind == "release":
                check(f"{entry.folder}: source and digests", lambda: check_release(entry))
        check("decision and events are of one case", self.check_events)
        self.verify_decision()

    def read_key(self) -> VerifierKey:
        return VerifierKey.parse(self.files["key.vkey"].decode().removesuffix("\n"))

    def check_key(self, key: VerifierKey) -> None:
        given = self.key_option
        if given is None:
            raise NotChecked("give the key that you have from the ledger's owner: --key KEY")
        if Path(given).is_file():
            given = Path(given).read_text(encoding="utf-8").split("\n")[0]
        expect(VerifierKey.parse(given) == key, "the bundle was signed by another key")

    def read_head(self, key: VerifierKey) -> Checkpoint:
        return Checkpoint.verified(self.files["checkpoint"].decode(), key)

    def check_events(self) -> None:
        case_id, own = self.entries[0].json["case_id"], str(self.entries[0].index)
        for entry in self.entries:
            if entry.kind == "release":
                continue
            expect(entry.json["case_id"] == case_id, f"{entry.folder} is about another case")
            expect(entry.json.get("decision", own) == own, f"{entry.folder} is about another entry")
            if entry.payload:
                expect(entry.payload["case_id"] == case_id, "its payload is another case's")
            if entry.folder != "decision":
                expect(entry.folder.split("-")[0] == f"events/{entry.index}", "a wrong folder")

    def verify_decision(self) -> None:
        check, decision = self.report.check, self.entries[0]
        told = check("explanation.json is about this case", self.read_explanation)
        pipeline = check("the releases that decided are here", self.read_pipeline)
        if pipeline is None:
            return
        run = check("the decision can be executed again", lambda: self.execute(pipeline))
        if run is None:
            return
        if decision.kind == "refusal":
            check("the request is refused, for the same problems", lambda: self.check_refusal(run))
        else:
            recorder = Recorder(pipeline, run, self.releases())
            check("the inputs are those of the request", lambda: self.check_inputs(recorder))
            check(
                "leaf, outcome, outputs, reasons are the same", lambda: self.check_answer(recorder)
            )
            check("the entry says what was answered", self.check_body)
            check(
                "explanation.json tells the path that was taken",
                lambda: explanation.check_results(told or {}, recorder),
            )

    def read_explanation(self) -> dict:
        told = canonical_json.parse(self.files["explanation.json"])
        events = [e for e in self.entries if e.folder.startswith("events/")]
        explanation.check_head(told, self.entries[0], events)
        return told

    def releases(self) -> dict:
        """The releases' entries by kind and ID@VERSION."""
        return {
            (e.json["kind"], release_name(e)): e.json for e in self.entries if e.kind == "release"
        }

    def source(self, kind: str, name: str) -> bytes:
        """The source of a release, which must be older than the decision."""
        for entry in self.entries:
            if entry.kind == "release" and (entry.json["kind"], release_name(entry)) == (
                kind,
                name,
            ):
                expect(entry.index < self.entries[0].index, f"{name} was published later")
                return entry.files["source.xml"]
        raise Failed(f"the release of the {kind} {name} is missing")

    def read_pipeline(self) -> Pipeline:
        named = self.entries[0].json["pipeline"]
        name = f"{named['id']}@{named['version']}"
        pipeline = Pipeline(
            self.source("pipeline", name), lambda rules: RuleSet(self.source("ruleset", rules))
        )
        right = pipeline.references() | {("pipeline", name)}
        for kind, reference in right:
            self.source(kind, reference)
        expect(self.releases().keys() == right, "there are releases that the pipeline doesn't name")
        digest = self.releases()["pipeline", name]["definition_digest"]
        expect(digest == named["digest"], "the pipeline's digest isn't the decision's")
        return pipeline

    def execute(self, pipeline: Pipeline) -> Run:
        decision = self.entries[0]
        if decision.payload is None:
            raise NotChecked("its inputs were erased")
        payload = decision.payload
        if "request_bytes" in payload:
            raise NotChecked("its request was too large to be kept whole")
        if "request" in payload:
            request = payload["request"].encode("utf-8")
        else:
            request = bytes.fromhex(payload["request_hex"])
        return pipeline.run(request, decision.json["case_id"])

    def check_inputs(self, recorder: Recorder) -> None:
        payload, body = self.entries[0].payload, self.entries[0].json
        expect(not recorder.run.problems, f"the request is refused: {recorder.run.problems}")
        inputs = canonical_json.canonical_bytes(recorder.inputs())
        expect(
            inputs == canonical_json.canonical_bytes(payload["inputs"]),
            "other inputs were recorded",
        )
        digest = commitment(payload, inputs)
        expect(digest == body["inputs_commitment"], "the entry commits to other inputs")

    def check_answer(self, recorder: Recorder) -> None:
        response, body = self.entries[0].payload["response"], self.entries[0].json
        right = recorder.response()
        for name in ("case_id", "time", "type", "engine"):
            right[name] = body[name]
        for name in sorted(right.keys() | response.keys()):
            expect(name in response, f"the response lacks {name}")
            expect(name in right, f"the response has {name}, and shouldn't")
            expect(
                same(right[name], response[name]),
                f"{name} is {canonical_json.dump(right[name])}, and"
                f" {canonical_json.dump(response[name])} was recorded",
            )

    def check_body(self) -> None:
        """The entry has the response's members, and the commitments to what it leaves out."""
        payload, body = self.entries[0].payload, self.entries[0].json
        right = dict(payload["response"])
        if "ranked" in right:
            lists = {name: right.pop(name) for name in ("discarded", "not_kept", "ranked")}
            counts = {name: canonical_json.Number(len(lists[name])) for name in lists}
            digest = commitment(payload, canonical_json.canonical_bytes(lists))
            right["candidates"] = {**counts, "commitment": digest}
        else:
            right = without_texts(right)
            if "outputs_commitment" in body:
                outputs = canonical_json.canonical_bytes(right.pop("outputs"))
                right["outputs_commitment"] = commitment(payload, outputs)
        for name in ("inputs_commitment", "payload_digest"):
            right[name] = body[name]
        expect(same(right, body), "the entry says something else")

    def check_refusal(self, run: Run) -> None:
        payload, body = self.entries[0].payload, self.entries[0].json
        listed = payload["response"]["problems"]
        right = [
            {
                key: value
                for key, value in [
                    ("field", p.field),
                    ("code", p.code),
                    ("candidate", p.candidate),
                    ("position", None if p.position is None else canonical_json.Number(p.position)),
                ]
                if value is not None
            }
            for p in run.problems
        ]
        told = [{key: p[key] for key in p if key != "message"} for p in listed]
        expect(told == right, f"other problems were found: {canonical_json.dump(right)}")
        expect(body["problems"] == listed[:50], "the entry tells other problems than the response")
        expect(int(body["problem_count"]) == len(listed), "the entry counts other problems")


def release_name(entry: Entry) -> str:
    return f"{entry.json['id']}@{entry.json['version']}"


def commitment(payload: dict, content: bytes) -> str:
    """The commitment to some bytes (ENTRIES.md, section 1)."""
    return hashlib.sha256(bytes.fromhex(payload["salt"]) + content).hexdigest()


def check_release(entry: Entry) -> None:
    """The source and what was compiled from it are those that the entry names."""
    body, payload, files = entry.json, entry.payload, dict(entry.files)
    expect(entry.folder == f"releases/{entry.index}-{body['kind']}", "a wrong folder")
    if payload is None:
        raise Failed("its payload is missing")
    for name in ("kind", "id", "version"):
        expect(payload[name] == body[name], f"the payload is of another {name}")
    source = files.pop("source.xml")
    expect(source == payload["source"].encode("utf-8"), "source.xml isn't the source published")
    expect(source_digest(source) == body["source_digest"], "the source has another digest")
    parts = [("definition", "definition.bin")]
    if body["kind"] == "ruleset":
        parts = [("program", "program.lprg"), ("wording", "wording.lpwd")]
    for part, file in parts:
        data = files.pop(file)
        expect(data.hex() == payload[part], f"{file} isn't the one published")
        expect(
            hashlib.sha256(data).hexdigest() == body[f"{part}_digest"], f"{file}: another digest"
        )
    expect(not files, f"{', '.join(map(visible, files))}: nothing says what that is")


if __name__ == "__main__":
    sys.exit(main())
