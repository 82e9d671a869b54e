"""Names that sound Dutch and belong to nobody: places, streets, institutions and people."""

from __future__ import annotations

from surveys.demo.chance import uniform
from surveys.demo.people import DEMO_COMBINED_PLACE, DEMO_LIBRARY_PLACE

_FIRST = (
    "Sperwer", "Kwartel", "Lijster", "Merel", "Karekiet", "Wulper", "Tapuit", "Grutter", "Scholver", "Kievit",
    "Elzer", "Esper", "Wilger", "Berker", "Iepen", "Meidoorn", "Vlier", "Gagel", "Brem", "Duindoorn",
    "Marter", "Egel", "Wezel", "Hamster", "Libel", "Hommel", "Krekel", "Vuurvlinder", "Schorre", "Slikke",
    "Zilte", "Koren", "Gerste", "Boekweit", "Kamille", "Klaver", "Distel", "Rietgors", "Zeggen", "Dotter",
)  # fmt: skip
_LAST = (
    "meer", "gaarde", "zijl", "warf", "kamp", "broek", "waard", "dam", "sluis", "kerke",
    "stede", "drift", "horn", "akker", "poel", "wetering", "schans", "gouw", "wolde", "hagen",
)  # fmt: skip
_QUARTERS = (
    "Centrum", "Noord", "Zuid", "Oost", "West", "Molenwijk", "Havenkwartier", "Stationsbuurt", "Parkwijk",
    "Oude Dorp", "Nieuwland", "Waterwijk", "Singel", "Hofkwartier", "Buitenhof", "Weidewijk", "Kade", "Bosrand",
    "Tuindorp", "Sluisbuurt", "Componistenwijk", "Vogelwijk", "Bloemenbuurt", "Zeeheldenbuurt", "Eiland", "Landgoed",
)  # fmt: skip
_STREETS = (
    "Dorpsstraat", "Marktplein", "Kerkstraat", "Schoolstraat", "Raadhuisplein", "Molenweg", "Stationsweg",
    "Kastanjelaan", "Havenkade", "Brink", "Veerstraat", "Lindenplein", "Torenstraat", "Parklaan", "Singel",
)  # fmt: skip
_REGIONS = (
    "De Lage Waard", "Tussen de Dijken", "Het Hoge Zand", "De Vijf Stromen", "Rond het Ven", "De Groene Zoom",
    "De Kromme Vaart", "Op de Grens", "De Wijde Blik", "Langs de Leede", "Het Stille Land", "De Zeven Torens",
    "Over de Brug", "De Oude Kust", "Het Nieuwe Land", "De Boswachterij", "Rivierenrand", "De Drie Meren",
    "Het Middelveld", "De Zandwegen", "Het Rietland", "De Heuvelrij", "Aan de Vliet", "De Buitenpolders",
)  # fmt: skip
_HOUSES = (
    "De Spil", "Het Atrium", "De Ontmoeting", "De Wissel", "Het Kwartier", "De Toren", "Het Forumhuis", "De Waag",
    "Het Kruispunt", "De Verbeelding", "Het Podiumhuis", "De Vonk", "De Kring", "Het Lichthuis", "De Brug", "De Stelling",
)  # fmt: skip
_GIVEN = (
    "Anouk", "Bram", "Carlijn", "Daan", "Eline", "Floris", "Gijs", "Hanna", "Ilse", "Jelle", "Karlijn", "Lotte",
    "Maarten", "Nienke", "Olaf", "Petra", "Quinten", "Roos", "Sjoerd", "Tessa", "Ubbo", "Vera", "Wouter", "Yara",
    "Fatima", "Samir", "Aylin", "Marouan", "Soraya", "Emre",
)  # fmt: skip
_FAMILY = (
    "Zandhaver", "Wolkema", "Dijkgaard", "Elzenaar", "Hagenbroek", "Lindhorst", "Meerhof", "Notenboom", "Ostervaart",
    "Rietbergen", "Sluisman", "Torenbeek", "Uilenspoel", "Veldkers", "Waterlander", "Zilverling", "Appelhof",
    "Boterbloem", "Distelaar", "Ganzeveer", "Ibrahimi", "Karaman", "Benhaddou", "Yildirim", "Heidekamp", "Kruidenier",
)  # fmt: skip
FUNCTION_WORDS = {
    "podium": "theater",
    "film": "filmhuis",
    "museum": "museum",
    "kunst_muziek": "muziekschool",
    "volksuniversiteit": "volksuniversiteit",
    "erfgoed": "archief",
}


def places() -> list[str]:
    """Eight hundred places that are on no map, in a shuffled order; the two of the demo people stand first."""
    made = sorted(
        (first + last for first in _FIRST for last in _LAST),
        key=lambda name: uniform("place", name),
    )
    return [DEMO_LIBRARY_PLACE, DEMO_COMBINED_PLACE, *made]


def quarter(index: int) -> str:
    return _QUARTERS[index % len(_QUARTERS)]


def address(place: str, *name: object) -> str:
    """The letters SA are never given out in a Dutch postcode, so nobody lives here."""
    street = _STREETS[int(uniform("street", *name) * len(_STREETS))]
    number = 1 + int(uniform("number", *name) * 180)
    postcode = 1000 + int(uniform("postcode", place) * 8999)
    return f"{street} {number}, {postcode} SA {place}"


def organisation_name(index: int, place: str, municipalities: int, functions: tuple[str, ...]) -> str:
    """`functions` are those with which the library is one organisation; none for an ordinary library."""
    words = [FUNCTION_WORDS[one] for one in functions if one in FUNCTION_WORDS]
    if words:
        house = _HOUSES[index % len(_HOUSES)]
        listed = ", ".join(["bibliotheek", *words[:-1]]) + f" en {words[-1]}"
        return f"{house} {place}: {listed}"
    if municipalities >= 5:
        return f"Bibliotheek {_REGIONS[index % len(_REGIONS)]} ({place})"
    return f"Bibliotheek {place}"


def person(*name: object) -> tuple[str, str]:
    """A full name, and its part of an e-mail address."""
    given = _GIVEN[int(uniform("given", *name) * len(_GIVEN))]
    family = _FAMILY[int(uniform("family", *name) * len(_FAMILY))]
    return f"{given} {family}", f"{given}.{family}".lower()
