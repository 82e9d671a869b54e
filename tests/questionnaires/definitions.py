"""A small sound edition as text, to be written to a folder as it is or with one thing spoilt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

NON_LIBRARY = """
key_items = ["bezoeken"]

[[only_if]]
question = "gecombineerd"
is = "ja"

[gate]
label = "Zitten hierin {what} van een andere functie?"
help = "Denk aan {what} van het theater."
choices = {ja = "Ja", nee = "Nee", weet_niet = "Dat weet ik niet"}

[way]
label = "Hoe geeft u dat deel op?"
choices = {aantal = "Als aantal", percentage = "Als percentage"}

[amount]
label = "Hoeveel {what}?"

[percentage]
label = "Welk percentage van de {what}?"

[non_library]
label = "Niet van de bibliotheek: {what}"

[part]
label = "Waarvan {part}"
help = "De {what} voor {part}."

[rest]
label = "Nog te verdelen: {what}"

[basis]
label = "Waarop berust dit?"
choices = {geteld = "Geteld", geschat = "Geschat"}

[reason]
label = "Hoe bepaald?"

[library]
label = "Van de bibliotheek: {what}"

[library_share]
label = "Aandeel van de bibliotheek in de {what}"

[parts]
podium = "theater en podium"
overig = "overig"
"""

PROFIEL = """
code = "profiel"
title = "Profiel"
intro = "Eén keer per jaar."
audience = "De directeur."

[[section]]
code = "organisatie"
title = "Uw organisatie"

[[section.question]]
code = "naam"
label = "Naam"
kind = "text"
register = "organisation.name"

[[section.question]]
code = "gecombineerd"
label = "Bent u een gecombineerde instelling?"
kind = "yes_no"
"""

BEZIT = """
code = "bezit"
title = "Bezit"

[[section]]
code = "locaties"
title = "Locaties"
intro = "Per vestiging."
repeat = "location"
layout = "table"

[[section.question]]
code = "open"
label = "Was de vestiging open?"
kind = "yes_no"

[[section.question]]
code = "bezoeken_locatie"
label = "Bezoeken aan deze vestiging"
help = "Van 1 januari tot en met 31 december."
kind = "integer"
unit = "bezoeken"
only_if = {question = "open", is = "ja"}
may_be = ["unknown"]

[[section.question]]
code = "uren"
label = "Uren open"
kind = "decimal"
unit = "uren"
max = 168

[[section.question]]
code = "uren_bemand"
label = "Uren bemand"
kind = "decimal"
unit = "uren"
decimals = 1
required = false

[[section]]
code = "gebruik"
title = "Gebruik"
scope = "instelling"

[[section.question]]
code = "bezoeken"
label = "Bezoeken"
kind = "integer"
unit = "bezoeken"
source = ["I.a3"]
variables = ["B100"]
sum_rows = ["bezoeken_locatie"]

[section.question.non_library]
what = "bezoeken"
guidance = "Wie voor de film komt, telt niet mee."
parts = ["podium", "verhuur"]
own_parts = {verhuur = "verhuur van zalen"}
variables = {gate = ["B110"], podium = ["B111"]}

[[section.question]]
code = "vestigingen_open"
label = "Vestigingen die open waren"
kind = "integer"
unit = "vestigingen"
count_rows_yes = ["open"]

[[section.question]]
code = "per_vestiging"
label = "Bezoeken per vestiging"
kind = "decimal"
ratio = ["bezoeken", "vestigingen_open"]

[[section]]
code = "collectie"
title = "Collectie"
only_if = {question = "heeft_collectie", is = "ja"}

[[section.table]]
code = "materialen"
title = "Materialen op 31 december"
rows = "Materiaal"

[[section.question]]
code = "boeken_jeugd"
kind = "integer"
unit = "boeken"
table = "materialen"
row = "Boeken"
column = "Jeugd"

[[section.question]]
code = "boeken"
kind = "integer"
unit = "boeken"
table = "materialen"
row = "Boeken"
column = "Totaal"

[section.question.non_library]
what = "boeken"
guidance = "Alleen boeken om uit te lenen."
parts = ["overig"]

[[section.question]]
code = "muziek"
kind = "integer"
unit = "stuks"
table = "materialen"
row = "Muziek"
column = "Totaal"

[[section.question]]
code = "materialen_anders"
label = "Wat verder?"
kind = "text"
long = true

[[section]]
code = "vooraf"
title = "Vooraf"

[[section.question]]
code = "heeft_collectie"
label = "Hebt u een collectie?"
kind = "yes_no"

[[rule]]
code = "bemand_binnen_open"
left = ["uren_bemand"]
is = "<="
right = ["uren"]
level = "warning"
hint = "Kijk de openingstijden na."
tolerance = 0.5
"""

KERNFUNCTIES = """
code = "kernfuncties"
title = "Kernfuncties"

[[section]]
code = "partners"
title = "Partners"

[[section.question]]
code = "partner_school"
label = "School"
kind = "yes_no"

[[section.question]]
code = "partner_museum"
label = "Museum"
kind = "yes_no"

[[section.question]]
code = "partners"
label = "Soorten partners"
kind = "integer"
unit = "soorten"
count_yes = ["partner_school", "partner_museum"]

[[section.question]]
code = "partners_lijst"
label = "Aantal volgens de partnerlijst"
kind = "integer"
unit = "soorten"
given_by = "de partnerlijst"
"""

PERSONEEL = """
code = "personeel"
title = "Personeel"

[[section]]
code = "mensen"
title = "Mensen"

[[section.question]]
code = "personen"
label = "Personen in dienst"
kind = "integer"
unit = "personen"
"""

FINANCIEEL = """
code = "financieel"
title = "Financieel"

[[section]]
code = "baten"
title = "Baten"

[[section.question]]
code = "subsidie"
label = "Subsidie"
kind = "euro"

[[section.question]]
code = "subsidie_duizend"
label = "Subsidie in duizenden"
kind = "decimal"
unit = "duizend euro"
divide = ["subsidie", 1000]
"""

GOOD: Mapping[str, str] = {
    "niet_bibliotheek": NON_LIBRARY,
    "profiel": PROFIEL,
    "bezit": BEZIT,
    "kernfuncties": KERNFUNCTIES,
    "personeel": PERSONEEL,
    "financieel": FINANCIEEL,
}


def write_edition(root: Path, year: int = 2001, files: Mapping[str, str] = GOOD) -> Path:
    """`files` as an edition of `year` under `root`; gives `root` back."""
    folder = root / str(year)
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return root


def spoilt(file: str, old: str, new: str) -> dict[str, str]:
    """The good files, with the only occurrence of `old` in `file` replaced by `new`."""
    assert GOOD[file].count(old) == 1, f"{old!r} stands {GOOD[file].count(old)} times in {file}"
    return {**GOOD, file: GOOD[file].replace(old, new)}
