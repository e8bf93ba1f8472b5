"""Reading rule sets and pipelines as XML: elements of one namespace, others ignored."""

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from canonical_xml import canonical_xml
from checking import Failed, expect

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class Node:
    """An element of the document's namespace."""

    def __init__(self, element: Element, namespace: str) -> None:
        self.element = element
        self.namespace = namespace

    @staticmethod
    def root(source: bytes, kind: str) -> "Node":
        """The root element of a document of the kind `ruleset` or `pipeline`."""
        canonical_xml(source)  # Refuses a DOCTYPE, and with it entities, before the tree is built.
        namespace = f"{{urn:leafproof:{kind}:1}}"
        element = ElementTree.fromstring(source)
        expect(element.tag == namespace + kind, f"the source is no {kind}")
        return Node(element, namespace)

    @property
    def name(self) -> str:
        return self.element.tag.removeprefix(self.namespace)

    def children(self, *names: str) -> list["Node"]:
        """The children with one of these names; all of the namespace without names."""
        found = [
            Node(child, self.namespace)
            for child in self.element
            if isinstance(child.tag, str) and child.tag.startswith(self.namespace)
        ]
        return [node for node in found if not names or node.name in names]

    def child(self, *names: str) -> "Node | None":
        """The only child with one of these names."""
        found = self.children(*names)
        expect(len(found) <= 1, f"<{self.name}> holds more than one of {', '.join(names)}")
        return found[0] if found else None

    def needed(self, *names: str) -> "Node":
        """The child with one of these names, which must be there."""
        found = self.child(*names)
        if found is None:
            raise Failed(f"<{self.name}> lacks {' or '.join(names)}")
        return found

    def get(self, name: str, default: str | None = None) -> str:
        """An attribute without white space at its ends."""
        value = self.element.get(name, default)
        if value is None:
            raise Failed(f"<{self.name}> lacks the attribute {name}")
        return value.strip(" \t\r\n")

    def list(self, name: str) -> list[str]:
        """The words of an attribute, with spaces or commas between them."""
        return self.get(name, "").replace(",", " ").split()

    @property
    def text(self) -> str:
        """The element's own text without white space at its ends."""
        parts = [self.element.text or ""] + [child.tail or "" for child in self.element]
        return "".join(parts).strip(" \t\r\n")

    @property
    def prose(self) -> str:
        """The element's text with single spaces."""
        return " ".join(self.text.split())

    def language(self, default: str) -> str:
        """The language that the element names."""
        return self.element.get(_XML_LANG, default).strip().lower()
