"""A TOML table read strictly: every key is asked for once, and what was not asked for is refused."""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

Member = TypeVar("Member", bound=StrEnum)
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_MISSING: Any = object()


class DefinitionError(Exception):
    """A definition that cannot be used; names the file, the code and the key."""

    def __init__(self, path: Path, code: str, key: str, message: str) -> None:
        self.path, self.code, self.key, self.message = path, code, key, message
        place = f"{path.parent.name}/{path.name}"
        super().__init__(": ".join(part for part in (place, code, key, message) if part))


class Entry:
    """One table of a file. Reading a key marks it as known; `close` refuses the others."""

    def __init__(self, data: dict[str, Any], path: Path, owner: str = "") -> None:
        self.data, self.path, self.owner = data, path, owner
        self.known: set[str] = set()

    @property
    def name(self) -> str:
        code = self.data.get("code")
        return code if isinstance(code, str) else self.owner

    def error(self, key: str, message: str) -> DefinitionError:
        return DefinitionError(self.path, self.name, key, message)

    def has(self, key: str) -> bool:
        self.known.add(key)
        return key in self.data

    def raw(self, key: str, default: Any = _MISSING) -> Any:
        if self.has(key):
            return self.data[key]
        if default is _MISSING:
            near = difflib.get_close_matches(key, self.data, 1)
            raise self.error(key, f"ontbreekt; er staat wel ‘{near[0]}’" if near else "ontbreekt")
        return default

    def close(self) -> None:
        for key in self.data:
            if key not in self.known:
                near = difflib.get_close_matches(key, self.known, 1)
                hint = f"; bedoelt u ‘{near[0]}’?" if near else ""
                raise self.error(key, f"onbekende sleutel{hint}")

    def text(self, key: str, default: str | None = None) -> str:
        value = self.raw(key, _MISSING if default is None else default)
        if not isinstance(value, str):
            raise self.error(key, "moet tekst zijn")
        return value.strip()

    def code(self) -> str:
        code = self.text("code")
        if not _CODE.fullmatch(code):
            raise self.error("code", f"‘{code}’ mag alleen kleine letters, cijfers en losse _ bevatten")
        return code

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.raw(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, "moet een lijst van teksten zijn")
        return tuple(value)

    def texts_by_code(self, key: str) -> dict[str, str]:
        value = self.raw(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.error(key, 'moet een tabel van code = "tekst" zijn')
        return dict(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.raw(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "moet true of false zijn")
        return value

    def integer(self, key: str, default: int) -> int:
        value = self.raw(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(key, "moet een geheel getal zijn")
        return value

    def number(self, key: str, default: Decimal | None) -> Decimal | None:
        value = self.raw(key, default)
        if value is None:
            return None
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            raise self.error(key, "moet een getal zijn")
        number = Decimal(str(value))
        if not number.is_finite():
            raise self.error(key, "moet een eindig getal zijn")
        return number

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        value = self.text(key, default)
        if value not in allowed and value != default:
            raise self.error(key, f"‘{value}’ kan niet; kies uit {', '.join(allowed)}")
        return value

    def member(self, key: str, enum: type[Member], default: Member | None = None) -> Member:
        value = self.text(key, None if default is None else default.value)
        try:
            return enum(value)
        except ValueError:
            allowed = ", ".join(one.value for one in enum)
            raise self.error(key, f"‘{value}’ kan niet; kies uit {allowed}") from None

    def child(self, data: Any, key: str) -> Entry:
        if not isinstance(data, dict):
            raise self.error(key, "moet een tabel zijn")
        return Entry(data, self.path, self.name)

    def tables(self, key: str) -> list[Entry]:
        value = self.raw(key, [])
        if not isinstance(value, list):
            raise self.error(key, f"moet een lijst van tabellen zijn: [[{key}]]")
        return [self.child(one, key) for one in value]

    def optional_table(self, key: str) -> Entry | None:
        return self.child(self.raw(key), key) if self.has(key) else None
