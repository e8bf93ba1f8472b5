"""Canonical XML 1.0 with comments, of a whole document without a DOCTYPE: what `xmllint --c14n`
prints. Python's own `xml.etree.ElementTree.canonicalize` is Canonical XML 2.0, which leaves out
namespaces that are declared and not used, so it isn't the same."""

import hashlib
from xml.parsers import expat

from checking import Failed

_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
_VALUE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", '"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
)


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        # For each open element: the namespaces in scope, by prefix; "" is the default one.
        self.scopes: list[dict[str, str]] = [{"": ""}]
        self.is_behind_root = False

    def start(self, name: str, attributes: list[str]) -> None:
        scope = dict(self.scopes[-1])
        declared, others = [], []
        for key, value in zip(attributes[::2], attributes[1::2]):
            prefix, _, local = key.rpartition(":")
            if key == "xmlns" or prefix == "xmlns":
                bound = "" if key == "xmlns" else local
                # A declaration that says nothing new isn't repeated (section 2.3).
                if scope.get(bound) != value and bound != "xml":
                    declared.append((bound, value))
                scope[bound] = value
            else:
                others.append((prefix, local, key, value))
        self.scopes.append(scope)
        self.parts.append(f"<{name}")
        for bound, value in sorted(declared):
            label = f"xmlns:{bound}" if bound else "xmlns"
            self.parts.append(f' {label}="{value.translate(_VALUE)}"')
        spaces = {**scope, "": "", "xml": "http://www.w3.org/XML/1998/namespace"}
        for _, _, key, value in sorted(others, key=lambda a: (spaces[a[0]], a[1])):
            self.parts.append(f' {key}="{value.translate(_VALUE)}"')
        self.parts.append(">")

    def end(self, name: str) -> None:
        self.scopes.pop()
        self.parts.append(f"</{name}>")
        self.is_behind_root = len(self.scopes) == 1

    def text(self, text: str) -> None:
        self.parts.append(text.translate(_TEXT))

    def outside(self, markup: str) -> None:
        """A comment or processing instruction, on a line of its own outside the root element."""
        markup = markup.replace("\r", "&#xD;")
        if len(self.scopes) > 1:
            self.parts.append(markup)
        else:
            self.parts.append(f"\n{markup}" if self.is_behind_root else f"{markup}\n")

    def refuse(self, *_) -> None:
        raise Failed("the source has a DOCTYPE")


def canonical_xml(source: bytes) -> bytes:
    """The Canonical XML form of a document."""
    writer = _Writer()
    parser = expat.ParserCreate("utf-8")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    parser.CommentHandler = lambda text: writer.outside(f"<!--{text}-->")
    parser.ProcessingInstructionHandler = lambda target, data: writer.outside(
        f"<?{target} {data}?>" if data else f"<?{target}?>"
    )
    parser.StartDoctypeDeclHandler = writer.refuse
    parser.Parse(source, True)
    return "".join(writer.parts).encode("utf-8")


def source_digest(source: bytes) -> str:
    """The digest of a source as releases name it."""
    return hashlib.sha256(canonical_xml(source)).hexdigest()
