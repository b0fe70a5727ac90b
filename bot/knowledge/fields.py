"""YAML nodes to typed values; everything that does not fit is noted with its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum
from typing import TypeVar

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.knowledge.problem import suggestion
from bot.knowledge.sheet import Sheet

E = TypeVar("E", bound=Enum)

_NULL = "tag:yaml.org,2002:null"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
_PLAIN_TAG = "tag:yaml.org,2002:"


class Fields:
    """The fields of one mapping. Asking for one notes what is wrong with it and gives a default.

    Args:
        sheet: where problems and lines are noted.
        node: the mapping.
        examples: each known field with a line that shows how it is written; None allows any name.
        first_line: the line of the file on which the YAML text begins.
        prefix: what precedes the field names in messages, such as ``sources.``.
        unreadable: fields already reported as unreadable, not to be reported as missing.
    """

    def __init__(
        self,
        sheet: Sheet,
        node: MappingNode,
        examples: Mapping[str, str] | None,
        first_line: int,
        *,
        prefix: str = "",
        place: str = "",
        unreadable: Collection[str] = (),
    ) -> None:
        self._sheet = sheet
        self._examples = examples
        self._first_line = first_line
        self._prefix = prefix
        self._place = place or prefix
        self._unreadable = unreadable
        self._line = self._line_of(node)
        self._nodes: dict[str, Node] = {}
        for key, value in node.value:
            self._take(key, value)

    def _take(self, key: Node, value: Node) -> None:
        line = self._line_of(key)
        if not isinstance(key, ScalarNode):
            self._error(line, "", "the name of a field is missing.", "Write 'field: text'.")
            return
        name = key.value
        if self._examples is not None and name not in self._examples:
            otherwise = "Remove it, or use one of: " + ", ".join(self._examples) + "."
            near = suggestion(name, self._examples, otherwise)
            self._error(line, name, "there is no such field.", near)
        elif name in self._nodes:
            first = self._sheet.lines[self._place + name]
            self._error(
                line,
                name,
                f"this field is here twice; the first is on line {first}.",
                "Keep one of the two and remove the other.",
            )
        else:
            self._nodes[name] = value
            self._sheet.lines[self._place + name] = line

    def names(self) -> list[str]:
        """The fields that are there, in their order."""
        return list(self._nodes)

    def text(self, name: str, *, required: bool = True) -> str:
        """One text on one line, stripped; empty when it is absent or unusable."""
        node = self._get(name, required)
        if node is None:
            return ""
        text = self._scalar(node, name)
        if text == "" and required:
            self._error(self._at(name, node), name, "this field is empty.", self._add_line(name))
        return text or ""

    def texts(self, name: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        return self._texts(self._get(name, required), name, self._place + name)

    def text_groups(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; a text alone is a list of one."""
        groups = []
        for index, node in enumerate(self._items(self._get(name, False), name)):
            key = f"{self._place}{name}.{index}"
            self._sheet.lines[key] = self._line_of(node)
            if isinstance(node, SequenceNode):
                groups.append(self._texts(node, name, key))
            elif text := self._item(node, name):
                groups.append((text,))
        return tuple(groups)

    def day(self, name: str, *, required: bool = True) -> date | None:
        """A day, written year-month-day."""
        node = self._get(name, required)
        if node is None:
            return None
        text = self._scalar(node, name)
        if text is None:
            return None
        if _DAY.match(text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                message = f"there is no day '{text}' in the calendar."
        else:
            message = f"'{text}' is not a date." if text else "this field is empty."
        self._error(
            self._at(name, node),
            name,
            message,
            f"Write year-month-day, as in '{name}: 2026-11-21'.",
        )
        return None

    def yes(self, name: str) -> bool:
        """Whether a field is set to true; absent is false."""
        text = self.text(name, required=False)
        if text not in ("true", "false", ""):
            line = self._sheet.lines[self._place + name]
            self._error(line, name, f"'{text}' is not a value.", "Write true or false.")
        return text == "true"

    def choice(self, name: str, kind: type[E], default: E) -> E:
        """One of the values of an enumeration; must be there."""
        return self._choice(self._get(name, True), name, kind) or default

    def choice_or_none(self, name: str, kind: type[E]) -> E | None:
        """One of the values of an enumeration, or None when it is absent."""
        return self._choice(self._get(name, False), name, kind)

    def _choice(self, node: Node | None, name: str, kind: type[E]) -> E | None:
        text = None if node is None else self._scalar(node, name)
        if node is None or text is None:
            return None
        values = [str(one.value) for one in kind]
        if text in values:
            return kind(text)
        otherwise = "Use one of: " + ", ".join(values) + "."
        self._error(
            self._at(name, node),
            name,
            f"'{text}' is not a value of this field." if text else "this field is empty.",
            suggestion(text, values, otherwise) if text else otherwise,
        )
        return None

    def mappings(
        self, name: str, examples: Mapping[str, str] | None, *, required: bool = False
    ) -> list[Fields]:
        """A list of parts that have fields of their own, such as `sources`."""
        found = []
        for index, node in enumerate(self._items(self._get(name, required), name)):
            place = f"{self._place}{name}.{index}"
            self._sheet.lines[place] = self._line_of(node)
            if inner := self._inner(node, name, examples, place):
                found.append(inner)
        return found

    def mapping(self, name: str, examples: Mapping[str, str] | None) -> Fields | None:
        """A part with fields of its own; `examples` None allows any names in it."""
        node = self._get(name, True)
        return None if node is None else self._inner(node, name, examples, self._place + name)

    def _inner(
        self, node: Node, name: str, examples: Mapping[str, str] | None, place: str
    ) -> Fields | None:
        if self._has_anchor(node, name):
            return None
        if isinstance(node, MappingNode):
            prefix = f"{self._prefix}{name}."
            return Fields(
                self._sheet, node, examples, self._first_line, prefix=prefix, place=place + "."
            )
        what = "Write it as in _template.md."
        if examples is not None:
            what = "Write its fields as in _template.md: " + ", ".join(examples) + "."
        self._error(self._line_of(node), name, "this needs fields of its own.", what)
        return None

    def _get(self, name: str, required: bool) -> Node | None:
        node = self._nodes.get(name)
        if node is None and required and name not in self._unreadable:
            self._error(self._line, name, "this field is missing.", self._add_line(name))
        return node

    def _add_line(self, name: str) -> str:
        return f"Add a line such as: {(self._examples or {}).get(name) or name + ': ...'}"

    def _texts(self, node: Node | None, name: str, place: str) -> tuple[str, ...]:
        texts: list[str] = []
        for item in self._items(node, name):
            if text := self._item(item, name):
                self._sheet.lines[f"{place}.{len(texts)}"] = self._line_of(item)
                texts.append(text)
        return tuple(texts)

    def _items(self, node: Node | None, name: str) -> list[Node]:
        if node is None or (isinstance(node, ScalarNode) and node.tag == _NULL):
            return []
        if self._has_anchor(node, name):
            return []
        if isinstance(node, SequenceNode):
            items: list[Node] = node.value
            return items
        self._error(
            self._line_of(node),
            name,
            "this must be a list.",
            f"Write '{name}: [one, two]', or each item on a line of its own that begins with '- '.",
        )
        return []

    def _item(self, node: Node, name: str) -> str | None:
        text = self._scalar(node, name)
        if text == "":
            self._error(self._line_of(node), name, "this item of the list is empty.", "Remove it.")
        return text

    def _scalar(self, node: Node, name: str) -> str | None:
        """The text as it is written (so 000 stays 000), or None with the reason noted."""
        line = self._line_of(node)
        if self._has_anchor(node, name):
            return None
        if isinstance(node, MappingNode):
            self._error(
                line,
                name,
                "this must be text, but a colon or '{' makes it look like a field.",
                "Put the whole text in double quotes.",
            )
        elif isinstance(node, SequenceNode):
            self._error(
                line,
                name,
                "this must be one text, not a list.",
                "Write the text without '[' or '-'.",
            )
        else:
            return "" if node.tag == _NULL else " ".join(str(node.value).split())
        return None

    def _has_anchor(self, node: Node, name: str) -> bool:
        """YAML's anchors and tags are never meant here, and would let a small file grow vast."""
        if node.anchor is None and str(node.tag).startswith(_PLAIN_TAG):
            return False
        self._error(
            self._line_of(node),
            name,
            "text may not begin with '&' or '!'.",
            "Put the whole text in double quotes, or leave the sign out.",
        )
        return True

    def _error(self, line: int, name: str, message: str, what_to_do: str) -> None:
        self._sheet.error(line, self._prefix + name, message, what_to_do)

    def _at(self, name: str, node: Node) -> int:
        """The line of a field's value; the parser sets an absent one on the next line."""
        return self._sheet.lines[self._place + name] if not node.value else self._line_of(node)

    def _line_of(self, node: Node) -> int:
        return int(node.start_mark.line) + self._first_line
